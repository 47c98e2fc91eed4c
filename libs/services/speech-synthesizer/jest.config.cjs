module.exports = {
  ...require('../../../jest.preset.js'),
  displayName: 'speech-synthesizer',
  rootDir: __dirname,
};
