import { Cases } from './cases';

const transcriber = 'libs/services/audio-transcriber/src';
export const serviceCases = new Cases();
const cases = serviceCases;

// services: what they may not know
for (const framework of ['@nestjs/common', 'express']) {
  cases.refuses(
    `a service knows no framework: ${framework}`,
    `${transcriber}/x.ts`,
    framework,
    /plain TypeScript/,
  );
}
for (const driver of ['pg', 'kysely', 'better-sqlite3']) {
  cases.refuses(
    `a service knows no database: ${driver}`,
    `${transcriber}/client/x.ts`,
    driver,
    /State belongs to the hub/,
  );
}
cases.refuses(
  'a service knows no channel',
  `${transcriber}/x.ts`,
  '@omni-hub/channel-telegram',
  /let the hub join them/,
);
cases.refuses(
  'a service knows no channel (by tag)',
  `${transcriber}/x.spec.ts`,
  '@omni-hub/channel-telegram',
  /can only depend on libs tagged/,
);
cases.refuses(
  'a service ships without the simulator',
  `${transcriber}/x.ts`,
  '@omni-hub/simulator',
  /can only depend on libs tagged/,
);
cases.refuses(
  'a channel knows no service',
  'libs/channels/telegram/src/handler/x.ts',
  '@omni-hub/audio-transcriber',
  /can only depend on libs tagged/,
);
cases.accepts('a service imports channel-sdk', `${transcriber}/x.ts`, '@omni-hub/channel-sdk');
cases.accepts('a service imports contracts', `${transcriber}/x.ts`, '@omni-hub/contracts');
cases.accepts("a service's spec uses the simulator", `${transcriber}/x.spec.ts`, '@omni-hub/simulator');
cases.accepts('the hub imports a service', 'apps/hub/src/media/x.ts', '@omni-hub/audio-transcriber');

// services: the network
for (const source of ['axios', 'undici', 'node:https']) {
  cases.refuses(
    `a service does not use ${source} outside client/`,
    `${transcriber}/x.ts`,
    source,
    /Add a method to the client/,
  );
}
cases.accepts("a service's client/ uses the network", `${transcriber}/client/x.ts`, 'axios');
cases.refusesCode(
  'a service does not fetch',
  `${transcriber}/x.ts`,
  "export const get = () => fetch('https://example.com');\n",
  /Use the HTTP client/,
);
