module.exports = {
  ...require('../../../jest.preset.js'),
  displayName: 'channel-whatsapp',
  rootDir: __dirname,
};
