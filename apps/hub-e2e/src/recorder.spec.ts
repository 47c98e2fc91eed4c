import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RailWorld } from './harness/rail-world';
import { EvolutionRail } from './harness/rails';
import { until } from './harness/until';
import { botToken, webhookSecret, World } from './harness/world';

const root = resolve(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
const environment = { OMNI_RECORD_FIXTURES: folder };

/** What was written so far, by its path below the folder. */
function recorded(channel: string): Map<string, string> {
  try {
    const files = readdirSync(join(folder, channel), { recursive: true, encoding: 'utf8' });
    return new Map(
      files
        .filter((file) => file.endsWith('.json'))
        .map((file) => [file, readFileSync(join(folder, channel, file), 'utf8')]),
    );
  } catch {
    return new Map();
  }
}

const has = (channel: string, part: RegExp) => [...recorded(channel).keys()].some((file) => part.test(file));

function importInto(libraries: string) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', '@swc-node/register', 'libs/channel-testing/src/import/main.ts', folder, '--into', libraries],
    { cwd: root, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: 'tsconfig.base.json' } },
  );
  return { status, output: stdout + stderr };
}

describe('a recorded conversation', () => {
  const libraries = mkdtempSync(join(tmpdir(), 'libraries-'));
  let output = '';

  beforeAll(async () => {
    const world = await World.create({ hub: { environment } });
    const ada = world.person({
      id: 987654321,
      name: 'Wilhelmina Featherstone',
      username: 'minafeather',
    });
    ada.says('Confidential greetings, call +44 7700 900123 or mina@featherstone.example');
    await world.reply(ada, 'Confidential');
    await until(
      'Telegram is recorded',
      () => has('telegram', /inbound.*message/) && has('telegram', /outbound.*send/),
    );
    output += world.hub.output;
    await world.dispose();

    const rail = await RailWorld.create(await EvolutionRail.start(), { hub: { environment } });
    const bob = rail.rail.person('Bartholomew', { phone: '5511912345678' });
    bob.says('Clandestine remarks');
    await bob.reply('Clandestine');
    await until(
      'Evolution is recorded',
      () => has('whatsapp', /inbound.*message/) && has('whatsapp', /outbound.*send/),
    );
    output += rail.hub.output;
    await rail.dispose();
  });
  afterAll(() => [folder, libraries].forEach((path) => rmSync(path, { recursive: true, force: true })));

  it('is announced loudly', () => expect(output).toContain('OMNI_RECORD_FIXTURES is set'));

  it('holds no secret, and nothing of the people', () => {
    const texts = [...recorded('telegram').values(), ...recorded('whatsapp').values()].join('\n');
    const personal = [
      botToken,
      botToken.split(':')[1],
      webhookSecret,
      'e2e-evolution-api-key',
      'e2e-evolution-webhook-secret',
      'Wilhelmina',
      'Featherstone',
      'minafeather',
      'featherstone',
      'Bartholomew',
      '987654321',
      '12345678',
      '900123',
      '88887777',
      'Confidential',
      'greetings',
      'Clandestine',
      'remarks',
    ];
    for (const word of personal) expect(texts).not.toContain(word);
    expect(texts).not.toContain('x-telegram-bot-api-secret-token');
  });

  it('becomes cases of the channel, with which the kit is content', () => {
    for (const channel of ['telegram', 'whatsapp']) {
      const fixtures = join('libs/channels', channel, 'fixtures');
      cpSync(join(root, fixtures), join(libraries, channel, 'fixtures'), { recursive: true });
    }
    const imported = importInto(libraries);
    expect(imported).toMatchObject({ status: 0, output: expect.not.stringContaining('BROKEN') });
    const [telegram, evolution] = imported.output.split('whatsapp/evolution:');
    for (const report of [telegram, evolution]) {
      expect(report).toContain('wrote inbound/recorded-message.json');
      expect(report).not.toMatch(/cannot be read|is no recording|left out inbound.*IN-/);
      expect(report).toMatch(/wrote outbound\/recorded-send.json|-send.json: shows nothing/);
      expect(report).not.toMatch(/should it be ignored|-send.json: OUT/);
    }
    const again = importInto(libraries);
    expect(again.output).toMatch(/telegram: 0 written/);
    expect(again.output).toMatch(/whatsapp\/evolution: 0 written/);
  });
});
