import { type Api, apiOf, control, type Json } from '../spec-kit';
import type { Person } from './person';
import { startTelegramSimulator, type TelegramSimulator } from './simulator';

describe('People', () => {
  let simulator: TelegramSimulator;
  let api: Api;
  let ada: Person;

  beforeEach(async () => {
    simulator = await startTelegramSimulator();
    simulator.bot({ token: '42:secret', username: 'support_bot', name: 'Support' });
    ada = simulator.person({ id: 7, name: 'Ada', username: 'ada' });
    api = apiOf(simulator);
  });
  afterEach(() => simulator.close());

  const updates = async () => (await api('getUpdates')).result;
  const payload = async (kind: string) => (await updates()).at(-1)[kind];

  it('read what the bot writes, edits, deletes and puts on messages', async () => {
    const hello = ada.says('hello');
    const buttons = [
      [
        { text: 'Yes', callback_data: 'y' },
        { text: 'Docs', url: 'https://example.org' },
      ],
    ];
    const asked = (
      await api('sendMessage', { chat_id: 7, text: 'Sure?', reply_markup: { inline_keyboard: buttons } })
    ).result;
    await api('setMessageReaction', {
      chat_id: 7,
      message_id: hello.message_id,
      reaction: [{ type: 'emoji', emoji: '👍' }],
    });
    const draft = (await api('sendMessage', { chat_id: 7, text: 'Wel' })).result;
    await api('editMessageText', { chat_id: 7, message_id: draft.message_id, text: 'Welcome' });
    const oops = (await api('sendMessage', { chat_id: 7, text: 'oops' })).result;
    await api('deleteMessage', { chat_id: 7, message_id: oops.message_id });
    await api('sendPoll', { chat_id: 7, question: 'Tea?', options: ['yes', 'no'] });

    expect(simulator.transcript(ada)).toEqual([
      'Ada: hello {Support 👍}',
      'support_bot: Sure? [Yes] [Docs]',
      'support_bot: Welcome (edited)',
      'support_bot: oops (deleted)',
      'support_bot: (poll) Tea? <yes> <no>',
    ]);
    expect(asked.message_id).toBe(2);
  });

  it('see actions and drafts of the bot while they last', async () => {
    await api('sendChatAction', { chat_id: 7, action: 'typing' });
    await api('sendMessageDraft', { chat_id: 7, draft_id: 3, text: 'I th' });
    expect(ada.chat.actions).toEqual(['typing']);
    expect(ada.chat.drafts).toEqual([{ draftId: 3, text: 'I th', entities: [] }]);
  });

  it('send every kind of content', async () => {
    ada.sendsPhoto({ caption: 'look' });
    ada.sendsVoice();
    ada.sendsAudio();
    ada.sendsVideo();
    ada.sendsVideoNote();
    ada.sendsAnimation();
    ada.sendsDocument();
    ada.sendsSticker();
    ada.sendsLocation(52.5, 13.4);
    ada.sendsContact('+49123', 'Bob');
    const kinds = 'photo voice audio video video_note animation document sticker location contact'.split(' ');
    expect((await updates()).map(({ message }: Json, index: number) => kinds[index] in message)).toEqual(
      kinds.map(() => true),
    );
  });

  it('send files that the bot can download, by the name of their path', async () => {
    const bytes = Buffer.from('what is in it');
    const { document } = ada.sendsDocument({ file: { filename: 'a.txt', bytes } });
    const { file_path, file_size } = (await api('getFile', { file_id: document?.file_id })).result;
    const response = await fetch(`${simulator.url}/file/bot42:secret/${file_path}`);
    expect(file_size).toBe(bytes.length);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect((await fetch(`${simulator.url}/file/bot42:secret/documents/none`)).status).toBe(404);
  });

  it('cannot give the bot a file above 20 MB', async () => {
    const { document } = ada.sendsDocument({ file: { bytes: Buffer.alloc(21 * 1024 * 1024) } });
    expect((await api('getFile', { file_id: document?.file_id })).description).toBe(
      'Bad Request: file is too big',
    );
  });

  it('send albums as one message for each item', async () => {
    const album = ada.sendsAlbum([{ kind: 'photo', caption: 'both' }, { kind: 'photo' }]);
    const sent = (await updates()).map(({ message }: Json) => message);
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ media_group_id }: Json) => media_group_id))).toEqual(
      new Set([album[0].media_group_id]),
    );
  });

  it('press buttons, and see what the bot answers', async () => {
    const reply_markup = {
      inline_keyboard: [
        [
          { text: 'Yes', callback_data: 'y' },
          { text: 'Docs', url: 'http://a.b' },
        ],
      ],
    };
    await api('sendMessage', { chat_id: 7, text: 'Sure?', reply_markup });
    const press = ada.presses('Yes');
    expect(await payload('callback_query')).toMatchObject({
      id: press.id,
      data: 'y',
      from: { id: 7 },
      message: { text: 'Sure?', from: { id: 42 } },
    });
    await api('answerCallbackQuery', { callback_query_id: press.id, text: 'Noted' });
    expect(press.answer).toEqual({ text: 'Noted', alert: false });
    expect(() => ada.presses('No')).toThrow('Nobody sees a button "No"');
    expect(() => ada.presses('Docs')).toThrow('tells the bot nothing');
  });

  it('reply, quote, edit, block', async () => {
    const first = ada.says('the first one');
    ada.says('this', { replyTo: first, quote: 'first' });
    expect(await payload('message')).toMatchObject({
      reply_to_message: { text: 'the first one' },
      quote: { text: 'first' },
    });
    ada.edits(first, 'changed');
    expect(await payload('edited_message')).toMatchObject({
      message_id: 1,
      text: 'changed',
      edit_date: expect.any(Number),
    });
    ada.blocks();
    expect(await payload('my_chat_member')).toMatchObject({
      new_chat_member: { status: 'kicked', user: { id: 42 } },
    });
  });

  it('talk in groups, forums and channels', async () => {
    const bob = simulator.person({ id: 8, name: 'Bob' });
    const group = simulator.group({ title: 'Team', members: [ada, bob], forum: true });
    const topic = group.opensTopic('Ideas');
    bob.says('@support_bot hi', { chat: group, topic });
    expect(await payload('message')).toMatchObject({
      chat: { id: group.id, type: 'supergroup', is_forum: true },
      message_thread_id: topic,
      reply_to_message: { forum_topic_created: { name: 'Ideas' } },
      entities: [{ type: 'mention', offset: 0, length: 12 }],
    });
    expect(
      await api('sendMessage', { chat_id: group.id, text: 'hi', message_thread_id: topic }),
    ).toMatchObject({
      result: { message_thread_id: topic },
    });
    bob.leaves(group);
    expect(await payload('message')).toMatchObject({ left_chat_member: { id: 8 } });
    simulator.group({ kind: 'channel', title: 'News' }).posts('fresh');
    expect(await payload('channel_post')).toMatchObject({ text: 'fresh', sender_chat: { title: 'News' } });
  });

  it('wait for a reply: each is returned once, there already or to come', async () => {
    await api('sendMessage', { chat_id: 7, text: 'one' });
    expect(await simulator.waitForReply(ada)).toMatchObject({ text: 'one' });
    const later = simulator.waitForReply(ada, /two$/);
    const draft = (await api('sendMessage', { chat_id: 7, text: 'tw' })).result;
    await api('editMessageText', { chat_id: 7, message_id: draft.message_id, text: 'two' });
    expect(await later).toMatchObject({ text: 'two' });
    await expect(simulator.waitForReply(ada, 'one', 1)).rejects.toThrow('support_bot: one');
  });

  it('recorded updates happen with their own ids, and can be answered', async () => {
    const chat = { id: 99, type: 'private', first_name: 'Zoe' } as const;
    const from = { id: 99, is_bot: false, first_name: 'Zoe' };
    const recorded: Json = {
      update_id: 5,
      message: { message_id: 31, date: 1, chat, from, text: 'recorded' },
    };
    simulator.inject(recorded);
    simulator.inject(recorded);
    expect(await updates()).toEqual([recorded, recorded]);
    const reply = await api('sendMessage', { chat_id: 99, text: 'hi', reply_parameters: { message_id: 31 } });
    expect(reply.result).toMatchObject({ message_id: 32, reply_to_message: { text: 'recorded' } });
    expect(simulator.transcript(simulator.chats.find(({ id }) => id === 99)!)).toEqual([
      'Zoe: recorded',
      'support_bot: hi',
    ]);
  });

  it('can be driven from outside', async () => {
    const ask = (request: string, body?: object) => control(simulator.url, request, body);
    await ask('POST /control/people', { id: 9, name: 'Cyd' });
    expect(await ask('POST /control/people/9/says', { text: 'hello' })).toMatchObject({ text: 'hello' });
    expect(await ask('GET /control/chats/9')).toMatchObject({
      transcript: ['Cyd: hello'],
      messages: [{ byBot: false }],
    });
    expect(await ask('POST /control/people/9/says', {})).toEqual({ error: 'The body needs "text", a text.' });
    expect(await ask('POST /control/people/11/blocks')).toMatchObject({
      error: expect.stringContaining('no person 11'),
    });
    const group = await ask('POST /control/groups', { title: 'Team', members: [7, 9] });
    await ask('POST /control/people/9/says', { text: 'all', chat: group.id });
    await ask('POST /control/inject', { update: { update_id: 1, poll: { id: 'x' } } });
    expect((await updates()).map((update: Json) => update.message?.text ?? update.poll.id)).toEqual([
      'hello',
      'all',
      'x',
    ]);
    expect(await ask('GET /control/nonsense')).toMatchObject({ error: 'No such control.' });
    await ask('POST /control/clear');
    expect(await ask('GET /control/chats/9')).toMatchObject({ messages: [] });
    expect(await ask('GET /control/counters')).toMatchObject({ calls: {}, acknowledged: 0 });
  });
});
