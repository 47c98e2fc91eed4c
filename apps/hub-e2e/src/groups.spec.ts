import type { Person } from '@omni-hub/simulator';
import { stoppedBy } from './harness/trace';
import { until } from './harness/until';
import { instanceName, World } from './harness/world';

describe('groups, forums and channels on Telegram', () => {
  let world: World;
  let ada: Person;

  beforeAll(async () => (world = await World.create()));
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.person({ name: 'Ada' })));

  it('a message that mentions the bot is answered, and quoted', async () => {
    const group = world.telegram.group({ members: [ada] });
    const question = ada.says('@support_bot when?', { chat: group });
    const answer = await world.reply(group, 'when?');
    expect(answer.reply_to_message?.message_id).toBe(question.message_id);
    expect(world.lastAsked(group)).toMatchObject({
      chat: { kind: 'group', title: 'A group' },
      messages: [{ mentionsMe: true }],
    });
    expect((await world.traceOf(question)).outcome).toBe('answered');
  });

  it('a reply to the bot is answered without a mention', async () => {
    const group = world.telegram.group({ members: [ada] });
    ada.says('@support_bot hi', { chat: group });
    const answer = await world.reply(group, 'hi');
    ada.says('and now?', { chat: group, replyTo: answer });
    await world.reply(group, 'and now?');
  });

  it('a message that does not concern the bot is kept, and the trace says what would change that', async () => {
    const group = world.telegram.group({ members: [ada] });
    const chatter = ada.says('lunch?', { chat: group });
    const trace = await world.traceOf(chatter);
    expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'group_not_mentioned']);
    expect(trace.because).toContain('neither mentions');
    expect(trace.steps.at(-1)?.change).toContain('"always"');
    expect(world.asked(group)).toEqual([]);
  });

  it('a topic of a forum is a chat of its own', async () => {
    const forum = world.telegram.group({ members: [ada], forum: true, title: 'Forum' });
    ada.says('welcome, all', { chat: forum });
    const [billing, support] = [forum.opensTopic('Billing'), forum.opensTopic('Support')];
    const inBilling = ada.says('@support_bot bill?', { chat: forum, topic: billing });
    ada.says('@support_bot help?', { chat: forum, topic: support });
    expect((await world.reply(forum, 'bill?')).message_thread_id).toBe(billing);
    expect((await world.reply(forum, 'help?')).message_thread_id).toBe(support);
    const address = `telegram:${forum.id}:topic:${billing}`;
    expect(await world.operator.chat(address)).toMatchObject({ kind: 'thread', chatId: address });
    expect((await world.traceOf(inBilling, billing)).outcome).toBe('answered');
  });

  it('a post of a channel is answered only where it concerns the bot', async () => {
    const channel = world.telegram.group({ kind: 'channel', title: 'News', bots: [world.bot] });
    const plain = channel.posts('Release 2 is out');
    expect(stoppedBy(await world.traceOf(plain))).toBe('group_not_mentioned');
    channel.posts('@support_bot what is new?');
    await world.reply(channel, 'what is new?');
  });

  it('who joins and who leaves is kept and not answered', async () => {
    const group = world.telegram.group({ members: [ada] });
    const charles = world.person({ name: 'Charles' });
    charles.joins(group);
    expect(stoppedBy(await world.traceOfEvent(group.id, 'membership'))).toBe('kind_membership');
    charles.leaves(group);
    await until('both are stored', async () => {
      const chat = await world.operator.chat(`telegram:${group.id}`);
      const changes = (await world.operator.messages(chat!)).filter(({ type }) => type === 'membership');
      return (
        new Set(changes.map(({ content }) => (content as unknown as { change: string }).change)).size === 2
      );
    });
    expect(world.asked(group)).toEqual([]);
  });

  it('an answer to a group that became a supergroup meanwhile goes to its new id, and the chat with it', async () => {
    const group = world.telegram.group({ kind: 'group', members: [ada] });
    world.agent.answersNext({ kind: 'delay', minMs: 700, maxMs: 700 });
    const question = ada.says('@support_bot still there?', { chat: group });
    await until('the agent is asked', () => world.asked(group).length === 1);
    const supergroup = group.becomesSupergroup();
    await world.reply(supergroup, 'still there?');
    expect(group.chat.entries.some(({ byBot }) => byBot)).toBe(false);

    const address = `telegram:${supergroup.id}`;
    await until('the chat has its new id', async () => (await world.operator.chat(address)) !== undefined);
    const chat = await world.operator.chat(address);
    const history = await world.operator.messages(chat!);
    expect(history.map(({ content }) => content.message?.text)).toContain(question.text);

    ada.says('@support_bot and here?', { chat: supergroup });
    await world.reply(supergroup, 'and here?');
    await world.operator.post(`/api/v1/instances/${instanceName}/messages`, {
      to: address,
      content: { type: 'text', text: 'welcome to the supergroup' },
    });
    await world.reply(supergroup, 'welcome to the supergroup');
  });
});
