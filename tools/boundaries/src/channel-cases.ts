import { Cases } from './cases';

const telegram = 'libs/channels/telegram/src';
export const channelCases = new Cases();
const cases = channelCases;

// channels: what they may not know
cases.refuses(
  'a channel imports no other channel',
  `${telegram}/handler/x.ts`,
  '@omni-hub/channel-discord',
  /Move what both need to channel-sdk/,
);
cases.refuses('a channel knows no Nest', `${telegram}/handler/x.ts`, '@nestjs/common', /plain TypeScript/);
cases.refuses('a channel knows no Express', `${telegram}/models/x.ts`, 'express', /plain TypeScript/);
for (const driver of ['pg', 'kysely', 'better-sqlite3']) {
  cases.refuses(
    `a channel knows no database: ${driver}`,
    `${telegram}/client/x.ts`,
    driver,
    /State belongs to the hub/,
  );
}
cases.refuses(
  'a channel ships without the kit',
  `${telegram}/handler/x.ts`,
  '@omni-hub/channel-testing',
  /for specs only/,
);
cases.refuses(
  'a channel ships without the kit (by tag)',
  `${telegram}/handler/x.ts`,
  '@omni-hub/channel-testing',
  /can only depend on libs tagged/,
);
cases.refuses(
  'a channel does not know the simulator',
  `${telegram}/x.spec.ts`,
  '@omni-hub/simulator',
  /can only depend on libs tagged/,
);
cases.accepts(
  "a channel's spec uses the kit",
  `${telegram}/telegram.conformance.spec.ts`,
  '@omni-hub/channel-testing',
);
cases.accepts('a channel imports channel-sdk', `${telegram}/handler/x.ts`, '@omni-hub/channel-sdk');

// channels: layers
for (const [layer, above] of [
  ['models', '../client/telegram.client'],
  ['models', '../handler/inbound'],
  ['models', '../telegram.channel'],
  ['client', '../handler/inbound'],
  ['client', '../telegram.channel'],
  ['client', '../index'],
  ['handler', '../telegram.channel'],
  ['handler', '..'],
  ['handler', '../index'],
]) {
  cases.refuses(
    `${layer}/ does not import ${above}`,
    `${telegram}/${layer}/x.ts`,
    above,
    new RegExp(`layers run one way.*down to ${layer}/`),
  );
}
cases.accepts('client/ imports models/', `${telegram}/client/x.ts`, '../models/api.models');
cases.accepts('handler/ imports client/', `${telegram}/handler/x.ts`, '../client/telegram.client');
cases.accepts('handler/ imports its neighbour', `${telegram}/handler/x.ts`, './inbound');
cases.accepts(
  'the channel imports handler/',
  `${telegram}/telegram.channel.ts`,
  './handler/telegram.handler',
);

// channels: the network
for (const source of ['axios', 'undici', 'ws', 'node:http', 'https', 'node:net', 'node:http2']) {
  cases.refuses(
    `handler/ does not use ${source}`,
    `${telegram}/handler/x.ts`,
    source,
    /Add a method to the client/,
  );
}
cases.refuses(
  'models/ does not use the network',
  `${telegram}/models/x.ts`,
  'axios',
  /Add a method to the client/,
);
cases.refuses(
  'the channel object does not use the network',
  `${telegram}/telegram.channel.ts`,
  'axios',
  /Add a method to the client/,
);
cases.accepts('client/ uses the network', `${telegram}/client/x.ts`, 'axios');
cases.accepts('the listener uses the network', `${telegram}/handler/listener.ts`, 'ws');
cases.refusesCode(
  'handler/ does not use the network by a default or namespace import',
  `${telegram}/handler/x.ts`,
  "import axios, * as all from 'axios';\nexport const used = [axios, all];\n",
  /Add a method to the client/,
);
cases.refusesCode(
  'handler/ does not lean on a type of the network',
  `${telegram}/handler/x.ts`,
  "import type { AxiosInstance } from 'axios';\nexport type Http = AxiosInstance;\n",
  /Add a method to the client/,
);
cases.refusesCode(
  'handler/ does not import the network late',
  `${telegram}/handler/x.ts`,
  "export const late = () => import('node:https');\n",
  /Add a method to the client/,
);
cases.refusesCode(
  'handler/ does not fetch',
  `${telegram}/handler/x.ts`,
  "export const get = () => fetch('https://example.com');\n",
  /Use the HTTP client/,
);
cases.acceptsCode(
  'a spec asks its own loopback server',
  `${telegram}/handler/x.spec.ts`,
  "export const get = () => fetch('http://127.0.0.1:1');\n",
);

// channels: providers, folders with the same layers inside a channel
const cloud = 'libs/channels/whatsapp/src/cloud';
const shared = 'libs/channels/whatsapp/src';
for (const [layer, above] of [
  ['models', '../client/cloud.client'],
  ['models', '../handler/inbound'],
  ['client', '../handler/inbound'],
  ['client', '../../handler/ids'],
  ['handler', '../../whatsapp.channel'],
  ['handler', '../..'],
  ['handler', '../../index'],
]) {
  cases.refuses(
    `${layer}/ of a provider does not import ${above}`,
    `${cloud}/${layer}/x.ts`,
    above,
    new RegExp(`layers run one way.*down to ${layer}/`),
  );
}
cases.accepts("a provider's client/ imports its models/", `${cloud}/client/x.ts`, '../models/api.models');
cases.accepts("a provider's handler/ imports its client/", `${cloud}/handler/x.ts`, '../client/cloud.client');
cases.accepts('a provider imports what all share', `${cloud}/handler/x.ts`, '../../handler/ids');
cases.accepts(
  "a provider's client/ imports shared models",
  `${cloud}/client/x.ts`,
  '../../models/config.models',
);
for (const [layer, imported] of [
  ['handler', '../../evolution/handler/jids'],
  ['handler', '../../evolution/client/evolution.client'],
  ['client', '../../evolution/client/failures'],
  ['models', '../../evolution/models/inbound.models'],
  ['handler/inbound', '../../../evolution/models/inbound.models'],
]) {
  cases.refuses(
    `${layer}/ of a provider does not import ${imported}`,
    `${cloud}/${layer}/x.ts`,
    imported,
    /a provider never imports another.*handler\/ or models\//,
  );
}
cases.refusesCode(
  'a provider does not import another late',
  `${cloud}/handler/x.ts`,
  "export const late = () => import('../../evolution/handler/inbound');\n",
  /a provider never imports another/,
);
cases.refuses(
  'what providers share imports none of them',
  `${shared}/handler/x.ts`,
  '../cloud/handler/media-ref',
  /what they share imports none/,
);
cases.accepts(
  'the channel joins its providers',
  `${shared}/whatsapp.channel.ts`,
  './cloud/handler/cloud.handler',
);
cases.refuses(
  "a provider's handler/ does not use the network",
  `${cloud}/handler/x.ts`,
  'axios',
  /Add a method to the client/,
);
cases.refuses(
  "a provider's models/ do not use the network",
  `${cloud}/models/x.ts`,
  'undici',
  /Add a method to the client/,
);
cases.refuses(
  'a file beside the layers of a provider does not use the network',
  `${cloud}/x.ts`,
  'node:https',
  /Add a method to the client/,
);
cases.refusesCode(
  "a provider's handler/ does not fetch",
  `${cloud}/handler/x.ts`,
  "export const get = () => fetch('https://example.com');\n",
  /Use the HTTP client/,
);
cases.refuses('a provider knows no Nest', `${cloud}/handler/x.ts`, '@nestjs/common', /plain TypeScript/);
cases.refuses(
  'a provider imports no other channel',
  `${cloud}/client/x.ts`,
  '@omni-hub/channel-telegram',
  /Move what both need to channel-sdk/,
);
cases.accepts("a provider's client/ uses the network", `${cloud}/client/x.ts`, 'axios');
cases.accepts("a provider's listener uses the network", `${cloud}/handler/listener.ts`, 'ws');
