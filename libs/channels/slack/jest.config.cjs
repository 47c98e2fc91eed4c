module.exports = { ...require('../../../jest.preset.js'), displayName: 'channel-slack', rootDir: __dirname };
