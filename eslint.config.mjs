import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import typescript from 'typescript-eslint';
import { boundaries } from './tools/boundaries/zones.mjs';

const root = import.meta.dirname;

/** Which kinds of project may be imported by which; a project says what it is by its tag. */
const mayImport = {
  app: ['channel', 'service', 'sdk', 'contract'],
  channel: ['sdk', 'contract'],
  service: ['sdk', 'contract'],
  testing: ['sdk', 'contract'],
  sdk: ['contract'],
  contract: [],
  tool: ['tool', 'contract'],
  e2e: ['tool', 'contract'],
};

const projectBoundaries = (allowed) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      depConstraints: Object.entries(allowed).map(([kind, kinds]) => ({
        sourceTag: `type:${kind}`,
        onlyDependOnLibsWithTags: kinds.map((name) => `type:${name}`),
      })),
    },
  ],
});

export default [
  { ignores: ['**/dist', '**/node_modules', '**/fixtures', '**/data', '**/tmp'] },
  js.configs.recommended,
  { files: ['**/*.mjs'], languageOptions: { globals: nodeGlobals() } },
  {
    files: ['**/*.cjs', '**/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { ...nodeGlobals(), require: 'readonly', module: 'writable', __dirname: 'readonly' },
    },
  },
  ...typescript.configs.recommended.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    // Where decorators need the classes at run time, an import that looks like a type's is not one.
    languageOptions: { parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
    plugins: { '@nx': nx },
    rules: {
      ...projectBoundaries(mayImport),
      '@typescript-eslint/no-unused-expressions': ['error', { allowTernary: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.spec.ts'],
    rules: projectBoundaries({
      ...mayImport,
      app: [...mayImport.app, 'tool'],
      channel: [...mayImport.channel, 'testing'],
      service: [...mayImport.service, 'tool'],
    }),
  },
  {
    basePath: root,
    files: ['tools/**/*.ts', 'apps/hub-e2e/**/*.ts', 'libs/channel-testing/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  ...boundaries(root),
  prettier,
];

function nodeGlobals() {
  const names = [
    'AbortController',
    'Buffer',
    'URL',
    'clearTimeout',
    'console',
    'fetch',
    'process',
    'setTimeout',
  ];
  return Object.fromEntries([...names, 'clearInterval', 'setInterval'].map((name) => [name, 'readonly']));
}
