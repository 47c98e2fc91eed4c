module.exports = {
  ...require('../../jest.preset.js'),
  displayName: 'omni-plugin, generated',
  rootDir: __dirname,
  testMatch: ['<rootDir>/src/**/*.generated.spec.ts'],
  reporters: ['default'],
  maxWorkers: 1,
};
