import type { SlackChannel } from '@omni-hub/simulator';
import { RailWorld } from './harness/rail-world';
import { eventIdOf, SlackRail } from './harness/slack-rail';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';

describe('a conversation on Slack', () => {
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

  const chatId = () => `slack:${channel.id}`;
  const agentSays = (text: string) => world.agent.answersNext({ kind: 'fixed', text });
  const agentSends = (...messages: object[]) =>
    world.agent.answersNext({ kind: 'messages', messages } as never);
  const slackCalls = (method: string, where: SlackChannel) =>
    world.rail.platform.calls(method).filter((call) => call.channel === where.id);
  const endOf = async (eventId: string) => {
    const trace = await world.traceOf(eventId);
    return [trace.outcome, stoppedBy(trace)];
  };

  describe('in direct messages', () => {
    it('is answered, and the trace says what every stage did', async () => {
      const hello = ada.says('hello');
      await ada.reply('hello');
      expect(world.lastAsked(ada.chatId)).toMatchObject({
        instance: 'support',
        channel: 'slack',
        sessionId: `support/${ada.chatId}`,
        chat: { id: ada.chatId, kind: 'direct' },
        sender: { id: `slack:${ada.itself.id}`, name: 'Ada', username: 'ada' },
        messages: [{ type: 'text', text: 'hello' }],
      });
      const trace = await world.traceOf(hello);
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['answered', null]);
      expect(reasonsOf(trace, 'outbox')).toEqual(['committed', 'sent']);
    });

    it('an edit is kept and not answered again; so are a reaction and a deletion', async () => {
      const first = ada.itself.says('helo');
      await ada.reply('helo');
      ada.itself.edits(first, 'hello');
      ada.itself.reacts(ada.itself.direct.entries.at(-1)!, 'thumbsup');
      ada.itself.deletes(first);
      for (const type of ['edit', 'reaction', 'delete']) {
        const trace = await world.traceOfEvent(ada.chatId, type);
        expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', `kind_${type}`]);
      }
      expect(world.asked(ada.chatId)).toHaveLength(1);
    });

    it('a file reaches the agent with a link to its bytes', async () => {
      agentSays('nice menu');
      ada.itself.sendsFile('document', 'see my menu');
      await ada.reply('nice menu');
      const [message] = world.lastAsked(ada.chatId).messages;
      expect(message).toMatchObject({ text: 'see my menu' });
      const [attachment] = message.attachments;
      expect(attachment).toMatchObject({ kind: 'document', status: 'ready', filename: 'menu.pdf' });
      const file = await fetch(attachment.url!);
      expect(await file.text()).toBe('%PDF-1.4 simulated');
    });

    it('a file of the agent arrives with its bytes and its caption', async () => {
      const data = Buffer.from('%PDF-1.4 of the agent').toString('base64');
      agentSends({ type: 'document', data, filename: 'answer.pdf', caption: 'here **it** is' });
      ada.says('send it');
      await until('the file is there', () => ada.itself.direct.entries.some(({ files }) => files.length > 0));
      const { files, blocks } = ada.itself.direct.entries.find((entry) => entry.files.length > 0)!;
      expect(files[0]).toMatchObject({ name: 'answer.pdf' });
      expect(files[0].bytes?.toString()).toBe('%PDF-1.4 of the agent');
      expect(world.rail.platform.transcript(ada.itself.direct).at(-1)).toBe(
        'support: (answer.pdf) here *it* is',
      );
      expect(blocks).toHaveLength(1);
    });

    it('a press is told to the agent with the id that the button was sent with, and so is a choice in a list', async () => {
      agentSends({
        type: 'buttons',
        text: 'Sure?',
        buttons: [
          { id: 'sure:yes', label: 'Yes' },
          { url: 'https://example.org/help', label: 'Help' },
        ],
      });
      ada.says('delete it');
      const question = await world.rail.reply(ada.itself.direct, 'Sure?');
      agentSends({
        type: 'list',
        text: 'Which?',
        button: 'Choose',
        sections: [{ rows: [{ id: 'one', label: 'First' }] }],
      });
      ada.itself.presses(question, 'Yes');
      const menu = await world.rail.reply(ada.itself.direct, 'Which?');
      expect(world.lastAsked(ada.chatId).messages[0]).toMatchObject({
        type: 'action',
        actionId: 'sure:yes',
        text: 'Yes',
      });
      ada.itself.presses(menu, 'First');
      await ada.reply('First');
      expect(world.lastAsked(ada.chatId).messages[0]).toMatchObject({ type: 'action', actionId: 'one' });
    });

    it('a first message to a person opens their direct messages, and is filed there', async () => {
      const bob = world.rail.person('Bob');
      await world.send(`slack:${bob.itself.id}`, { type: 'text', text: 'good morning' });
      await bob.reply('good morning');
      await until(
        'the chat is that channel',
        async () => (await world.operator.chat(bob.chatId)) !== undefined,
      );
    });
  });

  describe('in a channel', () => {
    it('a mention is one event, however often it is told, and answered in its thread', async () => {
      const question = ada.itself.mentions('hello', { channel });
      const answer = await world.rail.reply(channel, 'hello');
      expect(answer).toMatchObject({ threadTs: question.ts });
      expect(world.asked(chatId())).toHaveLength(1);
      expect(world.lastAsked(chatId())).toMatchObject({
        chat: { kind: 'group' },
        messages: [{ text: '@support hello' }],
      });
      expect(await endOf(eventIdOf(channel, question))).toEqual(['answered', null]);
      await until('the mention came twice', async () => {
        const { redeliveries } = await world.operator.storedAs('support', eventIdOf(channel, question));
        return redeliveries === 1;
      });
      expect(world.asked(chatId())).toHaveLength(1);
    });

    it('what does not speak to the app is kept, and so is what the app says itself', async () => {
      const aside = ada.itself.says('lunch?', { channel });
      expect(await endOf(eventIdOf(channel, aside))).toEqual(['silent', 'group_not_mentioned']);
      ada.itself.mentions('hello', { channel });
      const answer = await world.rail.reply(channel, 'hello');
      expect(await endOf(eventIdOf(channel, answer))).toEqual(['silent', 'own_message']);
    });

    it('a thread is a chat of its own with a session of its own', async () => {
      const begin = ada.itself.says('order 17', { channel });
      ada.itself.mentions('when does it come?', { channel, thread: begin });
      const answer = await world.rail.reply(channel, 'when does it come?');
      expect(answer).toMatchObject({ threadTs: begin.ts });
      const thread = `${chatId()}:thread:${begin.ts}`;
      expect(world.lastAsked(thread)).toMatchObject({
        sessionId: `support/${thread}`,
        chat: { kind: 'thread' },
      });
    });

    it('who comes is told of, and not greeted', async () => {
      world.rail.person('Bea').itself.joins(channel);
      const trace = await world.traceOfEvent(chatId(), 'membership');
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'kind_membership']);
    });

    it('a command is answered where it was given, although the app is not there', async () => {
      const elsewhere = world.rail.platform.channel('elsewhere', [ada.itself], { apps: [] });
      agentSays('we open at nine');
      ada.itself.commands('/ask', 'when do you open?', elsewhere);
      await world.rail.reply(elsewhere, 'we open at nine');
      expect(world.lastAsked(`slack:${elsewhere.id}`).messages[0]).toMatchObject({
        type: 'action',
        actionId: '/ask',
        text: '/ask when do you open?',
      });
    });
  });

  describe('what goes wrong', () => {
    it('a message that is delivered four times is one turn', async () => {
      const { platform, app } = world.rail;
      platform.inbound(app).set({ duplicates: 3 });
      const said = ada.says('only once');
      platform.inbound(app).clear();
      await ada.reply('only once');
      await until(
        'all of them came',
        async () => (await world.operator.storedAs('support', said)).redeliveries === 3,
      );
      expect(world.asked(ada.chatId)).toHaveLength(1);
      expect(ada.shown()).toEqual(['only once']);
    });

    it('a limit is waited for, and nothing is said twice', async () => {
      const { direct } = ada.itself;
      const fault = { kind: 'rate-limit', retryAfter: 1 } as const;
      world.rail.platform.faults.add({ method: 'chat.postMessage', chat: direct.id, fault, times: 1 });
      const sent = Date.now();
      ada.says('hello');
      await ada.reply('hello');
      expect(Date.now() - sent).toBeGreaterThanOrEqual(1_000);
      expect(slackCalls('chat.postMessage', direct)).toHaveLength(1);
    });

    it.each([
      [
        'that Slack did not sign',
        (body: string) => ({ ...world.rail.platform.sign(world.rail.app, `${body} `) }),
      ],
      ['without a signature', () => ({})],
    ])('a request %s is refused, and nothing of it is stored', async (_what, headersOf) => {
      const event = {
        type: 'message',
        channel: ada.itself.direct.id,
        user: ada.itself.id,
        text: 'hi',
        ts: '1.000001',
      };
      const body = JSON.stringify({ type: 'event_callback', event_id: 'EvForged', event });
      const answer = await world.webhook({ body, headers: headersOf(body) as Record<string, string> });
      expect(answer.status).toBe(401);
      expect(await world.operator.all('/api/v1/messages?instance=support&eventId=1.000001')).toEqual([]);
    });

    it('the request by which Slack tries an address is answered with its challenge', async () => {
      const body = JSON.stringify({ type: 'url_verification', challenge: 'say it again' });
      const answer = await world.webhook({ body, headers: world.rail.platform.sign(world.rail.app, body) });
      expect([answer.status, answer.data, answer.headers['content-type']]).toEqual([
        200,
        'say it again',
        expect.stringContaining('text/plain'),
      ]);
    });

    it('a token that was revoked pauses the instance, which says what to do', async () => {
      const app = world.rail.platform.app({ name: 'revoked', botToken: 'e2e-token-that-ends' });
      const config = world.rail.platform.configOf(app);
      await world.operator.post('/api/v1/instances', { ...world.instanceOf(), name: 'revoked', config });
      world.rail.platform.deliversTo(app, world.webhookUrlOf('revoked'));
      const eve = world.rail.platform.person(app, 'Eve');
      app.revoked = true;
      eve.says('hello');
      await until('the instance is paused', async () => (await world.status('revoked')).state === 'paused');
      const { lastError } = await world.status('revoked');
      expect(lastError).toMatchObject({ code: 'UNAUTHORIZED' });
      expect(lastError?.detail).toContain('install the app again');
    });
  });
});
