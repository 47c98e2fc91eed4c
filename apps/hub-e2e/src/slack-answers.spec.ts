import type { SlackChannel } from '@omni-hub/simulator';
import { RailWorld } from './harness/rail-world';
import { eventIdOf, SlackRail } from './harness/slack-rail';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';

describe('where an answer stands on Slack', () => {
  let world: RailWorld<SlackRail>;
  let channel: SlackChannel;
  let ada: ReturnType<SlackRail['person']>;

  beforeAll(async () => {
    world = await RailWorld.create(await SlackRail.start());
    world.rail.platform.deliversTo(world.rail.app, world.webhookUrl);
  });
  afterAll(() => world.dispose());
  beforeEach(() => {
    ada = world.rail.person('Ada');
    channel = world.rail.platform.channel('help', [ada.itself]);
  });

  const { platform, app } = { platform: () => world.rail.platform, app: () => world.rail.app };
  const said = ({ entries }: SlackChannel) =>
    entries.filter((entry) => entry.app === app() && !entry.deleted);
  const callsIn = (where: SlackChannel, method: string) =>
    platform()
      .calls(method)
      .filter(({ channel: id }) => id === where.id);
  const streams = (deltas: string[], everyMs: number) =>
    world.agent.answersNext({ kind: 'stream', deltas, everyMs });
  const answered = async (eventId: string) => {
    const trace = await world.traceOf(eventId);
    expect(trace.outcome).toBe('answered');
    return trace;
  };

  describe('while it is written', () => {
    it('is the thread of the mention, where it grows and ends, once', async () => {
      streams(['Once ', 'upon ', 'a ', 'time.'], 800);
      const question = ada.itself.mentions('tell me a story', { channel });
      await world.rail.reply(channel, 'Once upon a time.');
      await answered(eventIdOf(channel, question));
      expect(said(channel)).toMatchObject([{ text: 'Once upon a time.', threadTs: question.ts }]);
      const [begun, ...more] = callsIn(channel, 'chat.postMessage');
      expect(begun.params).toMatchObject({ text: expect.stringMatching(/^Once/), thread_ts: question.ts });
      expect(more).toEqual([]);
      expect(callsIn(channel, 'chat.update').length).toBeGreaterThan(0);
      expect(callsIn(channel, 'chat.delete')).toEqual([]);
    });

    it('is a message of its own where Slack takes no more edits, without waiting for them', async () => {
      const fault = { kind: 'rate-limit', retryAfter: 60 } as const;
      platform().faults.add({ method: 'chat.update', chat: channel.id, fault });
      streams(['Once ', 'upon a time.'], 300);
      const question = ada.itself.mentions('tell me a story', { channel });
      await world.rail.reply(channel, 'Once upon a time.');
      await until('the beginning is gone', () => said(channel).length === 1);
      expect(said(channel)).toMatchObject([{ text: 'Once upon a time.', threadTs: question.ts }]);
      const trace = await answered(eventIdOf(channel, question));
      expect(reasonsOf(trace, 'outbox')).toEqual(['committed', 'sent']);
    });
  });

  it('is one thread for all of a long answer, and for all that it consists of', async () => {
    const long = Array.from({ length: 900 }, (_none, index) => `word${index}`).join(' ');
    const messages = [
      { type: 'text', text: long },
      { type: 'text', text: 'and that is all' },
    ];
    world.agent.answersNext({ kind: 'messages', messages } as never);
    const question = ada.itself.mentions('tell me everything', { channel });
    await world.rail.reply(channel, 'and that is all');
    expect(said(channel).length).toBeGreaterThan(2);
    expect(new Set(said(channel).map(({ threadTs }) => threadTs))).toEqual(new Set([question.ts]));
  });

  it('is the thread of direct messages that somebody began, where nobody has to be mentioned', async () => {
    const begin = ada.itself.says('order 17');
    await ada.reply('order 17');
    ada.itself.says('when does it come?', { thread: begin });
    const answer = await world.rail.reply(ada.itself.direct, 'when does it come?');
    expect(answer).toMatchObject({ threadTs: begin.ts });
    expect(world.lastAsked(`${ada.chatId}:thread:${begin.ts}`)).toMatchObject({ chat: { kind: 'direct' } });
  });

  it('is below the message of which a shortcut was chosen, although the app is not there', async () => {
    const elsewhere = platform().channel('elsewhere', [ada.itself], { apps: [] });
    const order = ada.itself.says('order 17', { channel: elsewhere });
    const inThread = ada.itself.says('is it late?', { channel: elsewhere, thread: order });
    for (const entry of [order, inThread]) {
      world.agent.answersNext({ kind: 'fixed', text: `about ${entry.text}` });
      ada.itself.chooses('explain', entry);
      const answer = await world.rail.reply(elsewhere, `about ${entry.text}`);
      expect(answer).toMatchObject({ threadTs: order.ts });
    }
    expect(callsIn(elsewhere, 'chat.postMessage')).toEqual([]);
  });

  it('is nowhere for a mention that was edited: it was answered before', async () => {
    const question = ada.itself.mentions('helo', { channel });
    await world.rail.reply(channel, 'helo');
    ada.itself.edits(question, `<@${app().userId}> hello`);
    await until('the mention came again', async () => {
      const { redeliveries } = await world.operator.storedAs('support', eventIdOf(channel, question));
      return redeliveries === 2;
    });
    const trace = await world.traceOfEvent(`slack:${channel.id}`, 'edit');
    expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'kind_edit']);
    expect(said(channel)).toHaveLength(1);
  });
});
