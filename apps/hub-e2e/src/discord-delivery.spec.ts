import type { DiscordFault } from '@omni-hub/simulator';
import { setTimeout as delay } from 'node:timers/promises';
import { DiscordRail } from './harness/discord-rail';
import { RailWorld } from './harness/rail-world';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';

describe('an answer on its way to a Discord that is in trouble', () => {
  let world: RailWorld<DiscordRail>;
  let ada: ReturnType<DiscordRail['person']>;

  beforeAll(async () => {
    world = await RailWorld.create(await DiscordRail.start());
    await world.connected();
  });
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.rail.person('Ada')));
  afterEach(() => platform().faults.clear());

  const platform = () => world.rail.platform;
  const fail = (fault: DiscordFault, times = 1) =>
    platform().faults.add({ method: 'create-message', chat: ada.itself.chat.id, fault, times });
  const calls = () => world.rail.callsIn(ada.itself, 'create-message');
  const ends = async (text: string) => {
    const trace = await world.traceOf(ada.says(text));
    return { outcome: trace.outcome, stop: stoppedBy(trace), outbox: reasonsOf(trace, 'outbox') };
  };

  describe('is one message, however often it has to be sent', () => {
    it.each<[string, DiscordFault, string]>([
      ['a reset after it was taken', { kind: 'reset-after' }, 'AMBIGUOUS'],
      ['a reset before it was taken', { kind: 'reset-before' }, 'AMBIGUOUS'],
      ['a 500, taken', { kind: 'error', status: 500, accept: true }, 'AMBIGUOUS'],
      ['a 500, not taken', { kind: 'error', status: 500 }, 'AMBIGUOUS'],
      ['a web page for an answer, taken', { kind: 'garbage', accept: true }, 'AMBIGUOUS'],
      ['a 502', { kind: 'error', status: 502 }, 'UNREACHABLE'],
      ['a 503', { kind: 'error', status: 503 }, 'UNREACHABLE'],
    ])('after %s', async (_name, fault, code) => {
      fail(fault);
      expect(await ends('once')).toMatchObject({ outcome: 'answered', outbox: ['committed', code, 'sent'] });
      expect(ada.shown()).toEqual(['once']);
      const nonces = calls().map(({ params }) => params.nonce);
      expect(nonces).toHaveLength(2);
      expect(new Set(nonces).size).toBe(1);
      expect(String(nonces[0]).length).toBeLessThanOrEqual(25);
    });

    it('with a file, and after a kill while Discord is slow to answer', async () => {
      platform().faults.add({
        method: 'create-message',
        chat: ada.itself.chat.id,
        fault: { kind: 'slow', ms: 3_000 },
        times: 1,
      });
      const data = Buffer.from('a report').toString('base64');
      const messages = [{ type: 'document', data, filename: 'report.pdf', caption: 'here' }];
      world.agent.answersNext({ kind: 'messages', messages });
      const question = ada.says('report?');
      await ada.reply('here');
      await world.hub.kill();
      await world.hub.start();
      expect((await world.traceOf(question)).outcome).toBe('answered');
      expect(ada.shown()).toEqual(['here']);
      expect(calls()).toHaveLength(2);
    });
  });

  describe('waits as long as Discord says', () => {
    it('in one channel, while others go on', async () => {
      fail({ kind: 'limited', scope: 'user', retryAfter: 1.2 });
      const cem = world.rail.person('Cem');
      const question = ada.says('limited');
      await until('it was refused', () => calls().length === 1);
      cem.says('not limited');
      await cem.reply('not limited');
      expect(calls()).toHaveLength(1);
      const trace = await world.traceOf(question);
      expect(reasonsOf(trace, 'outbox')).toEqual(['committed', 'RATE_LIMITED', 'sent']);
      const [refused, accepted] = calls();
      expect(accepted.at - refused.at).toBeGreaterThanOrEqual(1_200);
      expect(accepted.at - refused.at).toBeLessThan(4_000);
    });

    it.each<[string, DiscordFault]>([
      ['as its global limit', { kind: 'limited', scope: 'global', retryAfter: 1.2 }],
      ['by the network in front of it', { kind: 'banned', retryAfter: 1 }],
    ])('everywhere, where it says so %s', async (_name, fault) => {
      fail(fault);
      const cem = world.rail.person('Cem');
      ada.says('limited');
      await until('it was refused', () => calls().length === 1);
      cem.says('limited too');
      await Promise.all([ada.reply('limited'), cem.reply('limited too')]);
      const [refused] = calls();
      const [other] = world.rail.callsIn(cem.itself, 'create-message');
      expect(other.at - refused.at).toBeGreaterThanOrEqual(1_000);
      expect([ada.shown(), cem.shown()]).toEqual([['limited'], ['limited too']]);
    });

    it('in a bucket that Discord tells of: no request is made that it would refuse', async () => {
      const rail = await DiscordRail.start({ rateLimits: { route: { limit: 3, perMs: 1_500 }, global: 50 } });
      const limited = await RailWorld.create(rail);
      await limited.connected();
      const texts = Array.from({ length: 7 }, (_, index) => `part ${index}`);
      const messages = texts.map((text) => ({ type: 'text', text }));
      limited.agent.answersNext({ kind: 'messages', messages });
      const bea = rail.person('Bea');
      bea.says('all');
      await bea.reply('part 6');
      expect(bea.shown()).toEqual(texts);
      expect(rail.platform.calls().filter(({ status }) => status === 429)).toEqual([]);
      expect(rail.platform.counters().invalidRequests).toBe(0);
      await limited.dispose();
    });
  });

  describe('is a dead letter that says what to do', () => {
    const deadFor = async (code: string, detail: RegExp) => {
      const letter = await world.operator.deadLetter((one) => one.code === code && detail.test(one.detail));
      expect(letter.kind).toBe('delivery');
      return letter;
    };

    it('where the person takes no direct messages; it is sent once they do', async () => {
      ada.itself.closesDms();
      expect(await ends('hello')).toMatchObject({ outcome: 'dead', stop: 'RECIPIENT_GONE' });
      expect(calls()).toHaveLength(1);
      const letter = await deadFor('RECIPIENT_GONE', /takes no direct messages/);
      ada.itself.opensDms();
      await world.operator.post(`/api/v1/dead-letters/${letter.id}/replay`);
      await ada.reply('hello');
    });

    it('where the bot may not write, and where it may not even look', async () => {
      const guild = platform().guild({ members: [ada.itself] });
      const told = { to: `discord:${guild.general.id}`, content: { type: 'text', text: 'news' } };
      for (const [permission, code, detail] of [
        ['SendMessages', 'REJECTED', /give the bot the permission.*Send Messages/],
        ['ViewChannel', 'RECIPIENT_GONE', /may not see the channel/],
      ] as const) {
        guild.general.forbid(permission);
        const id = await world.send(told.to, told.content);
        const trace = await world.operator.ended({ id });
        expect([trace.outcome, stoppedBy(trace)]).toEqual(['dead', code]);
        await deadFor(code, detail);
        const { deliveries } = await world.operator.message(id);
        expect(deliveries).toMatchObject([{ errorCode: code, attempts: 1 }]);
      }
    });
  });

  it('a token that is refused pauses the instance until it is connected again; nothing is lost, nothing is tried', async () => {
    fail({ kind: 'error', status: 401 });
    const question = ada.says('hello');
    await until('it is paused', async () => (await world.status()).state === 'paused');
    const waiting = await world.operator.trace((await world.operator.storedAs('support', question)).id);
    expect(waiting).toMatchObject({ outcome: 'sending', because: expect.stringContaining('paused') });
    await delay(500);
    expect(calls()).toHaveLength(1);
    expect((await world.connect()).state).toBe('ok');
    await ada.reply('hello');
    expect(platform().gateway.identifies(world.rail.application)).toHaveLength(1);
  });
});
