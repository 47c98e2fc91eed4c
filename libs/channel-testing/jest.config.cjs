module.exports = {
  ...require('../../jest.preset.js'),
  displayName: 'channel-testing',
  rootDir: __dirname,
  // The specs of listeners wait most of their time, while those of the other rules work.
  maxWorkers: 2,
};
