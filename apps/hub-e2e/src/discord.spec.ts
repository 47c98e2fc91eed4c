import type { DiscordChannel, DiscordGuild } from '@omni-hub/simulator';
import { DiscordRail } from './harness/discord-rail';
import { RailWorld } from './harness/rail-world';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';

describe('a conversation on Discord', () => {
  let world: RailWorld<DiscordRail>;
  let guild: DiscordGuild;
  let channel: DiscordChannel;
  let ada: ReturnType<DiscordRail['person']>;

  beforeAll(async () => {
    world = await RailWorld.create(await DiscordRail.start());
    guild = world.rail.platform.guild({ name: 'Shop' });
    await world.connected();
  });
  afterAll(() => world.dispose());
  beforeEach(() => {
    channel = guild.channel({ name: 'help' });
    ada = world.rail.person('Ada');
    guild.adds(ada.itself.user);
  });

  const bot = () => world.rail.application;
  const chatId = () => `discord:${channel.id}`;
  const agentSays = (text: string) => world.agent.answersNext({ kind: 'fixed', text });
  const asks = (text: string, where = channel) => ada.itself.mentions(bot(), text, { chat: where });
  const says = (text: string, more: object = {}) => ada.itself.says(text, { chat: channel, ...more });
  const endOf = async ({ message }: { message: { id: string } }) => {
    const trace = await world.traceOf(message.id);
    return [trace.outcome, stoppedBy(trace)];
  };

  describe('in a channel of a server', () => {
    it('a mention is answered, as a reply to it, and the trace says what every stage did', async () => {
      const question = asks('hello');
      const answer = await world.rail.reply(channel, 'hello');
      expect(answer.message.reference).toMatchObject({ message_id: question.message.id });
      expect(world.lastAsked(chatId())).toMatchObject({
        instance: 'support',
        channel: 'discord',
        sessionId: `support/${chatId()}`,
        chat: { id: chatId(), kind: 'group' },
        sender: { id: `discord:${ada.itself.id}`, name: 'Ada', username: 'ada' },
        messages: [{ id: `${chatId()}:${question.message.id}`, type: 'text', text: '@support hello' }],
      });
      const trace = await world.traceOf(question.message.id);
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['answered', null]);
      expect(reasonsOf(trace, 'router')).toContain('addressed');
      expect(reasonsOf(trace, 'outbox')).toEqual(['committed', 'sent']);
    });

    it('what does not speak to the bot is kept, and the trace says why it is not answered', async () => {
      const cem = world.rail.person('Cem', { guild }).itself;
      const role = guild.role('staff');
      const words = [
        says('does anybody know?'),
        ada.itself.mentions(cem, 'do you know?', { chat: channel }),
        ada.itself.mentions(role, 'do you?', { chat: channel }),
        ada.itself.mentions('everyone', 'anybody?', { chat: channel }),
      ];
      for (const said of words) expect(await endOf(said)).toEqual(['silent', 'group_not_mentioned']);
      const { because } = await world.traceOf(words[0].message.id);
      expect(because).toContain('neither mentions the account nor replies to it');
      expect(world.asked(chatId())).toEqual([]);
      expect(world.rail.shown(channel)).toEqual([]);
    });

    it.each([
      ['a reply to the bot', {}],
      ['a reply that does not ping it', { silent: true }],
    ])('%s is answered, and says what it is about', async (_name, how) => {
      agentSays('we open at nine');
      asks('when?');
      const answer = await world.rail.reply(channel, 'we open');
      const followUp = says('a.m.?', { replyTo: answer, ...how });
      await world.rail.reply(channel, 'a.m.?');
      expect(world.lastAsked(chatId()).messages[0].replyTo).toEqual({
        id: `${chatId()}:${answer.message.id}`,
        text: 'we open at nine',
        fromMe: true,
      });
      expect(await endOf(followUp)).toEqual(['answered', null]);
    });

    it('what the bot says itself and what other bots say is kept and not answered', async () => {
      asks('hello');
      const answer = await world.rail.reply(channel, 'hello');
      expect(await endOf(answer)).toEqual(['silent', 'own_message']);
      const other = { id: '1457000000000000001', username: 'other', bot: true };
      const fields = { author: other };
      const loud = ada.itself.mentions(bot(), 'beep', { chat: channel, fields });
      expect(await endOf(loud)).toEqual(['silent', 'sender_is_bot']);
      expect(world.asked(chatId())).toHaveLength(1);
    });

    it('an answer notifies nobody, whomever it names', async () => {
      agentSays(`<@${ada.itself.id}> and @everyone`);
      asks('who?');
      const { message } = await world.rail.reply(channel, 'and');
      expect(message).toMatchObject({ mentionEveryone: false, mentionRoles: [], mentions: [] });
    });

    it('a newcomer is told of, and not greeted', async () => {
      const bea = world.rail.platform.person({ name: 'Bea' });
      bea.joins(guild);
      const trace = await world.traceOfEvent(`discord:${guild.general.id}`, 'membership');
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'kind_membership']);
    });
  });

  it('a direct message needs no mention', async () => {
    const hello = ada.itself.dms('hello');
    await ada.reply('hello');
    expect(world.lastAsked(ada.chatId)).toMatchObject({
      sessionId: `support/${ada.chatId}`,
      chat: { id: ada.chatId, kind: 'direct' },
      messages: [{ text: 'hello' }],
    });
    expect(await endOf(hello)).toEqual(['answered', null]);
    expect(ada.itself.chat.entries.at(-1)!.message.reference).toBeUndefined();
  });

  it('a thread is a chat of its own with a session of its own', async () => {
    const thread = ada.itself.opensThread('Order 17', { message: says('order 17') });
    const question = asks('hello', thread);
    await world.rail.reply(thread, 'hello');
    const threadId = `discord:${thread.id}`;
    expect(world.lastAsked(threadId)).toMatchObject({
      sessionId: `support/${threadId}`,
      chat: { id: threadId, kind: 'thread', title: 'Order 17' },
    });
    expect(await endOf(question)).toEqual(['answered', null]);
    ada.itself.reacts(question, '👍');
    const trace = await world.traceOfEvent(threadId, 'reaction');
    expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'kind_reaction']);
    expect(await world.operator.chat(threadId)).toMatchObject({ kind: 'thread' });
    expect(world.asked(chatId())).toEqual([]);
  });

  describe('what a person sends', () => {
    const lastAttachment = () => world.lastAsked(ada.chatId).messages.at(-1)!.attachments;
    const bytesAt = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());

    it.each([
      ['a picture', 'image', () => ({ kind: 'image' as const })],
      ['a film', 'video', () => ({ kind: 'video' as const })],
      ['a sound', 'audio', () => ({ kind: 'audio' as const })],
      ['a document', 'document', () => ({ kind: 'document' as const })],
    ])('%s reaches the agent with a link to its bytes', async (_name, kind, how) => {
      const bytes = Buffer.from(`the very bytes of this ${kind}`);
      const sent = ada.itself.sendsFile({ ...how(), file: { bytes }, caption: `see my ${kind}` });
      await ada.reply(`see my ${kind}`);
      const [attachment] = lastAttachment();
      expect(attachment).toMatchObject({ kind, status: 'ready', size: bytes.length, reason: null });
      expect(await bytesAt(attachment.url!)).toEqual(bytes);
      expect(await endOf(sent)).toEqual(['answered', null]);
    });

    it('a voice message and a sticker, too', async () => {
      for (const [kind, send] of [
        ['voice', (bytes: Buffer) => ada.itself.sendsVoiceMessage({ file: { bytes } })],
        ['sticker', (bytes: Buffer) => ada.itself.sendsSticker('Wave', { file: { bytes } })],
      ] as const) {
        agentSays(`nice ${kind}`);
        const bytes = Buffer.from(`the very bytes of this ${kind}`);
        const sent = send(bytes);
        await ada.reply(`nice ${kind}`);
        const [attachment] = lastAttachment();
        expect(attachment).toMatchObject({ kind, status: 'ready', reason: null });
        expect(await bytesAt(attachment.url!)).toEqual(bytes);
        expect(await endOf(sent)).toEqual(['answered', null]);
      }
    });

    it('several files in one message are one question', async () => {
      const files = [{ filename: 'a.png' }, { filename: 'b.png' }];
      ada.itself.sendsFile({ kind: 'image', files, caption: 'both' });
      await ada.reply('both');
      expect(lastAttachment().map(({ filename, status }) => [filename, status])).toEqual([
        ['a.png', 'ready'],
        ['b.png', 'ready'],
      ]);
    });

    it('a file that is deleted before it is fetched reaches the agent as failed, with the reason', async () => {
      world.rail.platform.faults.add({
        method: 'attachment',
        fault: { kind: 'error', status: 404 },
        times: 2,
      });
      const sent = ada.itself.sendsFile({ kind: 'image', caption: 'gone soon' });
      await ada.reply('gone soon');
      const [attachment] = lastAttachment();
      const reason = expect.stringContaining('Discord has the file no more');
      expect(attachment).toMatchObject({ status: 'failed', url: null, reason });
      expect(await endOf(sent)).toEqual(['answered', null]);
    });

    it('a poll, a forwarded message and a card reach the agent as what they are', async () => {
      agentSays('a poll');
      ada.itself.sendsPoll('Tea?', ['Yes', 'No']);
      await ada.reply('a poll');
      const data = { question: 'Tea?', options: ['Yes', 'No'], multiple: false };
      expect(lastAttachment()).toMatchObject([{ kind: 'poll', data }]);

      const forwarded = ada.itself.forwards(says('secret'));
      await ada.reply('secret');
      const { content } = await world.operator.storedAs('support', forwarded.message.id);
      expect(content.message).toMatchObject({ forwardedFrom: `channel ${channel.id}` });

      ada.itself.dms('https://example.org', { embeds: [{ title: 'Example', url: 'https://example.org' }] });
      await ada.reply('example.org');
      expect(lastAttachment()).toMatchObject([
        { kind: 'other', data: { what: 'embed', data: { title: 'Example' } } },
      ]);
    });

    it('an edit, the preview of a link, a reaction and a deletion are kept and not answered', async () => {
      const said = ada.itself.dms('helo');
      const answer = await world.rail.reply(ada.itself, 'helo');
      ada.itself.unfurls(said, { type: 'link', url: 'https://example.org', title: 'Example' });
      const acts: [type: string, stop: string, act: () => void][] = [
        ['edit', 'kind_edit', () => void ada.itself.edits(said, 'hello')],
        ['reaction', 'kind_reaction', () => ada.itself.reacts(answer, '👍')],
        ['reaction', 'kind_reaction', () => ada.itself.unreacts(answer, '👍')],
        ['delete', 'kind_delete', () => ada.itself.deletes(said)],
      ];
      for (const [type, stop, act] of acts) {
        act();
        await world.rail.platform.drained();
        const trace = await world.traceOfEvent(ada.chatId, type);
        expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', stop]);
      }
      const chat = (await world.operator.chat(ada.chatId))!;
      const kept = (await world.operator.messages(chat)).filter(({ direction }) => direction === 'in');
      expect(kept.filter(({ type }) => type === 'edit').map(({ content }) => content.message?.text)).toEqual([
        'hello',
      ]);
      expect(kept.filter(({ type }) => type === 'reaction').map(({ content }) => content)).toMatchObject([
        { messageId: `${ada.chatId}:${answer.message.id}`, added: ['👍'], removed: [] },
        { messageId: `${ada.chatId}:${answer.message.id}`, added: [], removed: ['👍'] },
      ]);
      expect(world.asked(ada.chatId)).toHaveLength(1);
    });
  });

  it('typing is shown while the agent takes its time', async () => {
    world.agent.answersNext({ kind: 'delay', minMs: 900, maxMs: 900 });
    ada.says('think about it');
    await ada.reply('think about it');
    expect(ada.itself.chat.actions).toContain('typing');
  });

  describe('the account', () => {
    it('says who it is, and how many sessions are left', async () => {
      expect(await world.connect()).toMatchObject({
        state: 'ok',
        problem: null,
        transport: { state: 'connected' },
        platform: {
          account: { id: bot().user.id },
          healthy: true,
          facts: { mode: 'gateway', messageContent: true, shards: 1, sessionsLeft: expect.any(Number) },
        },
      });
    });

    it('hears nothing while it is disabled, and what was said meanwhile once it is enabled again', async () => {
      const enable = (enabled: boolean) => world.operator.patch('/api/v1/instances/support', { enabled });
      await enable(false);
      await until('it has left', () => !world.rail.platform.sessions(bot())[0].connected);
      ada.says('anybody there?');
      await enable(true);
      await ada.reply('anybody there?');
      expect(world.rail.platform.gateway.identifies(bot())).toHaveLength(1);
    });

    it('is listed with what it can do, and its token shown to nobody', async () => {
      const { items } = await world.operator.get<{ items: { id: string; capabilities: object }[] }>(
        '/api/v1/channels',
      );
      const mine = items.find(({ id }) => id === 'discord');
      expect(mine).toMatchObject({ capabilities: { bot: { maxTextLength: 2000, idempotentSend: true } } });
      const shown = await world.operator.get<{ config: object }>('/api/v1/instances/support');
      expect(shown.config).toMatchObject({ token: '***', applicationId: bot().id });
    });
  });
});
