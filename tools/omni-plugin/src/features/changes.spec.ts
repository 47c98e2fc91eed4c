import { memoryWorkspace } from '../doctor/workspace';
import { apiChanges, declarationsOf, needsHuman, secretsIn } from './changes';
import { footprintOf } from './footprint';

const footprint = footprintOf({ feature: 'line', type: 'channel' });
const config = `
export class LineConfig {
  @Secret()
  @Matches(/^[a-z]{1,10}$/, { message: 'token must be (a) token' })
  token: string;

  @IsOptional()
  room?: string;
}`;
const before: Record<string, string> = {
  'package.json': '{"dependencies": {"axios": "1"}, "devDependencies": {"jest": "30"}}',
  'eslint.config.mjs': 'export default [];',
  'libs/contracts/src/events.ts':
    '/** One. */\nexport interface Said { text: string }\nexport type Gone = 1;\n',
};
const asBefore = (file: string) => before[file] ?? null;
const changesOf = (changes: Record<string, string>) =>
  needsHuman(memoryWorkspace({ ...before, ...changes }), asBefore, footprint);

describe('what a human has to look at', () => {
  it('is nothing where nothing of it has changed', () => {
    expect(changesOf({})).toEqual([]);
  });

  it.each<[string, Record<string, string>, string[]]>([
    [
      'formats that travel',
      {
        'libs/contracts/src/events.ts':
          'export interface Said { text: string | null }\nexport type New = 2;\n',
      },
      [
        'format: new type New (libs/contracts/src/events.ts)',
        'format: changed type Said (libs/contracts/src/events.ts)',
        'format: gone type Gone (libs/contracts/src/events.ts)',
      ],
    ],
    [
      'secrets',
      { 'libs/channels/line/src/models/config.models.ts': config },
      ['secret: token (libs/channels/line/src/models/config.models.ts)'],
    ],
    [
      'ways to prove who asks',
      {
        'libs/channels/line/src/handler/line.handler.ts': 'if (!verifyEd25519(key, body, hex)) throw error;',
      },
      ['auth: ed25519 (libs/channels/line/src/handler/line.handler.ts)'],
    ],
    [
      'dependencies',
      { 'package.json': '{"dependencies": {"axios": "2", "left-pad": "1.0.0"}}' },
      ['dependency: left-pad 1.0.0 (dependencies)'],
    ],
    [
      'boundaries',
      { 'eslint.config.mjs': 'export default [1];' },
      ['boundaries: eslint.config.mjs has changed'],
    ],
  ])('are %s', (_what, changes, expected) => expect(changesOf(changes)).toEqual(expected));

  it('are not comments and blanks', () => {
    const text = '// Other.\nexport interface Said {\n  text: string\n}\n\nexport type Gone = 1;';
    expect(changesOf({ 'libs/contracts/src/events.ts': text })).toEqual([]);
    expect([...declarationsOf(text).keys()]).toEqual(['Said', 'Gone']);
  });
});

it('secret settings are those that say so', () => {
  const settings = `
  @Setting('The port.', '8882')
  port = 8882;

  @Setting('The key.', 'k', true)
  @IsOptional()
  @IsString()
  adminApiKey?: string;
`;
  expect(secretsIn(settings)).toEqual(['adminApiKey']);
});

describe('the API', () => {
  const chats = { get: { parameters: [{ name: 'limit' }], summary: 'Chats' } };

  it('has changed by what is added, is different and is gone', () => {
    const was = {
      paths: { '/chats': chats, '/old': { get: {} } },
      components: { schemas: { Rule: { type: 'object' } } },
    };
    const is = {
      paths: { '/chats': { get: { parameters: [] }, post: {} } },
      components: { schemas: { Rule: { type: 'object', required: ['id'] }, Key: {} } },
    };
    expect(apiChanges(was, is)).toEqual([
      'API: new POST /chats',
      'API: changed GET /chats',
      'API: gone GET /old',
      'API: new schema Key',
      'API: changed schema Rule',
    ]);
  });

  it('has not changed by other words', () => {
    const reworded = { '/chats': { get: { ...chats.get, summary: 'All chats' } } };
    expect(apiChanges({ paths: { '/chats': chats } }, { paths: reworded })).toEqual([]);
  });
});
