import type { CloudFault } from '@omni-hub/simulator';
import { RailWorld } from './harness/rail-world';
import { CloudRail, instanceName } from './harness/rails';
import { reasonsOf } from './harness/trace';
import { until } from './harness/until';

type Person = ReturnType<CloudRail['person']>;

/** How long the platform may take to acknowledge, here. */
const acknowledgeTimeoutMs = 1_500;

describe('what the Cloud API tells of a send', () => {
  let world: RailWorld<CloudRail>;
  let ada: Person;

  /** A send that takes long to be cleared up: it is begun first. */
  const slow = {} as { person: Person; question: string };

  beforeAll(async () => {
    world = await RailWorld.create(await CloudRail.start(), { config: { acknowledgeTimeoutMs } });
    const person = world.rail.person('Grace');
    const fault = { kind: 'reset-before' } as const;
    platform().faults.add({ method: 'send', chat: person.itself.phone, fault, times: 1 });
    Object.assign(slow, { person, question: person.says('once only') });
    await until('it has met its fault', () => platform().faults.list()[0].used === 1);
  });
  afterAll(() => world.dispose());
  beforeEach(async () => {
    ada = world.rail.person('Ada');
    ada.says('hello');
    await ada.reply('hello');
  });
  afterEach(() => {
    platform().faults.clear();
    platform().statuses.clear();
  });

  const platform = () => world.rail.platform;
  const say = (text: string) => world.send(ada.chatId, { type: 'text', text });
  const shown = () => ada.shown().slice(1);

  /** The only part of a message, or what was sent in its place: how it stands, and what the platform has told of it. */
  async function standing(id: string) {
    const { status, errorCode, statuses } = (await world.operator.message(id)).deliveries.at(-1)!;
    return { status, errorCode, told: statuses.map((one) => one.status) };
  }
  const stands = (id: string, status: string) =>
    until(`the message is ${status}`, async () => (await standing(id)).status === status);
  const letterOf = async (id: string) => {
    const [{ id: delivery }] = (await world.operator.message(id)).deliveries;
    return world.operator.deadLetter(({ refId }) => refId === delivery);
  };
  const hasLetter = async (id: string) => {
    const [{ id: delivery }] = (await world.operator.message(id)).deliveries;
    return (await world.operator.deadLetters()).some(({ refId }) => refId === delivery);
  };

  describe('is shown on the message', () => {
    it('step by step: sent, delivered, read', async () => {
      platform().statuses.set({ delayMs: 150 });
      const id = await say('news');
      await stands(id, 'accepted');
      await stands(id, 'delivered');
      ada.itself.readsAll();
      await stands(id, 'read');
      expect(await standing(id)).toEqual({
        status: 'read',
        errorCode: null,
        told: ['sent', 'delivered', 'read'],
      });
      expect(reasonsOf(await world.operator.trace(id), 'outbox')).toEqual([
        'committed',
        'sent',
        'sent',
        'delivered',
        'read',
      ]);
    });

    it('whatever the order, and however often', async () => {
      platform().statuses.set({ auto: ['read', 'sent', 'delivered'], duplicates: 2 });
      const id = await say('news');
      await stands(id, 'read');
      await platform().drained();
      expect(await standing(id)).toEqual({ status: 'read', errorCode: null, told: ['read'] });
    });

    it('when it comes before the answer to the send itself', async () => {
      platform().faults.add({ method: 'send', chat: ada.itself.phone, fault: { kind: 'slow', ms: 500 } });
      const id = await say('news');
      await until('it is told as delivered', () => ada.itself.chat.entries.at(-1)?.status === 'delivered');
      await platform().drained();
      expect(await standing(id)).toMatchObject({ status: 'sending' });
      await stands(id, 'delivered');
      expect((await standing(id)).told.at(-1)).toBe('delivered');
      expect(shown()).toEqual(['news']);
    });

    it('of a template, too', async () => {
      const parameters = [{ type: 'text', text: 'we moved' }];
      const components = [{ type: 'body', parameters }];
      const id = await world.send(ada.chatId, {
        type: 'template',
        name: 'news',
        language: 'en_US',
        components,
      });
      await stands(id, 'delivered');
    });
  });

  describe('is that it failed', () => {
    it('at somebody who has no WhatsApp: a dead letter that says so, and can be replayed', async () => {
      platform().fails(ada.itself, { code: 131026 });
      const id = await say('are you there?');
      const letter = await letterOf(id);
      expect(letter).toMatchObject({ kind: 'delivery', code: 'RECIPIENT_GONE', instance: instanceName });
      expect(letter.detail).toContain('131026');
      expect(await standing(id)).toEqual({ status: 'failed', errorCode: 'RECIPIENT_GONE', told: ['failed'] });
      expect(await world.operator.ended({ id })).toMatchObject({
        outcome: 'failed',
        because: expect.stringContaining('131026'),
      });
      await world.operator.post(`/api/v1/dead-letters/${letter.id}/replay`);
      await stands(id, 'delivered');
      expect(
        platform()
          .calls('send')
          .filter(({ chat }) => chat === ada.itself.phone),
      ).toHaveLength(3);
      expect((await world.operator.trace(id)).outcome).toBe('sent');
    });

    it('because the window is closed by the platform’s reckoning', async () => {
      platform().faults.add({ chat: ada.itself.phone, fault: { kind: 'window-closed' }, times: 1 });
      const id = await say('too late?');
      expect(await letterOf(id)).toMatchObject({ code: 'WINDOW_CLOSED' });
      expect(await standing(id)).toMatchObject({ status: 'failed', told: ['failed'] });
    });

    it('for a reason of a later version: the platform’s words are kept', async () => {
      platform().fails(ada.itself, { code: 139999, title: 'Mercury is retrograde' });
      const letter = await letterOf(await say('news'));
      expect(letter).toMatchObject({ code: 'REJECTED' });
      expect(letter.detail).toContain('Mercury is retrograde');
    });

    it('of an answer: the trace of what was asked says so, and the next one goes on', async () => {
      platform().fails(ada.itself, { code: 131026 });
      const question = ada.says('and now?');
      await until('it has failed', async () => (await world.traceOf(question)).outcome === 'failed');
      ada.says('and after?');
      await ada.reply('and after?');
    });
  });

  describe('is nothing', () => {
    it('a dead letter after acknowledgeTimeoutMs, which a late status takes back', async () => {
      platform().statuses.set({ auto: [] });
      const sentAt = Date.now();
      const id = await say('news');
      await stands(id, 'accepted');
      expect(await hasLetter(id)).toBe(false);
      const letter = await letterOf(id);
      expect(Date.now() - sentAt).toBeGreaterThanOrEqual(acknowledgeTimeoutMs);
      expect(letter).toMatchObject({ code: 'UNACKNOWLEDGED', kind: 'delivery' });
      expect(await standing(id)).toEqual({ status: 'accepted', errorCode: 'UNACKNOWLEDGED', told: [] });
      expect(await world.operator.trace(id)).toMatchObject({ outcome: 'unacknowledged' });

      ada.itself.readsAll();
      await stands(id, 'read');
      expect(await hasLetter(id)).toBe(false);
      expect(await standing(id)).toEqual({ status: 'read', errorCode: null, told: ['read'] });
      expect((await world.operator.trace(id)).outcome).toBe('sent');
    });

    it('and the letter is replayed: what was lost is sent again', async () => {
      platform().statuses.set({ auto: [] });
      const id = await say('lost');
      const letter = await letterOf(id);
      platform().statuses.clear();
      await world.operator.post(`/api/v1/dead-letters/${letter.id}/replay`);
      await stands(id, 'delivered');
      expect(shown()).toEqual(['lost', 'lost']);
    });
  });

  describe('clears up a send that had no answer', () => {
    const fail = (fault: CloudFault) =>
      platform().faults.add({ method: 'send', chat: ada.itself.phone, fault, times: 1 });

    it.each<[string, CloudFault]>([
      ['the connection was reset', { kind: 'reset-after' }],
      ['a web page came for an answer', { kind: 'garbage', accept: true }],
      ['it was a 500 that says nothing', { kind: 'error', status: 500, code: 1, accept: true }],
    ])('after %s: it is not sent again', async (_name, fault) => {
      platform().statuses.set({ delayMs: 400 });
      fail(fault);
      const question = ada.says('once only');
      await until('it was answered', async () => (await world.traceOf(question)).outcome === 'answered');
      await until('it is delivered', async () =>
        reasonsOf(await world.traceOf(question), 'outbox').includes('delivered'),
      );
      ada.says('and on');
      await ada.reply('and on');
      expect(shown()).toEqual(['once only', 'and on']);
      expect(reasonsOf(await world.traceOf(question), 'outbox').slice(0, 2)).toEqual([
        'committed',
        'AMBIGUOUS',
      ]);
    });

    it('also where it comes before the hub has given up on the answer', async () => {
      fail({ kind: 'reset-after' });
      const question = ada.says('once only');
      await until('it was answered', async () => (await world.traceOf(question)).outcome === 'answered');
      ada.says('and on');
      await ada.reply('and on');
      expect(shown()).toEqual(['once only', 'and on']);
    });

    it('or does not, since it was not taken: it is sent again after a while', async () => {
      const { person, question } = slow;
      expect((await world.traceOf(question)).outcome).toBe('answered');
      person.says('and on');
      await person.reply('and on');
      expect(person.shown()).toEqual(['once only', 'and on']);
    });

    it('and "onUnknown" is "hold": the dead letter is taken back', async () => {
      const path = `/api/v1/instances/${instanceName}`;
      await world.operator.patch(path, { onUnknown: 'hold' });
      platform().statuses.set({ delayMs: 800 });
      fail({ kind: 'reset-after' });
      const id = await say('hold it');
      expect(await letterOf(id)).toMatchObject({ code: 'AMBIGUOUS' });
      expect(await standing(id)).toMatchObject({ status: 'held' });
      await stands(id, 'delivered');
      expect(await hasLetter(id)).toBe(false);
      expect(shown()).toEqual(['hold it']);
      await world.operator.patch(path, { onUnknown: 'resend' });
    });
  });
});
