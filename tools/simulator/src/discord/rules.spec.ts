import type { Json } from '../spec-kit';
import type { Guild } from './guild';
import type { DiscordPerson } from './person';
import type { SimulatedApplication } from './application';
import { type DiscordSimulator, startDiscordSimulator } from './simulator';
import { type Api, type ApiOptions, apiOf } from './spec-kit';

describe('Rules of the fake Discord API', () => {
  let simulator: DiscordSimulator;
  let api: Api;
  let bot: SimulatedApplication;
  let guild: Guild;
  let ada: DiscordPerson;

  beforeEach(async () => {
    simulator = await startDiscordSimulator();
    api = apiOf(simulator);
    bot = simulator.application({ name: 'support' });
    ada = simulator.person({ name: 'Ada' });
    guild = simulator.guild({ name: 'Shop', members: [ada] });
  });
  afterEach(() => simulator.close());

  const path = () => `channels/${guild.general.id}/messages`;
  const send = (message: object | FormData, options?: ApiOptions) => api(`POST ${path()}`, message, options);
  const problems = async (message: object) => flat((await send(message)).body.errors);
  const text = (length: number) => 'x'.repeat(length);
  const button = (more: object = {}) => ({ type: 2, style: 1, label: 'Yes', custom_id: 'yes', ...more });
  const row = (...components: object[]) => ({ type: 1, components });
  const option = (value: string) => ({ label: value, value });

  describe('who asks', () => {
    it('is known by the token', async () => {
      expect((await api('GET users/@me')).body).toMatchObject({
        id: bot.user.id,
        username: 'support',
        bot: true,
      });
      const refused = await api('GET users/@me', undefined, { token: 'nobody' });
      expect([refused.status, refused.error]).toEqual([401, [0, '401: Unauthorized']]);
      simulator.resetsToken(bot);
      expect((await api('GET users/@me')).status).toBe(401);
    });

    it('says so in the user agent', async () => {
      const refused = await api('GET users/@me', undefined, { headers: { 'user-agent': 'curl/8' } });
      expect([refused.status, refused.error?.[0]]).toEqual([403, 40333]);
    });

    it('may use any version, with and without /api', async () => {
      const headers = {
        authorization: `Bot ${bot.token}`,
        'user-agent': 'DiscordBot (https://example.org, 1)',
      };
      for (const prefix of ['/api/v10', '/api/v9', '/v10', '/api'])
        expect((await fetch(`${simulator.url}${prefix}/users/@me`, { headers })).status).toBe(200);
      expect((await api('GET nothing/here')).error).toEqual([0, '404: Not Found']);
    });

    it('has a token that begins with the id of its bot', async () => {
      const other = simulator.application({ token: `${btoa('112233445566')}.a.b` });
      expect([other.user.id, other.id]).toEqual(['112233445566', '112233445566']);
      const old = simulator.application({
        token: `${btoa('778899001122')}.a.b`,
        applicationId: '998877665544',
      });
      expect([old.user.id, old.id]).toEqual(['778899001122', '998877665544']);
      const me = await api('GET applications/@me', undefined, { token: `${btoa('778899001122')}.a.b` });
      expect(me.body).toMatchObject({
        id: '998877665544',
        verify_key: old.publicKey,
        bot: { id: '778899001122' },
      });
      expect(old.publicKey).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  it('tells where the gateway is', async () => {
    expect((await api('GET gateway/bot')).body).toEqual({
      url: simulator.url.replace('http', 'ws'),
      shards: 1,
      session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 },
    });
  });

  describe('a message', () => {
    it('is made, and told whole', async () => {
      const { status, body } = await send({ content: ' hello ', nonce: 'n-1' });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        channel_id: guild.general.id,
        type: 0,
        content: 'hello',
        author: { id: bot.user.id, bot: true },
        nonce: 'n-1',
        edited_timestamp: null,
      });
      expect(body.id).toMatch(/^\d{17,20}$/);
      expect(simulator.transcript(guild.general)).toEqual(['support: hello']);
    });

    it('of at most 2000 characters, counted in code points', async () => {
      expect((await send({ content: '😀'.repeat(2000) })).status).toBe(200);
      const { error, status, body } = await send({ content: text(2001) });
      expect([status, error]).toEqual([400, [50035, 'Invalid Form Body']]);
      expect(body.errors).toEqual({
        content: {
          _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }],
        },
      });
    });

    it.each([{}, { content: '' }, { content: '  \n' }, { embeds: [] }, { embeds: [{}] }])(
      'is not empty: %j',
      async (message) => expect((await send(message)).error).toEqual([50006, 'Cannot send an empty message']),
    );

    it.each([
      [{ content: 'x', contents: 'y' }, 'contents SIMULATOR_UNKNOWN_FIELD'],
      [{ content: 5 }, 'content STRING_TYPE_CONVERT'],
      [{ content: 'x', tts: 'yes' }, 'tts BOOLEAN_TYPE_CONVERT'],
      [{ content: 'x', nonce: text(26) }, 'nonce BASE_TYPE_MAX_LENGTH'],
      [{ content: 'x', sticker_ids: ['1', '2', '3', '4'] }, 'sticker_ids BASE_TYPE_MAX_LENGTH'],
      [{ content: 'x', allowed_mentions: { parse: ['all'] } }, 'allowed_mentions.parse.0 BASE_TYPE_CHOICES'],
      [
        { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } },
        'allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
      ],
      [{ content: 'x', message_reference: {} }, 'message_reference.message_id BASE_TYPE_REQUIRED'],
      [{ embeds: Array(11).fill({ title: 'x' }) }, 'embeds BASE_TYPE_MAX_LENGTH'],
      [{ embeds: [{ title: text(257) }] }, 'embeds.0.title BASE_TYPE_MAX_LENGTH'],
      [{ embeds: [{ description: text(4097) }] }, 'embeds.0.description BASE_TYPE_MAX_LENGTH'],
      [{ embeds: [{ fields: [{ name: '', value: 'v' }] }] }, 'embeds.0.fields.0.name BASE_TYPE_REQUIRED'],
      [
        { embeds: [{ fields: [{ name: 'n', value: text(1025) }] }] },
        'embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH',
      ],
      [{ embeds: [{ title: 'x', url: 'ftp://a.b' }] }, 'embeds.0.url URL_TYPE_INVALID_SCHEME'],
      [{ embeds: [{ title: 'x', timestamp: 'now' }] }, 'embeds.0.timestamp DATE_TIME_TYPE_PARSE'],
      [
        { embeds: [{ description: text(4096) }, { description: text(2000) }] },
        'embeds MAX_EMBED_SIZE_EXCEEDED',
      ],
      [{ poll: { question: { text: 'q' }, answers: [] } }, 'poll.answers BASE_TYPE_BAD_LENGTH'],
      [
        { poll: { question: { text: text(301) }, answers: [{ poll_media: { text: text(56) } }] } },
        'poll.answers.0.poll_media.text BASE_TYPE_BAD_LENGTH, poll.question.text BASE_TYPE_BAD_LENGTH',
      ],
    ])('with its fields right: %#', async (message, expected) =>
      expect((await problems(message)).toSorted()).toEqual(expected.split(', ')),
    );

    it.each([
      [[button()], '0.type UNION_TYPE_CHOICES'],
      [
        [
          row(
            ...Array(6)
              .fill(null)
              .map((_none, id) => button({ custom_id: `${id}` })),
          ),
        ],
        '0.components BASE_TYPE_BAD_LENGTH',
      ],
      [
        Array(6)
          .fill(null)
          .map((_none, id) => row(button({ custom_id: `${id}` }))),
        ' BASE_TYPE_MAX_LENGTH',
      ],
      [[row(button({ label: text(81) }))], '0.components.0.label BASE_TYPE_MAX_LENGTH'],
      [[row(button({ custom_id: text(101) }))], '0.components.0.custom_id BASE_TYPE_BAD_LENGTH'],
      [[row(button()), row(button())], '1.components.0.custom_id COMPONENT_CUSTOM_ID_DUPLICATED'],
      [[row(button({ custom_id: undefined }))], '0.components.0.custom_id BASE_TYPE_REQUIRED'],
      [[row({ type: 2, style: 5, label: 'x' })], '0.components.0.url BASE_TYPE_REQUIRED'],
      [[row(button({ label: undefined }))], '0.components.0 BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED'],
      [[row({ type: 3, custom_id: 's', options: [] })], '0.components.0.options BASE_TYPE_BAD_LENGTH'],
      [
        [row({ type: 3, custom_id: 's', options: [option('a'), option('a')] })],
        '0.components.0.options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
      ],
      [
        [row({ type: 3, custom_id: 's', options: [option('a')] }, button())],
        '0.components COMPONENT_LAYOUT_WIDTH_EXCEEDED',
      ],
      [[row({ type: 4, custom_id: 't', style: 1 })], '0.components.0.type UNION_TYPE_CHOICES'],
    ])('with its components right: %#', async (components, expected) =>
      expect(await problems({ content: 'x', components })).toEqual([
        `components.${expected}`.replace('. ', ' '),
      ]),
    );

    it('with components of the second version has nothing else', async () => {
      const components = [{ type: 17, components: [{ type: 10, content: 'Look' }, row(button())] }];
      const { body, status } = await send({ flags: 1 << 15, components });
      expect(status).toBe(200);
      expect(body.components[0].components[1].components[0].id).toBe(4);
      expect(simulator.transcript(guild.general)).toEqual(['support: Look [Yes]']);
      expect(await problems({ flags: 1 << 15, components, content: 'x' })).toEqual([
        'content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      ]);
      const many = Array(21).fill({ type: 17, components: [{ type: 10, content: 'x' }] });
      expect(await problems({ flags: 1 << 15, components: many })).toEqual([
        'components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
      ]);
      expect((await api(`PATCH ${path()}/${body.id}`, { content: 'x' })).error?.[0]).toBe(50035);
    });

    it('is made once for a nonce that is enforced, for a few minutes', async () => {
      const once = { content: 'hello', nonce: 'delivery-1', enforce_nonce: true };
      const [first, second] = [await send(once), await send({ ...once, content: 'other' })];
      expect(second.body).toEqual(first.body);
      expect(simulator.counters().repeatedNonces).toBe(1);
      expect((await send({ ...once, enforce_nonce: false })).body.id).not.toBe(first.body.id);
      const direct = await api('POST users/@me/channels', { recipient_id: ada.id });
      expect((await api(`POST channels/${direct.body.id}/messages`, once)).body.id).not.toBe(first.body.id);
      simulator.clock.advance(6 * 60_000);
      expect((await send(once)).body.id).not.toBe(first.body.id);
    });

    it('replies to what is there', async () => {
      const asked = ada.says('hi?', { chat: guild.general });
      const message_reference = { message_id: asked.message.id };
      const { body } = await send({ content: 'yes', message_reference });
      expect(body).toMatchObject({
        type: 19,
        referenced_message: { id: asked.message.id, content: 'hi?' },
        mentions: [{ id: ada.id }],
      });
      const quiet = await send({ content: 'x', message_reference, allowed_mentions: { parse: [] } });
      expect(quiet.body.mentions).toEqual([]);
      ada.deletes(asked);
      expect(await problems({ content: 'x', message_reference })).toEqual([
        'message_reference REPLIES_UNKNOWN_MESSAGE',
      ]);
      const lenient = await send({
        content: 'x',
        message_reference: { ...message_reference, fail_if_not_exists: false },
      });
      expect(lenient.body).toMatchObject({ type: 0, content: 'x' });
      expect(lenient.body.message_reference).toBeUndefined();
    });

    it('mentions whom it may', async () => {
      const role = guild.role('staff');
      const content = `<@${ada.id}> <@&${role.id}> @everyone`;
      const mentioned = async (allowed_mentions?: object) => {
        const { body } = await send({ content, ...(allowed_mentions && { allowed_mentions }) });
        return [body.mentions.length, body.mention_roles.length, body.mention_everyone];
      };
      expect(await mentioned()).toEqual([1, 1, true]);
      expect(await mentioned({ parse: [] })).toEqual([0, 0, false]);
      expect(await mentioned({ parse: ['roles'], users: [ada.id] })).toEqual([1, 1, false]);
    });

    it('forwards another one as it is now', async () => {
      const original = ada.says('look', { chat: guild.general });
      const message_reference = { type: 1, message_id: original.message.id, channel_id: guild.general.id };
      const { body } = await send({ message_reference });
      expect(body).toMatchObject({ content: '', message_snapshots: [{ message: { content: 'look' } }] });
    });

    it('has a poll', async () => {
      const answers = [{ poll_media: { text: 'Yes' } }, { poll_media: { text: 'No' } }];
      const { body } = await send({ poll: { question: { text: 'Sure?' }, answers } });
      expect(body.poll).toMatchObject({
        allow_multiselect: false,
        answers: [{ answer_id: 1 }, { answer_id: 2 }],
      });
      expect(simulator.transcript(guild.general)).toEqual(['support: Sure? (Yes) (No)']);
    });
  });

  describe('files', () => {
    const form = (payload: object, ...files: { name: string; type?: string; bytes?: string | Buffer }[]) => {
      const data = new FormData();
      data.append('payload_json', JSON.stringify(payload));
      files.forEach(({ name, type = 'text/plain', bytes = 'hello' }, index) =>
        data.append(`files[${index}]`, new Blob([bytes as string], { type }), name),
      );
      return data;
    };

    it('are kept, and served at an address that expires', async () => {
      const attachments = [{ id: 0, filename: 'a.txt', description: 'A text' }];
      const { body } = await send(
        form({ content: 'here', attachments, nonce: 'f', enforce_nonce: true }, { name: 'a.txt' }),
      );
      const [file] = body.attachments;
      expect(file).toMatchObject({
        filename: 'a.txt',
        description: 'A text',
        size: 5,
        content_type: 'text/plain',
      });
      const download = await fetch(file.url);
      expect([download.status, await download.text()]).toEqual([200, 'hello']);
      expect((await fetch(file.url.replace(/hm=../, 'hm=00'))).status).toBe(404);
      simulator.clock.advance(25 * 3_600_000);
      expect((await fetch(file.url)).status).toBe(404);
      const again = await api(`GET ${path()}/${body.id}`);
      expect((await fetch(again.body.attachments[0].url)).status).toBe(200);
      expect(simulator.calls('create-message')).toMatchObject([{ files: ['a.txt'] }]);
    });

    it('are at most 10 MiB, and there', async () => {
      const big = { name: 'big.bin', bytes: Buffer.alloc(10 * 1024 * 1024 + 1) };
      expect((await send(form({}, big))).error).toEqual([40005, 'Request entity too large']);
      const missing = await send(
        form({ content: 'x', attachments: [{ id: 3, filename: 'x' }] }, { name: 'a.txt' }),
      );
      expect(flat(missing.body.errors)).toEqual(['attachments.0.id ATTACHMENT_NOT_FOUND']);
    });

    it('of a voice message are one, with its length, and nothing else', async () => {
      const voice = { name: 'voice.ogg', type: 'audio/ogg' };
      const attachments = [{ id: 0, filename: 'voice.ogg', duration_secs: 2, waveform: 'AA==' }];
      const flags = 1 << 13;
      expect((await send(form({ flags, attachments, content: 'x' }, voice))).error?.[0]).toBe(50159);
      expect((await send(form({ flags, attachments }, { name: 'a.txt' }))).error?.[0]).toBe(50160);
      expect((await send(form({ flags }, voice))).error?.[0]).toBe(50161);
      expect((await send(form({ flags, attachments }, voice))).body.attachments).toMatchObject([
        { duration_secs: 2 },
      ]);
    });
  });

  describe('an edit', () => {
    it('changes what it names', async () => {
      const { body: sent } = await send({ content: 'one', components: [row(button())] });
      const edited = await api(`PATCH ${path()}/${sent.id}`, { content: 'two' });
      expect(edited.body).toMatchObject({ id: sent.id, content: 'two' });
      expect(edited.body.edited_timestamp).not.toBeNull();
      expect(simulator.transcript(guild.general)).toEqual(['support: two [Yes] (edited)']);
      expect((await api(`PATCH ${path()}/${sent.id}`, { content: '', components: [] })).error?.[0]).toBe(
        50006,
      );
    });

    it('is of what the bot itself wrote, and what is there', async () => {
      const theirs = ada.says('mine', { chat: guild.general });
      expect((await api(`PATCH ${path()}/${theirs.message.id}`, { content: 'x' })).error?.[0]).toBe(50005);
      expect((await api(`PATCH ${path()}/123456789`, { content: 'x' })).error).toEqual([
        10008,
        'Unknown Message',
      ]);
    });

    it('keeps of the files those that it lists', async () => {
      const data = new FormData();
      data.append('files[0]', new Blob(['a']), 'a.txt');
      data.append('files[1]', new Blob(['b']), 'b.txt');
      const { body: sent } = await send(data);
      const attachments = [{ id: sent.attachments[1].id }];
      const { body } = await api(`PATCH ${path()}/${sent.id}`, { attachments });
      expect(body.attachments.map((file: Json) => file.filename)).toEqual(['b.txt']);
    });
  });

  it('messages are read in pages', async () => {
    const ids = ['1', '2', '3', '4'].map((each) => ada.says(each, { chat: guild.general }).message.id);
    const read = async (query: string) =>
      (await api(`GET ${path()}?${query}`)).body.map(({ content }: Json) => content).join('');
    expect(await read('limit=2')).toBe('43');
    expect(await read(`after=${ids[0]}`)).toBe('432');
    expect(await read(`after=${ids[0]}&limit=1`)).toBe('2');
    expect(await read(`before=${ids[2]}&limit=1`)).toBe('2');
    expect(await read(`around=${ids[1]}&limit=3`)).toBe('321');
    expect((await api(`GET ${path()}?limit=101`)).error?.[0]).toBe(50035);
  });

  it('messages are deleted, alone and together', async () => {
    const { body } = await send({ content: 'x' });
    expect((await api(`DELETE ${path()}/${body.id}`)).status).toBe(204);
    expect((await api(`DELETE ${path()}/${body.id}`)).error?.[0]).toBe(10008);
    const ids = ['a', 'b'].map((each) => ada.says(each, { chat: guild.general }).message.id);
    expect((await api(`POST ${path()}/bulk-delete`, { messages: [ids[0]] })).error?.[0]).toBe(50016);
    expect((await api(`POST ${path()}/bulk-delete`, { messages: ids })).status).toBe(204);
    expect(guild.general.entries.map(({ deleted }) => deleted)).toEqual([true, true, true]);
    const old = ['a', 'b'].map((each) => ada.says(each, { chat: guild.general }).message.id);
    simulator.clock.advance(15 * 86_400_000);
    expect((await api(`POST ${path()}/bulk-delete`, { messages: old })).error?.[0]).toBe(50034);
  });

  it('reactions are emojis that exist, at most twenty', async () => {
    const { message } = ada.says('x', { chat: guild.general });
    const react = (emoji: string) =>
      api(`PUT ${path()}/${message.id}/reactions/${encodeURIComponent(emoji)}/@me`);
    const custom = guild.emoji('blob');
    expect((await react('👍')).status).toBe(204);
    expect((await react('❤')).status).toBe(204);
    expect((await react(`blob:${custom.id}`)).status).toBe(204);
    expect((await react('blob:1234')).error).toEqual([10014, 'Unknown Emoji']);
    expect((await react(':thumbsup:')).error?.[0]).toBe(10014);
    const shown = await api(`GET ${path()}/${message.id}`);
    expect(shown.body.reactions.map(({ emoji, count }: Json) => [emoji.name, count])).toEqual([
      ['👍', 1],
      ['❤', 1],
      ['blob', 1],
    ]);
    expect(
      (await api(`DELETE ${path()}/${message.id}/reactions/${encodeURIComponent('👍')}/@me`)).status,
    ).toBe(204);
    expect(simulator.transcript(guild.general)).toEqual(['Ada: x {support ❤} {support blob}']);
    const more = [...'😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑'];
    for (const emoji of more) expect((await react(emoji)).status).toBe(204);
    expect((await react('😒')).error?.[0]).toBe(30010);
  });

  it('reactions of a message say which are those of who asks', async () => {
    const said = ada.says('x', { chat: guild.general });
    ada.reacts(said, '👍');
    ada.reacts(said, '🎉');
    await api(`PUT ${path()}/${said.message.id}/reactions/${encodeURIComponent('👍')}/@me`);
    const { body } = await api(`GET ${path()}/${said.message.id}`);
    expect(body.reactions.map(({ emoji, count, me }: Json) => [emoji.name, count, me])).toEqual([
      ['👍', 2, true],
      ['🎉', 1, false],
    ]);
  });

  describe('channels', () => {
    it('are known', async () => {
      expect((await api(`GET channels/${guild.general.id}`)).body).toMatchObject({
        type: 0,
        name: 'general',
        guild_id: guild.id,
      });
      expect((await api('GET channels/1234567')).error).toEqual([10003, 'Unknown Channel']);
      const category = guild.channel({ name: 'all', kind: 'category' });
      expect((await api(`POST channels/${category.id}/messages`, { content: 'x' })).error?.[0]).toBe(50008);
      const elsewhere = simulator.guild({ name: 'Other', applications: [] });
      expect((await api(`GET channels/${elsewhere.general.id}`)).error?.[0]).toBe(50001);
    });

    it('are direct ones of people who take messages', async () => {
      const open = async (recipient_id: string) =>
        (await api('POST users/@me/channels', { recipient_id })).body.id;
      const direct = await open(ada.id);
      expect(direct).toBe(ada.direct.id);
      expect(await open(ada.id)).toBe(direct);
      const write = async (id: string) =>
        (await api(`POST channels/${id}/messages`, { content: 'x' })).error?.[0];
      expect(await write(direct)).toBeUndefined();
      ada.closesDms();
      expect(await write(direct)).toBe(50007);
      const stranger = simulator.person({ name: 'Cem', dms: 'members' });
      expect(await write(await open(stranger.id))).toBe(50278);
      expect((await api('POST users/@me/channels', { recipient_id: '42424242' })).error?.[0]).toBe(10013);
      expect((await api('POST users/@me/channels', { recipient_id: 'ada' })).error?.[0]).toBe(50035);
    });

    it('give only the permissions that are there', async () => {
      const { general } = guild;
      const { message } = ada.says('x', { chat: general });
      const refused = async (
        permission: Parameters<typeof general.forbid>[0],
        request: string,
        body?: object,
      ) => {
        general.forbid(permission);
        const { error } = await api(request, body);
        general.allow(permission);
        return error?.[0];
      };
      const content = { content: 'x' };
      expect(await refused('SendMessages', `POST ${path()}`, content)).toBe(50013);
      expect(await refused('ViewChannel', `POST ${path()}`, content)).toBe(50001);
      const reply = { ...content, message_reference: { message_id: message.id } };
      expect(await refused('ReadMessageHistory', `POST ${path()}`, reply)).toBe(160002);
      const emoji = encodeURIComponent('👍');
      expect(await refused('AddReactions', `PUT ${path()}/${message.id}/reactions/${emoji}/@me`)).toBe(50013);
      expect(await refused('ManageMessages', `DELETE ${path()}/${message.id}`)).toBe(50013);
    });

    it('show who types', async () => {
      expect((await api(`POST channels/${guild.general.id}/typing`)).status).toBe(204);
      expect(guild.general.actions).toEqual(['typing']);
    });
  });

  describe('threads', () => {
    it('hang on a message, whose id they have', async () => {
      const { message } = ada.says('topic', { chat: guild.general });
      const open = () =>
        api(`POST ${path()}/${message.id}/threads`, { name: 'Talk', auto_archive_duration: 1440 });
      const { body } = await open();
      expect(body).toMatchObject({ id: message.id, type: 11, parent_id: guild.general.id, name: 'Talk' });
      expect((await open()).error?.[0]).toBe(160004);
      expect((await api(`POST channels/${message.id}/messages`, { content: 'in it' })).body).toMatchObject({
        position: 1,
      });
      const invalid = await api(`POST ${path()}/${message.id}/threads`, {
        name: 'x',
        auto_archive_duration: 5,
      });
      expect(flat(invalid.body.errors)).toEqual(['auto_archive_duration BASE_TYPE_CHOICES']);
    });

    it('come back from the archive when somebody writes, unless they are locked', async () => {
      const { body: thread } = await api(`POST channels/${guild.general.id}/threads`, {
        name: 'Talk',
        type: 11,
      });
      const change = (body: object) => api(`PATCH channels/${thread.id}`, body);
      const write = () => api(`POST channels/${thread.id}/messages`, { content: 'x' });
      const { body: sent } = await write();
      await change({ archived: true });
      expect(
        (await api(`PATCH channels/${thread.id}/messages/${sent.id}`, { content: 'y' })).error?.[0],
      ).toBe(50083);
      expect((await write()).status).toBe(200);
      expect((await api(`GET channels/${thread.id}`)).body.thread_metadata.archived).toBe(false);
      await change({ locked: true });
      expect((await write()).error?.[0]).toBe(160005);
    });

    it('are posts in a forum', async () => {
      const forum = guild.channel({ name: 'help', kind: 'forum', tags: ['bug'] });
      const post = (body: object) => api(`POST channels/${forum.id}/threads`, { name: 'It breaks', ...body });
      expect((await post({})).error?.[0]).toBe(50035);
      expect((await post({ message: { content: 'x' } })).error?.[0]).toBe(40067);
      const tagged = { applied_tags: [forum.tags?.available[0].id] };
      const { body } = await post({ message: { content: 'Look' }, ...tagged });
      expect(body).toMatchObject({ parent_id: forum.id, message: { id: body.id, content: 'Look' } });
    });
  });

  it('commands are registered all at once', async () => {
    const put = (commands: object[]) => api(`PUT applications/${bot.id}/commands`, commands);
    expect((await put([{ name: 'Ask me', description: 'x' }])).error?.[0]).toBe(50035);
    expect((await put([{ name: 'ask' }])).error?.[0]).toBe(50035);
    expect(
      (
        await put([
          { name: 'ask', description: 'Asks' },
          { name: 'Sum up', type: 3 },
        ])
      ).body,
    ).toHaveLength(2);
    expect((await api(`GET applications/${bot.id}/commands`)).body).toMatchObject([
      { name: 'ask', type: 1 },
      { type: 3 },
    ]);
  });

  it('a body is JSON', async () => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bot ${bot.token}`,
      'user-agent': 'DiscordBot (a, 1)',
    };
    const post = async (body: string, more: object = {}) => {
      const response = await fetch(`${simulator.apiUrl}/v10/${path()}`, {
        method: 'POST',
        body,
        headers: { ...headers, ...more },
      });
      return ((await response.json()) as Json).code;
    };
    expect(await post('{"content":')).toBe(50109);
    expect(await post('{"content":"x"}', { 'content-type': 'text/plain' })).toBe(50035);
  });

  it('with counts only nothing is kept, and anything goes', async () => {
    const counting = await startDiscordSimulator({ keep: 'counts' });
    counting.application();
    const call = apiOf(counting);
    const { body } = await call('POST channels/4444/messages', { content: 'x' });
    expect((await call(`PATCH channels/4444/messages/${body.id}`, { content: 'y' })).status).toBe(200);
    expect((await call(`DELETE channels/4444/messages/${body.id}`)).status).toBe(204);
    expect(counting.calls()).toEqual([]);
    expect(counting.counters().calls).toEqual({
      'create-message': 1,
      'edit-message': 1,
      'delete-message': 1,
    });
    await counting.close();
  });
});

/** The tree of errors as lines: the path and the code. */
function flat(tree: Json, path: string[] = []): string[] {
  return Object.entries((tree ?? {}) as Record<string, Json>).flatMap(([key, value]) =>
    key === '_errors'
      ? value.map(({ code }: Json) => `${path.join('.')} ${code}`)
      : flat(value, [...path, key]),
  );
}
