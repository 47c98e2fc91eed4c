const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { paths } = require('./tsconfig.base.json').compilerOptions;

/** Packages that ship as ES modules only: Jest's module system needs them converted. */
const esmPackages = [
  'mdast-util-[^/]+',
  'micromark[^/]*',
  'unist-util-[^/]+',
  'ccount',
  'character-entities[^/]*',
  'decode-named-character-reference',
  'escape-string-regexp',
  'longest-streak',
  'markdown-table',
  'zwitch',
  'devlop',
].join('|');

const moduleNameMapper = Object.fromEntries(
  Object.entries(paths).map(([name, [file]]) => [`^${name}$`, join(__dirname, file)]),
);

/** One transform (SWC) and one result file for each project: `dist/test-results/<project>.json`. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper,
  transform: {
    '^.+\\.[cm]?[tj]s$': [
      '@swc/jest',
      { ...require('./tools/scripts/swc-options.cjs'), module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages})/)`],
  reporters: ['default', [join(__dirname, 'tools/scripts/jest-results.cjs'), {}]],
  setupFiles: existsSync(join(__dirname, 'node_modules/reflect-metadata')) ? ['reflect-metadata'] : [],
  // Loopback servers that a test forgot keep Jest alive: that is a failure to see, not to hide.
  forceExit: false,
};
