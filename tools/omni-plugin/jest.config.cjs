module.exports = {
  ...require('../../jest.preset.js'),
  displayName: 'omni-plugin',
  rootDir: __dirname,
  // They build copies of the workspace: `npx nx test-generated omni-plugin`.
  testPathIgnorePatterns: ['/node_modules/', '\\.generated\\.spec\\.ts$'],
};
