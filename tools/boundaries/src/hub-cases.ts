import { Cases } from './cases';

const hub = 'apps/hub/src';
export const hubCases = new Cases();
const cases = hubCases;

// the hub: stages
const stages = ['channels', 'inbox', 'media', 'router', 'agents', 'outbox', 'replay'];
for (const stage of stages) {
  for (const sibling of stages.filter((name) => name !== stage)) {
    cases.refuses(
      `${stage}/ does not import ${sibling}/`,
      `${hub}/${stage}/x.ts`,
      `../${sibling}/y`,
      /hand over by a stored row/,
    );
  }
  cases.refuses(
    `a folder in ${stage}/ does not import the API`,
    `${hub}/${stage}/deep/x.ts`,
    '../../api/y',
    /hand over by a stored row/,
  );
  for (const shared of ['flow', 'storage', 'instances', 'config']) {
    cases.accepts(`${stage}/ imports ${shared}/`, `${hub}/${stage}/x.ts`, `../${shared}/y`);
  }
  cases.accepts(`the root module knows ${stage}/`, `${hub}/app.module.ts`, `./${stage}/y`);
}
cases.accepts('a stage has a file of its own with a stage’s name', `${hub}/inbox/x.ts`, './router');
for (const below of ['flow', 'config', 'storage', 'instances', 'health', 'api']) {
  cases.refuses(
    `${below}/ does not import a stage`,
    `${hub}/${below}/x.ts`,
    '../outbox/y',
    /only the root of the hub joins the stages/,
  );
}

// the hub: doors
for (const driver of ['kysely', 'pg', 'better-sqlite3']) {
  cases.refuses(
    `a stage does not import ${driver}`,
    `${hub}/inbox/x.ts`,
    driver,
    /Add a method to the store/,
  );
  cases.refuses(`the API does not import ${driver}`, `${hub}/api/x.ts`, driver, /Add a method to the store/);
  cases.accepts(`storage/ imports ${driver}`, `${hub}/storage/x.ts`, driver);
}
cases.refuses(
  'an agent adapter does not bring its own HTTP',
  `${hub}/agents/x.ts`,
  'axios',
  /createHttpClient/,
);
cases.refuses('storage/ does not call out', `${hub}/storage/x.ts`, 'undici', /createHttpClient/);
cases.refuses(
  'the hub names no channel',
  `${hub}/inbox/x.ts`,
  '@omni-hub/channel-telegram',
  /outside channels\/registry\.ts/,
);
cases.accepts('the registry names the channels', `${hub}/channels/registry.ts`, '@omni-hub/channel-telegram');
cases.accepts('the hub imports channel-sdk', `${hub}/outbox/x.ts`, '@omni-hub/channel-sdk');
cases.refuses(
  'the hub ships without the simulator',
  `${hub}/api/x.ts`,
  '@omni-hub/simulator',
  /can only depend on libs tagged/,
);

// tools and the black-box suite
cases.refuses(
  'the simulator knows no channel',
  'tools/simulator/src/x.ts',
  '@omni-hub/channel-telegram',
  /can only depend on libs tagged/,
);
cases.refuses(
  'the black-box suite stays outside',
  'apps/hub-e2e/src/x.spec.ts',
  '@omni-hub/channel-sdk',
  /can only depend on libs tagged/,
);
cases.refuses(
  'no project reaches into another',
  'apps/hub-e2e/src/x.spec.ts',
  '../../hub/src/main',
  /cannot be imported by a relative/,
);
cases.accepts('the black-box suite uses the simulator', 'apps/hub-e2e/src/x.spec.ts', '@omni-hub/simulator');
