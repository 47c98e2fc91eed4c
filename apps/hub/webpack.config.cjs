const { NxAppWebpackPlugin } = require('@nx/webpack/app-plugin');
const { join } = require('node:path');
const { version, license, engines, allowScripts } = require('../../package.json');
const swcOptions = require('../../tools/scripts/swc-options.cjs');

/**
 * V8 keeps the text of a program, and keeps it twice as large where a single character is beyond Latin-1: comments stay out, and the other
 * ones are escaped.
 */
const lean = {
  ...swcOptions,
  jsc: {
    ...swcOptions.jsc,
    output: { charset: 'ascii' },
    minify: { compress: false, mangle: false, format: { comments: false } },
  },
};

module.exports = {
  output: {
    path: join(__dirname, '../../dist/apps/hub'),
    clean: true,
    devtoolModuleFilenameTemplate: '[resource-path]',
  },
  module: {
    rules: [{ test: /\.ts$/, loader: 'swc-loader', options: lean }],
    parser: {
      javascript: {
        // What is required at run time only is not webpack's to follow.
        createRequire: false,
        // What is imported when it is needed lies in main.js too, and runs then.
        dynamicImportMode: 'eager',
      },
    },
  },
  plugins: [
    new NxAppWebpackPlugin({
      target: 'node',
      main: 'apps/hub/src/main.ts',
      additionalEntryPoints: [
        { entryName: 'sqlite.worker', entryPath: 'apps/hub/src/storage/sqlite/sqlite.worker.ts' },
      ],
      tsConfig: 'apps/hub/tsconfig.app.json',
      // No loader of Nx's own: the rule above compiles, as the tests do.
      compiler: 'none',
      // `typecheck` is a target of its own.
      typeCheckOptions: false,
      // Node keeps the whole map in memory: lines are enough for a stack trace, and a twelfth of the size.
      sourceMap: 'nosources-cheap-module-source-map',
      optimization: false,
      outputHashing: 'none',
      // The manifest and lockfile of exactly what the bundle requires at run time.
      generatePackageJson: true,
    }),
    { apply: completeManifest },
  ],
};

/** Adds to the generated package.json what an installer of the built hub needs to know. */
function completeManifest(compiler) {
  const { Compilation, sources } = compiler.webpack;
  compiler.hooks.thisCompilation.tap('manifest', (compilation) => {
    compilation.hooks.processAssets.tap(
      { name: 'manifest', stage: Compilation.PROCESS_ASSETS_STAGE_SUMMARIZE },
      (assets) => {
        const manifest = JSON.parse(assets['package.json'].source().toString());
        const locked = JSON.parse(assets['package-lock.json'].source().toString()).packages;
        const scripts = Object.entries(allowScripts).filter(([name]) => locked[`node_modules/${name}`]);
        const complete = {
          ...manifest,
          name: 'omni-hub',
          version,
          license,
          private: true,
          engines,
          allowScripts: Object.fromEntries(scripts),
        };
        compilation.updateAsset('package.json', new sources.RawSource(JSON.stringify(complete, null, 2)));
      },
    );
  });
}
