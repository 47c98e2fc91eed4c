import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stoppedBy } from './harness/trace';
import { instanceName, World } from './harness/world';

const folder = join(__dirname, '../../../libs/channels/telegram/fixtures/inbound');

interface Fixture {
  source: string;
  request: Record<string, unknown> & { update_id: number };
}

const read = (file: string): Fixture => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ name: file.replace(/\.json$/, ''), ...read(file) }));
const recorded = fixtures.filter(({ source }) => source.startsWith('Recorded'));

/** What becomes of each recorded update: the outcome of its trace, and what stopped it. */
const ends: Record<string, [outcome: string, stoppedBy: string | null]> = {
  'recorded-empty-message': ['ignored', 'ignored_message'],
  'recorded-forum-topic-message': ['silent', 'group_not_mentioned'],
  'recorded-group-migrated': ['silent', 'kind_chat'],
  'recorded-mention': ['answered', null],
  'recorded-photo': ['answered', null],
  'recorded-reaction-added': ['silent', 'kind_reaction'],
  'recorded-sticker-animated': ['answered', null],
  'recorded-text': ['answered', null],
  'recorded-text-without-preview': ['answered', null],
  'recorded-unknown-kind': ['ignored', 'ignored_new_update_kind'],
};

describe('updates as Telegram sent them', () => {
  let world: World;

  beforeAll(async () => {
    const thanks = { kind: 'fixed', text: 'thank you' } as const;
    world = await World.create({ agent: { script: thanks }, telegram: { autoChats: true } });
  });
  afterAll(() => world.dispose());

  async function storedAs(eventId: string) {
    const path = `/api/v1/messages?instance=${instanceName}&eventId=${encodeURIComponent(eventId)}`;
    const { items } = await world.operator.get<{ items: { id: string }[] }>(path);
    expect(items).toHaveLength(1);
    return items[0];
  }

  it('there is an expectation for each of them', () => {
    expect(recorded.map(({ name }) => name).sort()).toEqual(Object.keys(ends).sort());
  });

  it.each(recorded)('$name ends as it should', async ({ name, request }) => {
    const { status } = await world.webhook(request);
    expect(status).toBe(200);
    const trace = await world.ended(await storedAs(String(request.update_id)));
    expect([trace.outcome, stoppedBy(trace)]).toEqual(ends[name]);

    const message = request.message as { chat: { id: number }; message_id: number } | undefined;
    if (trace.outcome !== 'answered') return;
    const shown = world.telegram.calls('sendMessage').filter(({ chat }) => chat === String(message!.chat.id));
    expect(shown.at(-1)).toMatchObject({ status: 200, params: { text: 'thank you' } });
  });

  it.each(fixtures.filter((fixture) => !recorded.includes(fixture)))(
    '$name, made after the documentation, ends too: as a reply or with a stated reason',
    async ({ request }) => {
      const { status } = await world.webhook(request);
      expect(status).toBe(200);
      const trace = await world.ended(await storedAs(String(request.update_id)));
      if (trace.outcome === 'answered') return expect(stoppedBy(trace)).toBeNull();
      // The simulator knows no topics but those that were opened in it.
      expect(['silent', 'ignored', 'dead']).toContain(trace.outcome);
      expect(stoppedBy(trace)).toMatch(/^((kind|ignored|group|own|sender)_|RECIPIENT_GONE$)/);
      expect(trace.because.length).toBeGreaterThan(10);
    },
  );
});
