module.exports = {
  ...require('../../jest.preset.js'),
  displayName: 'hub-e2e',
  rootDir: __dirname,
  setupFilesAfterEnv: ['<rootDir>/src/harness/documented.setup.ts'],
  testTimeout: 60_000,
  // Most of their time these specs wait for a hub.
  maxWorkers: 2,
};
