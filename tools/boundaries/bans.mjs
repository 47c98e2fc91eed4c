/**
 * What may not be imported, and what to do instead. Each ban is a pattern over the import's source; zones.mjs says where
 * it holds.
 */

const folders = (names) => `^\\.\\.?/(?:.*/)?(?:${names.join('|')})(?:/|$)`;
const parents = (names) => `^(?:\\.\\./)+(?:${names.join('|')})(?:/|$)`;
const packages = (names) => `^(?:${names.join('|')})(?:/|$)`;

const networkPackages = packages([
  'axios',
  'undici',
  'ws',
  'got',
  'node-fetch',
  '(?:node:)?(?:https?|http2|net|tls|dgram)',
]);

export const everything = {
  regex: '^[^.]',
  message: 'contracts are words only and import nothing. What needs a package belongs into channel-sdk.',
};

export const framework = {
  regex: packages(['@nestjs', 'express']),
  message:
    'libraries are plain TypeScript. The hub wraps the channel object into its Nest modules, once, for all.',
};

export const database = {
  regex: packages(['kysely', 'pg', 'pg-[a-z-]+', 'better-sqlite3']),
  message: 'only apps/hub/src/storage knows SQL. Add a method to the store and call that.',
};

export const databaseInLibraries = {
  ...database,
  message:
    'libraries keep nothing. State belongs to the hub: return events, or take what you need as an argument.',
};

export const networkInChannels = {
  regex: networkPackages,
  message:
    'a channel touches the network in client/ and handler/listener.ts only. Add a method to the client and call that.',
};

export const networkInSdk = {
  regex: networkPackages,
  message: 'channel-sdk touches the network in http/ only. Use createHttpClient.',
};

export const networkInHub = {
  regex: packages(['axios', 'undici', 'ws', 'got', 'node-fetch']),
  allowTypeImports: true,
  message: 'the hub calls other services through createHttpClient of @omni-hub/channel-sdk. Use that.',
};

export const networkInServices = {
  regex: networkPackages,
  message: 'a service touches the network in client/ only. Add a method to the client and call that.',
};

export const hubInServices = {
  regex: '^@omni-hub/(?!contracts$|channel-sdk$)',
  message:
    'a service knows neither channels nor other services. Take what it needs as an argument, and let the hub join them.',
};

export const otherChannels = {
  regex: '^@omni-hub/channel-(?!sdk$|testing$)',
  message: 'a channel never imports another. Move what both need to channel-sdk.',
};

export const channelsInHub = {
  regex: '^@omni-hub/channel-(?!sdk$)',
  message:
    'the hub names no channel outside channels/registry.ts. Work with the Channel contract of channel-sdk.',
};

export const channelsInSdk = {
  regex: '^@omni-hub/(?!contracts$)',
  message: 'channel-sdk imports contracts only. What one channel needs alone belongs into that channel.',
};

export const channelsInTesting = {
  regex: '^@omni-hub/(?!contracts$|channel-sdk$)',
  message: 'the conformance kit knows no channel. Take the channel as an argument.',
};

export const testing = {
  regex: '^@omni-hub/channel-testing$',
  message: 'the conformance kit is for specs only. Move this import to a *.spec.ts file.',
};

const layers = ['models', 'client', 'handler', 'channel'];

/** Layers run one way: models <- client <- handler <- channel. */
export const layersAbove = (layer) => ({
  regex: `${folders(layers.slice(layers.indexOf(layer) + 1))}|^\\.\\.?/(?:.*/)?[a-z0-9-]+\\.channel$|^(?:\\.\\./?)+(?:index)?$`,
  message: `layers run one way: models <- client <- handler <- channel. Move what ${layer}/ needs down to ${layer}/ or below.`,
});

/** A provider is a folder beside the layers with layers of its own: one of several ways to the same platform. */
export const providers = {
  regex: `^(?:\\.\\./)+(?!(?:${layers.join('|')})/)[a-z0-9-]+/(?:${layers.join('|')})(?:/|$)`,
  message:
    "a provider never imports another, and what they share imports none. Move what both need to the library's own handler/ or models/.",
};

/** The stages of the pipeline, in the order of a message. */
export const stages = ['channels', 'inbox', 'media', 'router', 'agents', 'outbox', 'replay'];

export const siblingStages = (stage) => ({
  regex: parents([...stages.filter((name) => name !== stage), 'api']),
  message:
    'stages hand over by a stored row, never by a call. Put shared words into flow/, write the row through the store, and let app.module.ts join the stages.',
});

export const anyStage = {
  regex: parents([...stages, 'api']),
  message: 'only the root of the hub joins the stages. Move what both need to flow/.',
};
