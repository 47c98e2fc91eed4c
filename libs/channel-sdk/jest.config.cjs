module.exports = { ...require('../../jest.preset.js'), displayName: 'channel-sdk', rootDir: __dirname };
