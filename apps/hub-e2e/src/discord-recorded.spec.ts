import { discordFixtures, type DiscordFixture } from './harness/discord-fixtures';
import { DiscordRail } from './harness/discord-rail';
import { RailWorld } from './harness/rail-world';
import { instanceName } from './harness/rails';
import { stoppedBy } from './harness/trace';

/** A session begins by the first; another one would begin another session, elsewhere. */
const fixtures = discordFixtures().filter(({ name }) => name !== 'ready');
const recorded = fixtures.filter(({ source }) => source.startsWith('recorded'));

/** What becomes of the event of each recording: its kind, the outcome of its trace, and what stopped it. */
const ends: Record<string, string> = {
  'recorded-button-by-gateway': 'action answered',
  'recorded-button': 'action answered',
  'recorded-mention': 'message answered',
  'recorded-own-welcome': 'message silent, own_message',
  'recorded-reaction-add': 'reaction silent, kind_reaction',
  'recorded-thread-create': 'chat silent, kind_chat',
  'recorded-thread-message': 'message silent, group_not_mentioned',
};

describe('events and interactions as Discord sent them', () => {
  /** Takes what is posted: the recording of the button came both ways, and an interaction is one event however it comes. */
  const postedTo = 'posted';
  let world: RailWorld<DiscordRail>;
  let url: string | null;

  beforeAll(async () => {
    const rail = await DiscordRail.start({ autoChats: true }, { name: 'Chat SDK Demo' });
    world = await RailWorld.create(rail, { agent: { script: { kind: 'fixed', text: 'thank you' } } });
    const posted = { instance: { name: postedTo }, config: { mode: 'interactions' } };
    await world.operator.post('/api/v1/instances', world.instanceOf(posted));
    await world.operator.post(`/api/v1/instances/${postedTo}/connect`);
    url = rail.application.interactionsUrl;
    expect(url).toBe(world.webhookUrlOf(postedTo));
    await world.connected();
  });
  afterAll(() => world.dispose());

  /** Lets it happen; answers the instance and, of an event that has no id of its own, the place in the session. */
  async function deliver({ event, via, reply }: DiscordFixture) {
    const { application, platform } = world.rail;
    application.interactionsUrl = via === 'gateway' ? null : url;
    const interaction = platform.inject(event);
    const [session] = platform.sessions(application);
    const place = `${session.id}:${session.sequence}`;
    await platform.drained();
    if (reply) expect(interaction!.answer).toMatchObject(JSON.parse(reply.body));
    return { instance: via === 'gateway' ? instanceName : postedTo, place };
  }

  async function endOf(instance: string, eventId: string) {
    const stored = await world.operator.storedAs(instance, eventId);
    const trace = await world.operator.ended(stored);
    return { type: stored.type, outcome: trace.outcome, stop: stoppedBy(trace), because: trace.because };
  }

  it('there is an expectation for each recording', () => {
    expect(recorded.map(({ name }) => name).sort()).toEqual(Object.keys(ends).sort());
  });

  it.each(recorded)('$name ends as it should', async (fixture) => {
    const { instance, place } = await deliver(fixture);
    const [{ eventId }] = fixture.events;
    const { type, outcome, stop } = await endOf(instance, eventId === fixture.place ? place : eventId);
    expect(`${type} ${outcome}${stop === null ? '' : `, ${stop}`}`).toBe(ends[fixture.name]);
    if (outcome !== 'answered') return;
    const { channel_id } = (fixture.event.d ?? fixture.event) as { channel_id: string };
    const channel = world.rail.platform.channels.find(({ id }) => id === channel_id)!;
    await world.rail.reply(channel, 'thank you');
  });

  it('the beginning of a session is kept, and says what it is', async () => {
    const { application, platform } = world.rail;
    const [{ id }] = platform.sessions(application);
    const { type, stop, because } = await endOf(instanceName, `${id}:1`);
    expect([type, stop]).toEqual(['ignored', 'ignored_READY']);
    expect(because).toContain('A new session with Discord has begun');
  });

  it.each(fixtures.filter((fixture) => !recorded.includes(fixture)))(
    '$name, made after the documentation, ends too: answered, kept, or with a stated reason',
    async (fixture) => {
      const { instance, place } = await deliver(fixture);
      const idOf = (eventId: string) => (eventId === fixture.place ? place : eventId);
      for (const { eventId } of fixture.ignored) {
        const { type, outcome, stop, because } = await endOf(instance, idOf(eventId));
        expect([type, outcome]).toEqual(['ignored', 'ignored']);
        expect(stop).toMatch(/^ignored_/);
        expect(because.length).toBeGreaterThan(10);
      }
      for (const { eventId, type } of fixture.events) {
        const end = await endOf(instance, idOf(eventId));
        expect(end.type).toBe(type);
        expect(end.because.length).toBeGreaterThan(10);
        if (end.outcome === 'answered') expect(end.stop).toBeNull();
        else
          expect([fixture.name, end]).toEqual([
            fixture.name,
            expect.objectContaining({
              outcome: 'silent',
              stop: expect.stringMatching(/^(kind|own|group|sender)_/),
            }),
          ]);
      }
    },
  );
});
