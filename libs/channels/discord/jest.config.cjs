module.exports = {
  ...require('../../../jest.preset.js'),
  displayName: 'channel-discord',
  rootDir: __dirname,
};
