import { railFixtures, type RailFixture } from './harness/rail-fixtures';
import { RailWorld } from './harness/rail-world';
import { EvolutionRail, instanceName } from './harness/rails';
import { stoppedBy } from './harness/trace';

const fixtures = railFixtures('evolution').map((fixture, index) => ({ ...fixture, index }));

type End = [outcome: string, stoppedBy: string | null];

/** What becomes of the first event of the most important ones. */
const ends: Record<string, End> = {
  'text.v2.2.3': ['answered', null],
  'text.v2.3.0': ['answered', null],
  'text.v2.3.6': ['answered', null],
  'text.v2.3.7': ['answered', null],
  'text-of-hidden-number-alone.v2.3.7': ['answered', null],
  'text-from-device.v2.2.3': ['answered', null],
  'text-of-later-version': ['answered', null],
  'image.v2.3.6': ['answered', null],
  'image-view-once.v2.3.6': ['answered', null],
  'voice.v2.3.7': ['answered', null],
  'video-note.v2.3.6': ['answered', null],
  'sticker.v2.3.6': ['answered', null],
  'location.v2.2.3': ['answered', null],
  'contacts.v2.3.7': ['answered', null],
  'poll-vote.v2.3.7': ['answered', null],
  'button-pressed.v2.2.3': ['answered', null],
  'reply-to-account.v2.2.3': ['answered', null],
  'group-text.v2.3.6': ['silent', 'group_not_mentioned'],
  'group-mention-of-account.v2.2.3': ['answered', null],
  'group-mention-of-account.v2.3.6': ['answered', null],
  'group-reply-to-account.v2.3.6': ['answered', null],
  'group-reply-to-person.v2.3.0': ['silent', 'group_not_mentioned'],
  'own-from-phone.v2.2.3': ['silent', 'own_message'],
  'own-from-phone.v2.3.6': ['silent', 'own_message'],
  'reaction.v2.2.3': ['silent', 'kind_reaction'],
  'edit-in-upsert.v2.2.3': ['silent', 'kind_edit'],
  'revoke-in-upsert.v2.2.3': ['silent', 'kind_delete'],
  'group-joined.v2.2.3': ['silent', 'kind_membership'],
  'groups-update-title.v2.3.6': ['silent', 'kind_chat'],
  'empty-first.v2.2.3': ['ignored', 'ignored_messages.upsert'],
  'status.v2.2.3': ['ignored', 'ignored_messages.upsert'],
  'presence.v2.2.3': ['ignored', 'ignored_presence.update'],
  'event-of-other-instance': ['ignored', 'ignored_messages.upsert'],
  'update-restricted.v2.3.7': ['stored', null],
  'connection-logged-out.v2.3.6': ['stored', null],
  'qr-code.v2.2.3': ['stored', null],
};

describe('what Evolution servers post', () => {
  let world: RailWorld<EvolutionRail>;

  beforeAll(async () => {
    const account = { name: 'loja', number: '5511999990000', lid: '141000111222333' };
    world = await RailWorld.create(await EvolutionRail.start({ autoChats: true }, account), {
      agent: { script: { kind: 'fixed', text: 'thank you' } },
    });
  });
  afterAll(() => world.dispose());

  /** With people and groups of its own where somebody is answered: a chat takes one message in a second. */
  function bodyOf({ body: recorded, events }: RailFixture, index: number): string {
    const body = recorded.replaceAll('{{apiKey}}', world.rail.platform.apiKey);
    if (!events.some(({ type }) => type === 'message' || type === 'action')) return body;
    const digits = String(index).padStart(4, '0');
    return body
      .replaceAll('5511987654321', `551198765${digits}`)
      .replaceAll('209000111222333', `20900011122${digits}`)
      .replaceAll('120363000000000001@g.us', `12036300000000${digits}@g.us`);
  }

  async function tracesOf({ index, ...fixture }: (typeof fixtures)[number]) {
    const { headers } = world.rail.event('', {});
    const below = fixture.path && `/${fixture.path}`;
    const posted = await world.webhook({ body: bodyOf(fixture, index), headers }, instanceName, below);
    expect(posted.status).toBe(200);
    const traces = [];
    for (const { eventId } of [...fixture.events, ...fixture.ignored])
      traces.push(await world.traceOf(eventId));
    const stopsSending = fixture.events.some(
      ({ connection, restricted }) => restricted || connection === 'unlinked' || connection === 'banned',
    );
    if (stopsSending) await world.connect();
    return traces;
  }

  it('there are fixtures of every one that is expected', () => {
    expect(fixtures.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(ends)));
    expect(fixtures.length).toBeGreaterThan(150);
  });

  it.each(fixtures)('$name ends: as a reply or with a stated reason', async (fixture) => {
    const traces = await tracesOf(fixture);
    expect(traces.length).toBeGreaterThan(0);
    for (const trace of traces) {
      expect(trace.because.length).toBeGreaterThan(10);
      if (trace.outcome === 'answered') expect(stoppedBy(trace)).toBeNull();
      else if (trace.outcome === 'stored') expect(stoppedBy(trace)).toBeNull();
      else {
        expect(['silent', 'ignored']).toContain(trace.outcome);
        expect(stoppedBy(trace)).toMatch(/^(kind|ignored|group|own|sender)_/);
      }
      if (fixture.own) expect(trace.outcome).not.toBe('answered');
    }
    const [first] = traces;
    if (fixture.name in ends) expect([first.outcome, stoppedBy(first)]).toEqual(ends[fixture.name]);
  });

  it('no key, file or code to link by is kept of any of them', async () => {
    const stored = await world.operator.all<{ id: string }>(`/api/v1/messages?instance=${instanceName}`);
    expect(stored.length).toBeGreaterThan(fixtures.length / 2);
    let raw = '';
    for (const { id } of stored) raw += (await world.operator.message(id)).raw ?? '';
    expect(raw).toContain('"apikey":null');
    for (const secret of [...world.rail.secrets, world.rail.path.slice(1), 'iVBORw0KGgo', '"2@'])
      expect(raw).not.toContain(secret);
  });
});
