import { Cases } from './cases';

export const libraryCases = new Cases();
const cases = libraryCases;

// contracts: words only
cases.refuses(
  'contracts import no package',
  'libs/contracts/src/x.ts',
  'class-validator',
  /import nothing.*channel-sdk/,
);
cases.refuses(
  'contracts import no project',
  'libs/contracts/src/x.ts',
  '@omni-hub/channel-sdk',
  /import nothing/,
);
cases.refuses('contracts import no Node module', 'libs/contracts/src/x.ts', 'node:crypto', /import nothing/);
cases.accepts('contracts import each other', 'libs/contracts/src/x.ts', './ids');
for (const [name, code] of [
  ['a constant', 'export const limit = 10;\n'],
  ['a function', 'export function limit() {\n  return 10;\n}\n'],
  ['a class', 'export class Limit {}\n'],
  ['an enum', 'export enum Limit {\n  low,\n}\n'],
  ['a default', 'export default 10;\n'],
  ['a local constant under another name', 'const limit = 10;\nexport { limit };\n'],
]) {
  cases.refusesCode(
    `contracts do not export ${name}`,
    'libs/contracts/src/x.ts',
    code,
    /types only.*channel-sdk/,
  );
}
cases.acceptsCode(
  'contracts export types',
  'libs/contracts/src/x.ts',
  'declare const brand: unique symbol;\nexport interface Limit {\n  [brand]: number;\n}\nexport type Low = Limit;\n',
);

// channel-sdk
cases.refuses(
  'channel-sdk knows no channel',
  'libs/channel-sdk/src/x.ts',
  '@omni-hub/channel-telegram',
  /imports contracts only/,
);
cases.refuses('channel-sdk knows no Nest', 'libs/channel-sdk/src/x.ts', '@nestjs/common', /plain TypeScript/);
cases.refuses(
  'channel-sdk has one door to the network',
  'libs/channel-sdk/src/x.ts',
  'undici',
  /Use createHttpClient/,
);
cases.accepts('channel-sdk http/ uses the network', 'libs/channel-sdk/src/http/x.ts', 'undici');
cases.accepts('channel-sdk imports contracts', 'libs/channel-sdk/src/x.ts', '@omni-hub/contracts');

// channel-testing
cases.refuses(
  'the kit knows no channel',
  'libs/channel-testing/src/x.ts',
  '@omni-hub/channel-telegram',
  /Take the channel as an argument/,
);
cases.accepts('the kit imports channel-sdk', 'libs/channel-testing/src/x.ts', '@omni-hub/channel-sdk');
cases.accepts('the kit opens a loopback server', 'libs/channel-testing/src/x.ts', 'node:http');
