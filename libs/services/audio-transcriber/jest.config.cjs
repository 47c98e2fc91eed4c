module.exports = {
  ...require('../../../jest.preset.js'),
  displayName: 'audio-transcriber',
  rootDir: __dirname,
};
