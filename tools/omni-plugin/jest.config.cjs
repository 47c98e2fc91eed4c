module.exports = { ...require('../../jest.preset.js'), displayName: 'omni-plugin', rootDir: __dirname };
