module.exports = { ...require('../../jest.preset.js'), displayName: 'channel-testing', rootDir: __dirname };
