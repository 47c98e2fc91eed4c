import { RailWorld } from './harness/rail-world';
import { EvolutionRail } from './harness/rails';
import { stoppedBy } from './harness/trace';
import { until } from './harness/until';

type Somebody = ReturnType<EvolutionRail['person']>['itself'];

describe('a group on WhatsApp by an Evolution server', () => {
  let world: RailWorld<EvolutionRail>;
  let ada: Somebody;
  let bob: Somebody;
  let group: ReturnType<EvolutionRail['platform']['group']>;
  let chatId: string;

  beforeAll(async () => (world = await RailWorld.create(await EvolutionRail.start())));
  afterAll(() => world.dispose());
  let bobsPhone = 4915122222222;
  beforeEach(() => {
    bobsPhone++;
    ada = world.rail.person('Ada', { lid: `14100${bobsPhone}`, phone: `${bobsPhone}00` }).itself;
    bob = world.rail.person('Bob', { phone: String(bobsPhone) }).itself;
    group = world.rail.platform.group({ members: [ada, bob], subject: 'Family' });
    chatId = `whatsapp:group:${group.jid.split('@')[0]}`;
  });

  const reply = (text: string) => world.rail.platform.waitForReply(group, text, 20_000);
  const self = () => [{ self: world.rail.account.self }];

  it('the account keeps quiet where it is not meant, and the trace says what would change that', async () => {
    const chatter = ada.says('lunch?', { chat: group });
    const other = ada.says(`@${bobsPhone} lunch?`, { chat: group, mentions: [bob], mentionBy: 'phone' });
    for (const { id } of [chatter, other]) {
      const trace = await world.traceOf(id);
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'group_not_mentioned']);
      expect(trace.steps.at(-1)?.change).toContain('"always"');
    }
    expect(world.asked(chatId)).toEqual([]);
  });

  it.each([
    ['by its number', 'phone', '@5511988887777 when?'],
    ['by its hidden number', 'lid', '@99000111222 when?'],
  ] as const)('a mention %s is answered', async (_name, mentionBy, text) => {
    const question = bob.says(text, { chat: group, mentions: self(), mentionBy });
    const answer = await reply(text);
    expect(answer.quotes).toBe(question.id);
    expect(world.lastAsked(chatId)).toMatchObject({
      chat: { id: chatId, kind: 'group' },
      sender: { id: `whatsapp:${bobsPhone}`, name: 'Bob' },
      messages: [{ mentionsMe: true }],
    });
    expect((await world.traceOf(question.id)).outcome).toBe('answered');
  });

  it('a reply to the account is answered without a mention, one to somebody else is not', async () => {
    ada.says('@99000111222 hi', { chat: group, mentions: self() });
    const answer = await reply('hi');
    bob.replies(answer, 'and me?', { chat: group });
    await reply('and me?');
    const aside = ada.says('not now', { chat: group });
    const comment = bob.replies(aside, 'why not?', { chat: group });
    expect(stoppedBy(await world.traceOf(comment.id))).toBe('group_not_mentioned');
  });

  it('somebody is the same person in the group and in private', async () => {
    ada.says('@99000111222 here', { chat: group, mentions: self() });
    await reply('here');
    const inGroup = world.lastAsked(chatId).sender;
    ada.says('and here');
    await world.rail.platform.waitForReply(ada, 'and here', 20_000);
    const requests = world.agent.requests();
    expect(requests.at(-1)?.turn.sender).toMatchObject({ id: inGroup.id, personId: inGroup.personId });
  });

  it('who comes and goes, and what the group is called, is kept and not answered', async () => {
    const stored = async () => {
      const chat = await world.operator.chat(chatId);
      return chat ? world.operator.messages(chat) : [];
    };
    const eve = world.rail.person('Eve', { lid: '141000111222999' }).itself;
    group.adds(eve);
    group.promotes(eve);
    group.removes(bob);
    // Servers up to 2.3.7 do not deliver it, whatever one subscribes to; later ones may.
    const renamed = [{ id: group.jid, subject: 'Friends' }];
    await until('the group is known', async () => (await stored()).length > 0);
    await world.webhook(world.rail.event('groups.update', renamed));
    await until('all is stored', async () => (await stored()).length >= 5);
    const changes = (await stored()).map(({ content }) => content as unknown as { change?: string });
    expect(changes.map(({ change }) => change).filter(Boolean)).toEqual(['joined', 'promoted', 'left']);
    for (const message of await stored()) {
      const trace = await world.operator.ended(message);
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', `kind_${message.type}`]);
    }
    expect(await world.operator.chat(chatId)).toMatchObject({ title: 'Friends' });

    ada.says('@99000111222 welcome her', { chat: group, mentions: self() });
    await reply('welcome her');
    expect(world.lastAsked(chatId).chat.title).toBe('Friends');
  });

  it('a reaction and a deletion name their author', async () => {
    const joke = bob.says('a joke', { chat: group });
    ada.reacts(joke, '😂');
    bob.revokes(joke);
    const reaction = await world.traceOfEvent(chatId, 'reaction');
    expect(stoppedBy(reaction)).toBe('kind_reaction');
    await world.traceOfEvent(chatId, 'delete');
    const chat = await world.operator.chat(chatId);
    const id = `whatsapp:${joke.id}:in:${bobsPhone}@s.whatsapp.net`;
    const about = (await world.operator.messages(chat!)).map(
      ({ content }) => content as unknown as { messageId?: string; messageIds?: string[] },
    );
    expect(about.find(({ messageId }) => messageId)?.messageId).toBe(id);
    expect(about.find(({ messageIds }) => messageIds)?.messageIds).toEqual([id]);
  });

  it('the account writes to it of its own accord', async () => {
    await world.send(group.jid, { type: 'text', text: 'good morning all' });
    await reply('good morning all');
    await world.send(chatId, { type: 'text', text: 'and good night' });
    await reply('and good night');
  });
});
