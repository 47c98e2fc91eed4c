import { type Api, apiOf } from '../spec-kit';
import type { Person } from './person';
import { startTelegramSimulator, type TelegramSimulator } from './simulator';

describe('The fake Bot API refuses what the real one refuses', () => {
  let simulator: TelegramSimulator;
  let api: Api;
  let ada: Person;

  beforeEach(async () => {
    simulator = await startTelegramSimulator();
    simulator.bot({ token: '42:secret', username: 'support_bot', name: 'Support' });
    ada = simulator.person({ id: 7, name: 'Ada' });
    api = apiOf(simulator);
  });
  afterEach(() => simulator.close());

  const send = (params: object) => api('sendMessage', { chat_id: 7, text: 'hello', ...params });
  const keyboard = (...buttons: object[]) => ({ reply_markup: { inline_keyboard: [buttons] } });

  it.each<[string, string, object, string]>([
    ['no chat', 'sendMessage', { text: 'hi' }, 'chat_id is empty'],
    ['an unknown chat', 'sendMessage', { chat_id: 8, text: 'hi' }, 'chat not found'],
    ['an unknown name', 'sendMessage', { chat_id: '@nobody', text: 'hi' }, 'chat not found'],
    ['no text', 'sendMessage', { chat_id: 7 }, 'message text is empty'],
    ['a blank text', 'sendMessage', { chat_id: 7, text: '  \n' }, 'text must be non-empty'],
    [
      'a text of 4097 units',
      'sendMessage',
      { chat_id: 7, text: '😀'.repeat(2048) + 'x' },
      'message is too long',
    ],
    [
      'an unknown parse mode',
      'sendMessage',
      { chat_id: 7, text: 'hi', parse_mode: 'bbcode' },
      'unsupported parse_mode',
    ],
    [
      'an unknown topic',
      'sendMessage',
      { chat_id: 7, text: 'hi', message_thread_id: 99 },
      'message thread not found',
    ],
    [
      'a long caption',
      'sendPhoto',
      { chat_id: 7, photo: 'http://a.b/c.jpg', caption: 'x'.repeat(1025) },
      'message caption is too long',
    ],
    ['no photo', 'sendPhoto', { chat_id: 7 }, 'there is no photo in the request'],
    [
      'an unknown file',
      'sendPhoto',
      { chat_id: 7, photo: 'nonsense' },
      'wrong file identifier/HTTP URL specified',
    ],
    [
      'an unknown file to download',
      'getFile',
      { file_id: 'nonsense' },
      'wrong file_id or the file is temporarily unavailable',
    ],
    [
      'a latitude beyond the pole',
      'sendLocation',
      { chat_id: 7, latitude: 91, longitude: 0 },
      'wrong latitude specified',
    ],
    [
      'a contact without a name',
      'sendContact',
      { chat_id: 7, phone_number: '1' },
      'parameter "first_name" is required',
    ],
    [
      'a poll without options',
      'sendPoll',
      { chat_id: 7, question: 'Why?', options: [] },
      'poll must have at least 1 option',
    ],
    [
      'a poll with 13 options',
      'sendPoll',
      { chat_id: 7, question: 'Why?', options: Array(13).fill('x') },
      "poll can't have more than 12 options",
    ],
    [
      'an unknown action',
      'sendChatAction',
      { chat_id: 7, action: 'dance' },
      'wrong parameter action in request',
    ],
    [
      'a draft without an id',
      'sendMessageDraft',
      { chat_id: 7, draft_id: 0, text: 'x' },
      'draft_id must be non-zero',
    ],
    [
      'an unknown message to edit',
      'editMessageText',
      { chat_id: 7, message_id: 99, text: 'x' },
      'message to edit not found',
    ],
    [
      'an unknown message to delete',
      'deleteMessage',
      { chat_id: 7, message_id: 99 },
      'message to delete not found',
    ],
    [
      'an unknown message to react to',
      'setMessageReaction',
      { chat_id: 7, message_id: 99, reaction: [] },
      'message to react not found',
    ],
    [
      'a reaction that does not exist',
      'setMessageReaction',
      { chat_id: 7, message_id: 1, reaction: [{ type: 'emoji', emoji: '🦷' }] },
      'REACTION_INVALID',
    ],
    [
      'an answer to no press',
      'answerCallbackQuery',
      { callback_query_id: '1' },
      'query is too old and response timeout expired or query ID is invalid',
    ],
    ['a webhook that is no URL', 'setWebhook', { url: 'hub' }, 'bad webhook: invalid webhook URL specified'],
    [
      'a secret with spaces',
      'setWebhook',
      { url: 'http://127.0.0.1:1/', secret_token: 'a b' },
      'secret token contains unallowed characters',
    ],
  ])('%s', async (_what, method, params, why) => {
    expect(await api(method, params)).toMatchObject({
      status: 400,
      ok: false,
      description: `Bad Request: ${why}`,
    });
  });

  it.each<[string, string, object[], string]>([
    [
      'an unknown type',
      'hello',
      [{ type: 'loud', offset: 0, length: 1 }],
      "can't parse MessageEntity: Unsupported type specified",
    ],
    [
      'a negative offset',
      'hello',
      [{ type: 'bold', offset: -1, length: 1 }],
      'receive an entity with incorrect offset -1',
    ],
    [
      'a start behind the text',
      'hello',
      [{ type: 'bold', offset: 5, length: 1 }],
      'entity begins after the end of the text at UTF-16 offset 5',
    ],
    [
      'an end behind the text',
      'hello',
      [{ type: 'bold', offset: 0, length: 6 }],
      'entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 6',
    ],
    [
      'half an emoji',
      '😀',
      [{ type: 'bold', offset: 0, length: 1 }],
      'entity ends in a middle of a UTF-16 symbol at UTF-16 offset 1',
    ],
    [
      'a link to nowhere',
      'hello',
      [{ type: 'text_link', offset: 0, length: 5, url: 'nowhere' }],
      "entity URL 'nowhere' is invalid: Wrong HTTP URL",
    ],
    [
      'a link without an address',
      'hello',
      [{ type: 'text_link', offset: 0, length: 5 }],
      'can\'t parse MessageEntity: Can\'t find field "url"',
    ],
    [
      'entities that cross',
      'hello',
      [
        { type: 'bold', offset: 0, length: 3 },
        { type: 'italic', offset: 2, length: 3 },
      ],
      "can't parse entities: entity at UTF-16 offset 2 crosses the end of another one",
    ],
  ])('entities with %s', async (_what, text, entities, why) => {
    expect(await send({ text, entities })).toMatchObject({ status: 400, description: `Bad Request: ${why}` });
  });

  it('but takes entities that touch, nest and span whole emojis', async () => {
    const entities = [
      { type: 'bold', offset: 0, length: 8 },
      { type: 'italic', offset: 6, length: 2 },
      { type: 'code', offset: 8, length: 1 },
    ];
    expect(await send({ text: 'hello 😀!', entities })).toMatchObject({ ok: true, result: { entities } });
  });

  it.each<[string, object, string]>([
    [
      'without a text',
      { callback_data: 'x' },
      'can\'t parse inline keyboard button: Can\'t find field "text"',
    ],
    [
      'that does nothing',
      { text: 'x' },
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [
      'that does two things',
      { text: 'x', url: 'http://a.b', callback_data: 'x' },
      "can't parse inline keyboard button: exactly one action must be used",
    ],
    ['with 65 bytes of data', { text: 'x', callback_data: 'é'.repeat(32) + 'x' }, 'BUTTON_DATA_INVALID'],
    [
      'that leads nowhere',
      { text: 'x', url: 'nowhere' },
      "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
    ],
    [
      'that leads to another protocol',
      { text: 'x', url: 'ftp://a.b' },
      "inline keyboard button URL 'ftp://a.b' is invalid: Unsupported URL protocol",
    ],
  ])('a button %s', async (_what, button, why) => {
    expect(await send(keyboard(button))).toMatchObject({ status: 400, description: `Bad Request: ${why}` });
  });

  it('but takes 64 bytes of callback data and 4096 units of text', async () => {
    expect(await send(keyboard({ text: 'x', callback_data: 'é'.repeat(32) }))).toMatchObject({ ok: true });
    expect(await send({ text: '😀'.repeat(2048) })).toMatchObject({ ok: true });
  });

  it.each<[string, string[], string]>([
    ['of one item', ['photo'], 'there are too few messages to send as an album'],
    ['of eleven items', Array(11).fill('photo'), 'too many messages to send as an album'],
    ['of documents and photos', ['document', 'photo'], "document can't be mixed with other media types"],
    ['of audio and video', ['audio', 'video'], "audio can't be mixed with other media types"],
    ['of stickers', ['sticker', 'sticker'], "can't parse InputMedia: type must be an album type"],
  ])('an album %s', async (_what, kinds, why) => {
    const media = kinds.map((type) => ({ type, media: 'http://a.b/c' }));
    expect(await api('sendMediaGroup', { chat_id: 7, media })).toMatchObject({
      description: `Bad Request: ${why}`,
    });
  });

  it('a reply to a message that is gone, unless the caller allows to send without', async () => {
    const gone = { message_id: 99 };
    expect((await send({ reply_parameters: gone })).description).toBe(
      'Bad Request: message to be replied not found',
    );
    const allowed = await send({ reply_parameters: { ...gone, allow_sending_without_reply: true } });
    expect(allowed).toMatchObject({ ok: true });
    expect(allowed.result.reply_to_message).toBeUndefined();
  });

  it('a quote that is not in the message', async () => {
    const { message_id } = ada.says('what I wrote');
    const reply = (quote: string) => send({ reply_parameters: { message_id, quote } });
    expect((await reply('something else')).description).toBe('Bad Request: QUOTE_TEXT_INVALID');
    expect((await reply('I wrote')).result).toMatchObject({
      reply_to_message: { message_id },
      quote: { text: 'I wrote' },
    });
  });

  it('an edit that changes nothing, or a message of someone else, or text where there is none', async () => {
    const edit = (message_id: number, text: string) =>
      api('editMessageText', { chat_id: 7, message_id, text });
    const { message_id } = (await send({ text: 'one' })).result;
    expect((await edit(message_id, 'one')).description).toMatch(/^Bad Request: message is not modified/);
    expect(await edit(message_id, 'two')).toMatchObject({
      result: { text: 'two', edit_date: expect.any(Number) },
    });
    expect((await edit(ada.says('mine').message_id, 'yours')).description).toBe(
      "Bad Request: message can't be edited",
    );
    const photo = (await api('sendPhoto', { chat_id: 7, photo: 'http://a.b/c' })).result;
    expect((await edit(photo.message_id, 'x')).description).toBe(
      'Bad Request: there is no text in the message to edit',
    );
  });

  it('writing to who blocked the bot, left it out or moved on', async () => {
    ada.blocks();
    expect(await send({})).toMatchObject({
      status: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    ada.unblocks();
    expect(await send({})).toMatchObject({ ok: true });

    const group = simulator.group({ members: [ada], kind: 'group' });
    const moved = group.becomesSupergroup();
    expect(await send({ chat_id: group.id })).toMatchObject({
      status: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: moved.id },
    });
    moved.removesBot(ada.bot);
    expect((await send({ chat_id: moved.id })).description).toBe(
      'Forbidden: bot was kicked from the supergroup chat',
    );
  });

  it('writing first to a stranger', async () => {
    const eve = simulator.person({ id: 8, stranger: true });
    expect(await send({ chat_id: 8 })).toMatchObject({ status: 403 });
    eve.says('/start');
    expect(await send({ chat_id: 8 })).toMatchObject({ ok: true });
  });

  it('unknown methods and tokens', async () => {
    expect(await api('sendPigeon')).toMatchObject({
      status: 404,
      description: 'Not Found: method not found',
    });
    const status = async (token: string) => (await fetch(`${simulator.url}/bot${token}/getMe`)).status;
    expect(await status('43:other')).toBe(401);
    expect(await status('not-a-token')).toBe(404);
  });

  it('anything after logOut', async () => {
    await api('logOut');
    expect(await api('getMe')).toMatchObject({ status: 400, description: 'Logged out' });
  });
});

describe('The fake Bot API, when asked to be less strict or stricter', () => {
  it('takes any well-formed token and any chat', async () => {
    const simulator = await startTelegramSimulator({ anyToken: true, autoChats: true });
    const url = `${simulator.url}/bot77:abc/sendMessage?chat_id=5&text=hi`;
    expect(await (await fetch(url)).json()).toMatchObject({
      ok: true,
      result: { chat: { id: 5, type: 'private' } },
    });
    await simulator.close();
  });

  it('limits a chat to one message a second, with 429 in header and body', async () => {
    const simulator = await startTelegramSimulator({ rateLimits: true });
    simulator.person({ id: 7 });
    const api = apiOf(simulator);
    await api('sendMessage', { chat_id: 7, text: 'one' });
    const refused = await api('sendMessage', { chat_id: 7, text: 'two' });
    expect(refused).toMatchObject({
      status: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    await simulator.close();
  });

  it('counts an edit in a group as a message, and none in a private chat', async () => {
    const simulator = await startTelegramSimulator({ rateLimits: { chatPerSecond: 1 } });
    const ada = simulator.person({ id: 7 });
    const group = simulator.group({ members: [ada] });
    const api = apiOf(simulator);
    for (const [chat_id, status] of [
      [7, 200],
      [group.id, 429],
    ]) {
      const { result } = await api('sendMessage', { chat_id, text: 'one' });
      const edit = { chat_id, message_id: result.message_id, text: 'two' };
      expect(await api('editMessageText', edit)).toMatchObject({ status });
    }
    await simulator.close();
  });

  it('keeps nothing but counts under load, and still checks what needs no memory', async () => {
    const simulator = await startTelegramSimulator({ keep: 'counts' });
    simulator.bot();
    const api = apiOf(simulator);
    const first = await api('sendMessage', { chat_id: 1, text: 'hi' });
    const second = await api('sendMessage', { chat_id: 2, text: 'hi' });
    expect(second.result.message_id).not.toBe(first.result.message_id);
    expect(await api('sendMessage', { chat_id: 1, text: '' })).toMatchObject({ status: 400 });
    expect(await api('editMessageText', { chat_id: 1, message_id: 5, text: 'x' })).toMatchObject({
      ok: true,
    });
    simulator.inject({
      message: { message_id: 1, date: 1, chat: { id: 3, type: 'private', first_name: 'Zoe' } },
    } as never);
    expect((await api('getUpdates')).result).toHaveLength(1);
    expect(simulator.chats).toEqual([]);
    expect(simulator.calls()).toEqual([]);
    expect(simulator.counters()).toMatchObject({
      calls: { sendMessage: 3, editMessageText: 1 },
      refused: { 400: 1 },
    });
    await simulator.close();
  });
});
