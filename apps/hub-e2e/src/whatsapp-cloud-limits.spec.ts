import type { CloudFault } from '@omni-hub/simulator';
import { RailWorld } from './harness/rail-world';
import { CloudRail, instanceName } from './harness/rails';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';

type Person = ReturnType<CloudRail['person']>;

const dayMs = 86_400_000;
const news = (text: string) => ({
  type: 'template',
  name: 'news',
  language: 'en_US',
  components: [{ type: 'body', parameters: [{ type: 'text', text }] }],
});

describe('the limits of the Cloud API', () => {
  let world: RailWorld<CloudRail>;
  let ada: Person;

  beforeAll(async () => (world = await RailWorld.create(await CloudRail.start({ outsideWindow: 'refuse' }))));
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.rail.person('Ada')));
  afterEach(() => {
    platform().faults.clear();
    expect(world.agent.violations()).toEqual([]);
  });

  const path = `/api/v1/instances/${instanceName}`;
  const platform = () => world.rail.platform;
  const callsFor = ({ itself }: Person) =>
    platform()
      .calls('send')
      .filter(({ chat }) => chat === itself.phone || chat === itself.userId);
  const post = (to: string, content: object, more: object = {}) =>
    world.hub.api.post(`${path}/messages`, { to, content, ...more });
  const letterOf = async (id: string) => {
    const [{ id: delivery }] = (await world.operator.message(id)).deliveries;
    return world.operator.deadLetter(({ refId }) => refId === delivery);
  };

  /** A scheduled message is a message once it is due. */
  const isDue = (id: string) =>
    until('it is due', async () => (await world.hub.api.get(`/api/v1/messages/${id}`)).status === 200);

  describe('the 24 hours in which people may be answered', () => {
    /** Somebody writes, so long ago. */
    function wrote(person: Person, agoMs: number, text: string): string {
      platform().clock.advance(-agoMs);
      const id = person.says(text);
      platform().clock.advance(agoMs);
      return id;
    }
    const refused = [409, 'WINDOW_CLOSED'];

    it('have not begun with somebody who never wrote: nothing is even tried', async () => {
      const { status, data } = await post(ada.itself.phone, { type: 'text', text: 'buy this' });
      expect([status, data.code]).toEqual(refused);
      expect(data.detail).toContain('they have not written yet');
      expect(callsFor(ada)).toEqual([]);
    });

    it('are over: a reply is a dead letter, and a message is refused, without a call', async () => {
      const trace = await world.traceOf(wrote(ada, dayMs + 60_000, 'yesterday'));
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['dead', 'WINDOW_CLOSED']);
      const { status, data } = await post(ada.chatId, { type: 'text', text: 'sorry, only now' });
      expect([status, data.code]).toEqual(refused);
      expect(data.detail).toMatch(/they last wrote at \d{4}-/);
      expect(callsFor(ada)).toEqual([]);

      ada.says('again');
      await ada.reply('again');
      expect((await post(ada.chatId, { type: 'text', text: 'and more' })).status).toBe(202);
      await ada.reply('and more');
    });

    it('end while the agent thinks: the reply is a dead letter', async () => {
      world.agent.answersNext({ kind: 'delay', minMs: 1_600, maxMs: 1_600 });
      const question = wrote(ada, dayMs - 1_500, 'just in time?');
      const trace = await world.traceOf(question);
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['dead', 'WINDOW_CLOSED']);
      expect(callsFor(ada)).toEqual([]);
    });

    it('end before a scheduled message leaves: it is a dead letter', async () => {
      await world.traceOf(wrote(ada, dayMs - 2_500, 'see you tomorrow'));
      const sendAt = new Date(Date.now() + 2_500).toISOString();
      const id = await world.send(ada.chatId, { type: 'text', text: 'good morning' }, { sendAt });
      await isDue(id);
      expect(await letterOf(id)).toMatchObject({ code: 'WINDOW_CLOSED' });
      expect(ada.shown()).toEqual(['see you tomorrow']);
    });

    it('are not begun anew by a reaction, but by a press', async () => {
      const buttons = [{ id: 'y', label: 'Yes' }];
      world.agent.answersNext({ kind: 'messages', messages: [{ type: 'buttons', text: 'Sure?', buttons }] });
      const endsAt = Date.now() + 2_500;
      const question = wrote(ada, dayMs - 2_500, 'delete it');
      await ada.reply('Sure?');
      ada.itself.reacts(ada.itself.chat.find(question)!, '👍');
      await world.traceOfEvent(ada.chatId, 'reaction');
      await until('the time is over', () => Date.now() > endsAt);
      expect((await post(ada.chatId, { type: 'text', text: 'sure?' })).status).toBe(409);
      ada.itself.presses('Yes');
      await ada.reply('Yes');
      expect((await post(ada.chatId, { type: 'text', text: 'done' })).status).toBe(202);
    });

    it('do not matter to a template', async () => {
      await world.send(`+${ada.itself.phone}`, news('we moved'));
      await ada.reply('News: we moved');
    });

    it('are not what the hub believed: the platform’s refusal is a dead letter', async () => {
      ada.says('hello');
      await ada.reply('hello');
      platform().faults.add({ chat: ada.itself.phone, fault: { kind: 'window-closed' }, times: 1 });
      const id = await world.send(ada.chatId, { type: 'text', text: 'too late' });
      expect(await letterOf(id)).toMatchObject({ code: 'WINDOW_CLOSED' });
      expect((await world.operator.message(id)).deliveries[0]).toMatchObject({ status: 'dead', attempts: 1 });
    });

    describe('with a windowTemplate', () => {
      beforeAll(() =>
        world.operator.patch(path, { config: { windowTemplate: { name: 'news', language: 'en_US' } } }),
      );
      afterAll(() => world.operator.patch(path, { config: { windowTemplate: null } }));

      it('what is said outside of them leaves as the template', async () => {
        expect((await post(ada.itself.phone, { type: 'text', text: 'we **moved**\n\nto York' })).status).toBe(
          202,
        );
        expect(await ada.reply()).toBe('News: we moved to York');
        expect(ada.itself.chat.entries.at(-1)).toMatchObject({
          type: 'template',
          status: expect.any(String),
        });
      });

      it('and so does a late reply', async () => {
        const question = wrote(ada, 3 * dayMs, 'three days ago');
        await ada.reply('News: three days ago');
        expect((await world.traceOf(question)).outcome).toBe('answered');
      });

      it('and within them it leaves as it is', async () => {
        ada.says('today');
        await ada.reply('today');
        expect(ada.shown()).toEqual(['today']);
      });

      it('what fits no template is refused all the same', async () => {
        const image = { type: 'image', url: 'https://example.org/cat.png' };
        for (const content of [image, { type: 'text', text: 'word '.repeat(300) }]) {
          const { status, data } = await post(ada.itself.phone, content);
          expect([status, data.code]).toEqual(refused);
        }
        expect(callsFor(ada)).toEqual([]);
      });
    });
  });

  describe('a number that people complain about', () => {
    const restriction = async () => (await world.status()).restriction;
    const connected = async () => expect((await world.connect()).restriction).toBeNull();

    it('begins no conversations until it is connected again; who writes is answered', async () => {
      const warm = world.rail.person('Warm');
      warm.says('hello');
      await warm.reply('hello');
      const [first, second] = ['Grace', 'Joan'].map((name) => world.rail.person(name));
      platform().fails(first.itself, { code: 131048 });
      await world.send(first.itself.phone, news('to a stranger'));
      await until('it is restricted', async () => (await restriction()) !== null);
      const status = await world.status();
      expect(status).toMatchObject({ state: 'degraded', restriction: { code: 'RESTRICTED' } });
      expect(status.restriction!.reason).toContain('131048');
      expect(status.problem).toContain('restricted, not broken');

      const cold = await world.send(second.itself.phone, news('to another'));
      expect(await letterOf(cold)).toMatchObject({ code: 'RESTRICTED' });
      expect(await world.operator.trace(cold)).toMatchObject({ outcome: 'dead' });
      const sendAt = new Date(Date.now() + 300).toISOString();
      const scheduled = await world.send(warm.chatId, { type: 'text', text: 'good morning' }, { sendAt });
      await isDue(scheduled);
      expect(await letterOf(scheduled)).toMatchObject({ code: 'RESTRICTED' });
      expect(callsFor(second)).toEqual([]);
      expect(warm.shown()).toEqual(['hello']);

      warm.says('are you there?');
      await warm.reply('are you there?');
      await world.send(warm.chatId, { type: 'text', text: 'I am' });
      await warm.reply('I am');
      second.says('I write first');
      await second.reply('I write first');

      await connected();
      for (const id of [cold, scheduled]) {
        await world.operator.post(`/api/v1/dead-letters/${(await letterOf(id)).id}/replay`);
      }
      await second.reply('News: to another');
      await warm.reply('good morning');
    });

    it('may be refused at once', async () => {
      const fault: CloudFault = { kind: 'error', status: 400, code: 131048 };
      platform().faults.add({ method: 'send', chat: ada.itself.phone, fault, times: 1 });
      const id = await world.send(ada.itself.phone, news('to a stranger'));
      expect(await letterOf(id)).toMatchObject({ code: 'RESTRICTED' });
      expect(await restriction()).toMatchObject({ code: 'RESTRICTED' });
      await connected();
    });

    it('may be told of by the account', async () => {
      const restriction_info = [
        { restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: 2_000_000_000 },
      ];
      platform().account('account_update', { event: 'ACCOUNT_RESTRICTION', restriction_info });
      await until('it is restricted', async () => (await restriction()) !== null);
      expect((await restriction())!.reason).toContain('RESTRICTED_BIZ_INITIATED_MESSAGING until 2033-');
      await connected();
    });

    it('is not restricted because one person cannot be reached', async () => {
      platform().fails(ada.itself, { code: 131026 });
      await letterOf(await world.send(ada.itself.phone, news('hello')));
      expect(await restriction()).toBeNull();
    });
  });

  describe('a pace that is too fast', () => {
    const fail = (person: Person | null, code: number, status = 400) => {
      const fault: CloudFault = { kind: 'error', status, code };
      platform().faults.add({
        method: 'send',
        ...(person && { chat: person.itself.phone }),
        fault,
        times: 1,
      });
    };
    const sentAt = (person: Person) => callsFor(person).at(-1)!.at;
    /** When the hub has noted that a reply met the limit, epoch milliseconds. */
    async function refusedAt(question: string): Promise<number> {
      const { id } = await world.operator.storedAs(instanceName, question);
      let at: string | undefined;
      await until('the reply has met the limit', async () => {
        at = (await world.operator.trace(id)).steps.find(({ reason }) => reason === 'RATE_LIMITED')?.at;
        return at !== undefined;
      });
      return Date.parse(at!);
    }

    it('with one person (131056) delays that person only', async () => {
      const grace = world.rail.person('Grace');
      fail(ada, 131056);
      const question = ada.says('hello');
      grace.says('hello');
      await grace.reply('hello');
      expect(ada.shown()).toEqual([]);
      await ada.reply('hello');
      expect(reasonsOf(await world.traceOf(question), 'outbox').slice(0, 3)).toEqual([
        'committed',
        'RATE_LIMITED',
        'sent',
      ]);
      expect(sentAt(ada) - (await refusedAt(question))).toBeGreaterThanOrEqual(1_000);
      expect(sentAt(grace)).toBeLessThan(sentAt(ada));
    });

    it('with one person is not even tried, and nobody else waits for that', async () => {
      ada.says('hello');
      await ada.reply('hello');
      const news = Array.from({ length: 59 }, (_, index) => ({ type: 'text', text: `news ${index}` }));
      await Promise.all(news.map((one) => world.send(ada.chatId, one)));
      await until('as many as may be at once are sent', () => callsFor(ada).length >= 45);
      const grace = world.rail.person('Grace');
      fail(grace, 131056);
      grace.says('and me?');
      await grace.reply('and me?');
      // Those that wait leave one by one, every six seconds.
      expect(callsFor(ada).length).toBeLessThan(60);
      expect(callsFor(ada).filter(({ error }) => error !== null)).toEqual([]);
    });

    it('of the number (130429) holds the number', async () => {
      const grace = world.rail.person('Grace');
      fail(ada, 130429, 429);
      const question = ada.says('hello');
      const refused = await refusedAt(question);
      grace.says('hello');
      await grace.reply('hello');
      await ada.reply('hello');
      for (const person of [ada, grace]) {
        expect(sentAt(person) - refused).toBeGreaterThanOrEqual(1_000);
        expect(sentAt(person) - refused).toBeLessThan(5_000);
      }
    });
  });

  it('a token that is refused (190) pauses the instance; a new one resumes it, and nothing is lost', async () => {
    const { number } = world.rail;
    ada.says('hello');
    await ada.reply('hello');
    const before = number.accessToken;
    Object.assign(number, { accessToken: `${before}-renewed` });
    const questions = ['one', 'two'].map((text) => ada.says(text));
    await until('the instance is paused', async () => (await world.status()).state === 'paused');
    expect((await world.status()).problem).toContain('accessToken');
    await platform().drained();
    for (const question of questions) await world.operator.storedAs(instanceName, question);
    expect((await world.hub.api.post(`${path}/connect`)).status).toBe(502);
    expect(ada.shown()).toEqual(['hello']);

    await world.operator.patch(path, { config: { accessToken: `${before}-renewed` } });
    expect((await world.connect()).state).toBe('ok');
    await until('both are answered', () => ada.shown().join().split(/,|\n/).length === 3);
    expect(ada.shown().join('\n').split('\n')).toEqual(['hello', 'one', 'two']);
  });
});
