import type { AgentRequest } from '@omni-hub/contracts';
import { railFixtures, type RailFixture } from './harness/rail-fixtures';
import { RailWorld } from './harness/rail-world';
import { CloudRail } from './harness/rails';
import { stoppedBy } from './harness/trace';

const fixtures = railFixtures('cloud');
const recorded = fixtures.filter(({ source }) => source.startsWith('Recorded'));

/** What becomes of each event of each recorded webhook: its kind, the outcome of its trace, and what stopped it. */
const ends: Record<string, string[]> = {
  'recorded-callback-button-button': ['action answered'],
  'recorded-message-contacts': ['message answered'],
  'recorded-message-current-location': ['message answered'],
  'recorded-message-document': ['message answered'],
  'recorded-message-image': ['message answered'],
  'recorded-message-reaction': ['reaction silent, kind_reaction'],
  'recorded-message-reply': ['message answered'],
  'recorded-message-static-sticker': ['message answered'],
  'recorded-message-text': ['message answered'],
  'recorded-message-unreaction-empty': ['reaction silent, kind_reaction'],
  'recorded-message-unsupported': ['message answered'],
  'recorded-message-video': ['message answered'],
  'recorded-message-voice': ['message answered'],
  'recorded-status-delivered': ['delivery stored', 'contact stored'],
  'recorded-status-failed': ['delivery stored', 'contact stored'],
  'recorded-status-sent': ['delivery stored', 'contact stored'],
  'recorded-system-phone-number-change': ['chat silent, kind_chat', 'contact stored'],
};

/** The owners scrubbed all message ids to the same: each webhook is for an instance of its own. */
const instanceFor = ({ name }: RailFixture) => `of-${name}`;

describe('webhooks as the Cloud API sent them', () => {
  let world: RailWorld<CloudRail>;

  beforeAll(async () => {
    const number = { phoneNumberId: '1122334455667', phone: '972123456789', wabaId: '5467539754836534' };
    const rail = await CloudRail.start({ autoChats: true }, number);
    world = await RailWorld.create(rail, { agent: { script: { kind: 'fixed', text: 'thank you' } } });
  });
  afterAll(() => world.dispose());

  /** The recordings are years old, and so the window for replies is closed: the answer leaves as the template. */
  async function deliver(fixture: RailFixture): Promise<string> {
    const name = instanceFor(fixture);
    const config = { windowTemplate: { name: 'news', language: 'en_US' }, ...fixture.config };
    await world.operator.post('/api/v1/instances', world.instanceOf({ instance: { name }, config }));
    const { status } = await world.webhook(world.rail.sign(fixture.body), name);
    expect(status).toBe(200);
    return name;
  }

  async function endOf(instance: string, eventId: string) {
    const stored = await world.operator.storedAs(instance, eventId);
    const trace = await world.operator.ended(stored);
    return { type: stored.type, outcome: trace.outcome, stop: stoppedBy(trace), because: trace.because };
  }

  it('there is an expectation for each of the 17 recordings', () => {
    expect(recorded).toHaveLength(17);
    expect(recorded.map(({ name }) => name)).toEqual(Object.keys(ends));
  });

  it.each(recorded)('$name ends as it should', async (fixture) => {
    const sends = () => world.rail.platform.calls('send');
    const before = sends().length;
    const instance = await deliver(fixture);
    const told = [];
    for (const { eventId } of fixture.events) {
      const { type, outcome, stop } = await endOf(instance, eventId);
      told.push(`${type} ${outcome}${stop === null ? '' : `, ${stop}`}`);
    }
    expect(told).toEqual(ends[fixture.name]);

    const isAnswered = ends[fixture.name].some((end) => end.endsWith('answered'));
    expect(sends()).toHaveLength(before + (isAnswered ? 1 : 0));
    if (!isAnswered) return;
    expect(sends().at(-1)).toMatchObject({ chat: '972987654321', status: 200, error: null });
    const [chat] = world.rail.platform.chats.filter(({ contact }) => contact.phone === '972987654321');
    expect(chat.entries.at(-1)).toMatchObject({ by: 'business', type: 'template', text: 'News: thank you' });
  });

  it('media that WhatsApp keeps no more reach the agent as failed, with the reason', async () => {
    const media = world.agent
      .requests()
      .flatMap(({ turn }) => (turn as unknown as AgentRequest).messages[0].attachments)
      .filter(({ kind }) => ['image', 'video', 'voice', 'document', 'sticker'].includes(kind));
    expect(media).toHaveLength(5);
    for (const attachment of media) {
      const reason = expect.stringContaining('keeps what people send for 7 days');
      expect(attachment).toMatchObject({ status: 'failed', url: null, reason });
    }
  });

  it.each(fixtures.filter((fixture) => !recorded.includes(fixture)))(
    '$name, made after the documentation, ends too: answered, kept, or with a stated reason',
    async (fixture) => {
      const instance = await deliver(fixture);
      for (const { eventId } of fixture.ignored) {
        const { type, outcome, stop, because } = await endOf(instance, eventId);
        expect([type, outcome]).toEqual(['ignored', 'ignored']);
        expect(stop).toMatch(/^ignored_/);
        expect(because.length).toBeGreaterThan(10);
      }
      for (const { eventId, type } of fixture.events) {
        const end = await endOf(instance, eventId);
        expect(end.type).toBe(type);
        expect(end.because.length).toBeGreaterThan(10);
        if (['delivery', 'contact', 'account'].includes(type)) expect(end.outcome).toBe('stored');
        else if (end.outcome === 'answered') expect(end.stop).toBeNull();
        // The simulator knows no groups.
        else if (fixture.name.startsWith('group-') && type === 'message') expect(end.stop).toBe('REJECTED');
        else expect(end).toMatchObject({ outcome: 'silent', stop: expect.stringMatching(/^(kind|own)_/) });
      }
    },
  );
});
