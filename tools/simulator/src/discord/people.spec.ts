import { control } from '../spec-kit';
import type { SimulatedApplication } from './application';
import type { Guild } from './guild';
import type { DiscordPerson } from './person';
import { type DiscordSimulator, startDiscordSimulator } from './simulator';
import { type Api, apiOf, type Client, identify, usualIntents } from './spec-kit';

describe('People of the fake Discord', () => {
  let simulator: DiscordSimulator;
  let api: Api;
  let bot: SimulatedApplication;
  let guild: Guild;
  let ada: DiscordPerson;
  let client: Client;

  beforeEach(async () => {
    simulator = await startDiscordSimulator();
    api = apiOf(simulator);
    bot = simulator.application({ name: 'support' });
    guild = simulator.guild({ name: 'Shop' });
    ada = simulator.person({ name: 'Ada', guild });
    client = await identify(simulator, { intents: usualIntents | (1 << 1) | (1 << 11) | (1 << 24) });
  });
  afterEach(() => simulator.close());

  const told = () => client.event('MESSAGE_CREATE');

  it('write in a guild', async () => {
    ada.says('hello');
    expect(await told()).toMatchObject({
      type: 0,
      content: 'hello',
      author: { id: ada.id, username: 'ada', global_name: 'Ada' },
      guild_id: guild.id,
      channel_id: guild.general.id,
      channel_type: 0,
      member: { roles: [], nick: null },
      mentions: [],
    });
  });

  it('write directly', async () => {
    ada.dms('hello');
    const message = await told();
    expect(message).toMatchObject({ content: 'hello', channel_id: ada.direct.id, channel_type: 1 });
    expect([message.guild_id, message.member]).toEqual([undefined, undefined]);
  });

  it('reply and mention', async () => {
    const cem = simulator.person({ name: 'Cem', guild });
    const first = ada.says('who?');
    cem.replies(first, 'me');
    cem.mentions(bot, 'hey');
    cem.mentions(guild.role('staff'), 'help');
    cem.mentions('everyone', 'hi');
    await client.event('MESSAGE_CREATE', 5);
    const [, reply, toBot, toRole, toAll] = client.events('MESSAGE_CREATE');
    expect(reply).toMatchObject({
      type: 19,
      message_reference: { message_id: first.message.id, channel_id: guild.general.id, guild_id: guild.id },
      referenced_message: { content: 'who?' },
      mentions: [{ id: ada.id, member: {} }],
    });
    expect(toBot.mentions).toMatchObject([{ id: bot.user.id, bot: true, member: {} }]);
    expect(toRole.mention_roles).toHaveLength(1);
    expect(toAll.mention_everyone).toBe(true);
  });

  it('send files, voice messages, stickers and polls, and forward', async () => {
    ada.sendsFile({ kind: 'image', caption: 'look', files: [{ filename: 'a.png' }, { filename: 'b.png' }] });
    ada.sendsVoiceMessage({ seconds: 4 });
    ada.sendsSticker('Wave');
    const poll = ada.sendsPoll('Sure?', ['Yes', 'No']);
    ada.forwards(ada.dms('secret'));
    await client.event('MESSAGE_CREATE', 6);
    const [files, voice, sticker, asked, , forwarded] = client.events('MESSAGE_CREATE');
    expect(files).toMatchObject({
      content: 'look',
      attachments: [{ filename: 'a.png', width: 1 }, { filename: 'b.png' }],
    });
    expect((await fetch(files.attachments[0].url)).status).toBe(200);
    expect(voice).toMatchObject({
      flags: 1 << 13,
      attachments: [{ duration_secs: 4, content_type: 'audio/ogg' }],
    });
    expect(sticker.sticker_items).toMatchObject([{ name: 'Wave', format_type: 1 }]);
    expect((await fetch(`${simulator.url}/stickers/${sticker.sticker_items[0].id}.png`)).status).toBe(200);
    expect((await fetch(`${simulator.url}/stickers/1.png`)).status).toBe(404);
    expect(asked.poll.question).toEqual({ text: 'Sure?' });
    expect(forwarded).toMatchObject({
      content: '',
      message_reference: { type: 1 },
      message_snapshots: [{ message: { content: 'secret' } }],
    });
    ada.votes(poll, 'No');
    expect(await client.event('MESSAGE_POLL_VOTE_ADD')).toMatchObject({ user_id: ada.id, answer_id: 2 });
    expect(simulator.transcript(guild.general)).toEqual([
      'Ada: (a.png) (b.png) look',
      'Ada: (voice-message.ogg) (voice)',
      'Ada: (sticker Wave)',
      'Ada: Sure? (Yes) (No)',
      'Ada: secret (forwarded)',
    ]);
  });

  it('edit, delete, and have links unfurled', async () => {
    const said = ada.says('one https://example.org');
    ada.unfurls(said, { type: 'link', url: 'https://example.org', title: 'Example' });
    ada.edits(said, 'two');
    ada.deletes(said);
    await client.event('MESSAGE_DELETE');
    const [unfurled, edited] = client.events('MESSAGE_UPDATE');
    expect(unfurled).toMatchObject({
      edited_timestamp: null,
      embeds: [{ title: 'Example' }],
      author: { id: ada.id },
    });
    expect(edited).toMatchObject({ id: said.message.id, content: 'two' });
    expect(edited.edited_timestamp).not.toBeNull();
    expect(client.events('MESSAGE_DELETE')).toEqual([
      { id: said.message.id, channel_id: guild.general.id, guild_id: guild.id },
    ]);
  });

  it('react, also with emojis of the guild, and take it back', async () => {
    const said = ada.says('hello');
    const blob = guild.emoji('blob');
    ada.reacts(said, '👍');
    ada.reacts(said, blob);
    ada.unreacts(said, '👍');
    await client.event('MESSAGE_REACTION_REMOVE');
    expect(client.events('MESSAGE_REACTION_ADD')).toMatchObject([
      {
        emoji: { id: null, name: '👍' },
        user_id: ada.id,
        message_author_id: ada.id,
        member: { user: { id: ada.id } },
      },
      { emoji: { id: blob.id, name: 'blob' } },
    ]);
    expect(client.events('MESSAGE_REACTION_REMOVE')).toMatchObject([
      { emoji: { name: '👍' }, message_id: said.message.id },
    ]);
    expect(simulator.transcript(guild.general)).toEqual(['Ada: hello {Ada blob}']);
  });

  it('type, join and leave', async () => {
    ada.types();
    expect(await client.event('TYPING_START')).toMatchObject({
      user_id: ada.id,
      channel_id: guild.general.id,
    });
    const cem = simulator.person({ name: 'Cem' });
    cem.joins(guild);
    cem.leaves(guild);
    await client.event('GUILD_MEMBER_REMOVE');
    expect(await client.event('GUILD_MEMBER_ADD')).toMatchObject({
      guild_id: guild.id,
      user: { id: cem.id },
    });
    expect(client.events('MESSAGE_CREATE')).toMatchObject([{ type: 7, author: { id: cem.id } }]);
    expect(simulator.transcript(guild.general)).toEqual(['Cem: (joined)']);
  });

  it('open threads, below a message and on their own', async () => {
    const said = ada.says('topic');
    const below = ada.opensThread('Below', { message: said });
    const alone = ada.opensThread('Alone');
    ada.says('in it', { chat: below });
    await client.event('MESSAGE_CREATE', 4);
    expect(client.events('THREAD_CREATE')).toMatchObject([
      { id: said.message.id, type: 11, parent_id: guild.general.id, newly_created: true },
      { id: alone.id, name: 'Alone' },
    ]);
    expect(client.events('MESSAGE_CREATE').map(({ type, channel_id }) => [type, channel_id])).toEqual([
      [0, guild.general.id],
      [21, below.id],
      [18, guild.general.id],
      [0, below.id],
    ]);
    expect(client.events('MESSAGE_CREATE')[3]).toMatchObject({ channel_type: 11, position: 1 });
  });

  it('take no direct messages any more', async () => {
    ada.closesDms();
    const write = async () => (await api(`POST channels/${ada.direct.id}/messages`, { content: 'x' })).status;
    expect(await write()).toBe(403);
    ada.opensDms();
    expect(await write()).toBe(200);
  });

  it('wait for replies, that come or change, each once', async () => {
    const send = (content: string) => api(`POST channels/${guild.general.id}/messages`, { content });
    const waiting = simulator.waitForReply(ada, 'done');
    const { body } = await send('working');
    expect((await simulator.waitForReply(ada)).message.content).toBe('working');
    const second = await send('still wor');
    await api(`PATCH channels/${guild.general.id}/messages/${second.body.id}`, { content: 'done' });
    expect((await waiting).message.id).toBe(second.body.id);
    await expect(simulator.waitForReply(ada, /./, 30)).rejects.toThrow('No such reply within 30 ms');
    expect(body.id).not.toBe(second.body.id);
  });

  it('a guild that the bot is added to and removed from', async () => {
    const other = simulator.guild({ name: 'Other', applications: [] });
    other.addsBot(bot);
    expect(await client.event('GUILD_CREATE', 2)).toMatchObject({ id: other.id, name: 'Other' });
    other.removesBot(bot);
    expect(await client.event('GUILD_DELETE')).toEqual({ id: other.id });
    expect((await api(`GET channels/${other.general.id}`)).error?.[0]).toBe(50001);
  });

  it('recorded events happen with their own ids, as often as they are told', async () => {
    const author = {
      id: '1033044521375764530',
      username: 'testuser',
      global_name: 'Test User',
      discriminator: '0',
    };
    const d = {
      id: '1457536551830421524',
      channel_id: '1457510428359004343',
      guild_id: '1457468924290662599',
      channel_type: 0,
      author,
      content: 'Hey',
      mentions: [],
    };
    simulator.inject({ t: 'MESSAGE_CREATE', d });
    simulator.inject({ type: 'GATEWAY_MESSAGE_CREATE', data: d });
    await client.event('MESSAGE_CREATE', 2);
    expect(client.events('MESSAGE_CREATE')).toEqual([d, d]);
    const reply = await api(`POST channels/${d.channel_id}/messages`, {
      content: 'Hello',
      message_reference: { message_id: d.id },
    });
    expect(reply.body).toMatchObject({ referenced_message: { id: d.id }, mentions: [{ id: author.id }] });
    const pressed = simulator.inject({
      id: '1457536583141163186',
      application_id: bot.id,
      token: 'recorded',
      type: 3,
      data: { custom_id: 'hello', component_type: 2 },
      guild_id: d.guild_id,
      channel_id: d.channel_id,
      member: { user: author },
      message: { ...d, id: '1457536567810854934', author: bot.user },
    });
    expect(await client.event('INTERACTION_CREATE')).toMatchObject({ token: 'recorded' });
    expect((await api('POST interactions/1457536583141163186/recorded/callback', { type: 6 })).status).toBe(
      204,
    );
    expect(pressed?.state).toBe('answered');
  });

  it('are moved from outside', async () => {
    const call = (request: string, body?: object) => control(simulator.url, request, body);
    const bia = await call('POST /control/people', { name: 'Bia' });
    await call(`POST /control/people/${bia.id}/says`, { text: 'hello' });
    expect(await told()).toMatchObject({ content: 'hello', channel_id: bia.chat });
    const components = [{ type: 1, components: [{ type: 2, style: 1, label: 'Yes', custom_id: 'y' }] }];
    await api(`POST channels/${bia.chat}/messages`, { content: 'Sure?', components });
    expect(await call('POST /control/people/Bia/presses', { button: 'Yes' })).toMatchObject({
      type: 3,
      state: 'waiting',
    });
    expect(await call('POST /control/people/Bia/uses-command', { command: 'ask' })).toMatchObject({
      type: 2,
    });
    expect(await call('POST /control/people/Bia/presses', { button: 'No' })).toMatchObject({
      error: expect.any(String),
    });
    expect(await call('GET /control/chats/Bia')).toMatchObject({
      transcript: ['Bia: hello', 'support: Sure? [Yes]'],
    });
    expect(await call('GET /control/applications')).toMatchObject([{ id: bot.id, publicKey: bot.publicKey }]);
    expect(await call('GET /control/sessions')).toMatchObject([{ connected: true }]);
    expect(await call('POST /control/gateway/reconnect')).toEqual({ connections: 1 });
    await client.saw(({ op }) => op === 7);
    const made = await call('POST /control/guilds', { name: 'New', members: [bia.id] });
    expect(made.channels).toMatchObject([{ name: 'general' }]);
    await call('POST /control/clear');
    expect(await call('GET /control/chats/Bia')).toMatchObject({ transcript: [] });
  });
});
