import * as ban from './bans.mjs';

/** Where each ban holds. The last zone that a file is in decides, so that a zone may narrow the one before it. */
const zones = [
  { files: 'libs/contracts/**/*.ts', bans: [ban.everything], typesOnly: true },
  { files: 'libs/contracts/**/*.spec.ts', bans: [] },

  {
    files: 'libs/channel-sdk/src/**/*.ts',
    bans: [ban.framework, ban.databaseInLibraries, ban.channelsInSdk, ban.networkInSdk],
    offline: true,
  },
  {
    files: ['libs/channel-sdk/src/http/**/*.ts', 'libs/channel-sdk/src/**/*.spec.ts'],
    bans: [ban.framework, ban.databaseInLibraries, ban.channelsInSdk],
  },

  {
    files: 'libs/channel-testing/src/**/*.ts',
    bans: [ban.framework, ban.databaseInLibraries, ban.channelsInTesting],
  },

  {
    files: 'libs/channels/*/src/**/*.ts',
    bans: [...inChannel(), ban.networkInChannels],
    offline: true,
  },
  ...['models', 'client', 'handler'].map((layer) => ({
    files: `libs/channels/*/src/**/${layer}/**/*.ts`,
    bans: [...inLayer(layer), ...(layer === 'client' ? [] : [ban.networkInChannels])],
    offline: layer !== 'client',
  })),
  {
    files: 'libs/channels/*/src/**/handler/listener.ts',
    bans: inLayer('handler'),
  },
  {
    files: 'libs/channels/*/src/**/*.spec.ts',
    bans: [ban.framework, ban.databaseInLibraries, ban.otherChannels],
  },

  {
    files: 'libs/services/*/src/**/*.ts',
    bans: [...inService(), ban.networkInServices],
    offline: true,
  },
  { files: 'libs/services/*/src/client/**/*.ts', bans: inService() },
  { files: 'libs/services/*/src/**/*.spec.ts', bans: [ban.framework, ban.databaseInLibraries] },

  { files: 'apps/hub/src/*.ts', bans: inHub(), offline: true },
  { files: 'apps/hub/src/*/**/*.ts', bans: [...inHub(), ban.anyStage], offline: true },
  ...ban.stages.map((stage) => ({
    files: `apps/hub/src/${stage}/**/*.ts`,
    bans: [...inHub(), ban.siblingStages(stage)],
    offline: true,
  })),
  {
    files: 'apps/hub/src/storage/**/*.ts',
    bans: [ban.networkInHub, ban.channelsInHub, ban.anyStage],
    offline: true,
  },
  {
    files: 'apps/hub/src/channels/registry.ts',
    bans: [ban.database, ban.networkInHub, ban.siblingStages('channels')],
    offline: true,
  },
];

function inChannel() {
  return [ban.framework, ban.databaseInLibraries, ban.otherChannels, ban.testing];
}

function inLayer(layer) {
  return [...inChannel(), ban.layersAbove(layer), ban.providers];
}

function inService() {
  return [ban.framework, ban.databaseInLibraries, ban.hubInServices];
}

function inHub() {
  return [ban.database, ban.networkInHub, ban.channelsInHub];
}

const values = {
  selector: [
    'Program > :matches(FunctionDeclaration, ClassDeclaration, TSEnumDeclaration)',
    'Program > VariableDeclaration[declare!=true]',
    'ExportNamedDeclaration > :matches(FunctionDeclaration, ClassDeclaration, TSEnumDeclaration)',
    'ExportNamedDeclaration > VariableDeclaration[declare!=true]',
    'ExportDefaultDeclaration',
  ].join(', '),
  message: 'contracts export types only. Code belongs into channel-sdk.',
};

/** A dynamic import is an import. */
const dynamic = ({ regex, message }) => ({
  selector: `ImportExpression > Literal[value=/${regex.replaceAll('/', '\\u002F')}/]`,
  message,
});

const offlineGlobals = ['fetch', 'WebSocket', 'EventSource'].map((name) => ({
  name,
  message: 'this place does not touch the network. Use the HTTP client of channel-sdk where it may be used.',
}));

/** ESLint's flat configuration for all zones; `root` is the workspace's folder. */
export function boundaries(root) {
  return zones.flatMap(({ files, bans, typesOnly = false, offline = false }) => [
    {
      basePath: root,
      files: [files].flat(),
      rules: {
        '@typescript-eslint/no-restricted-imports': ['error', { patterns: bans }],
        'no-restricted-syntax': ['error', ...bans.map(dynamic), ...(typesOnly ? [values] : [])],
      },
    },
    {
      basePath: root,
      files: [files].flat(),
      ignores: ['**/*.spec.ts'],
      rules: { 'no-restricted-globals': offline ? ['error', ...offlineGlobals] : 'off' },
    },
  ]);
}
