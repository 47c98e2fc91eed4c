module.exports = {
  ...require('../../../jest.preset.js'),
  displayName: 'channel-telegram',
  rootDir: __dirname,
};
