import { control, type Json } from '../spec-kit';
import type { Entry } from './chat';
import type { Person } from './person';
import { type EvolutionSimulator, startEvolutionSimulator } from './simulator';
import { type Api, apiOf, type Hook, listen, startHook } from './spec-kit';

describe('People', () => {
  let simulator: EvolutionSimulator;
  let hook: Hook;
  let api: Api;
  let ada: Person;

  beforeEach(async () => {
    simulator = await startEvolutionSimulator({ version: '2.3.6', acknowledgements: { delayMs: 0 } });
    hook = await startHook();
    simulator.instance({ number: '5511900000001', lid: '99000111222333' });
    await listen(simulator, hook);
    api = apiOf(simulator);
    ada = simulator.person({ phone: '5511987654321', name: 'Ada' });
  });
  afterEach(async () => {
    await simulator.close();
    await hook.close();
  });

  const number = '5511987654321';
  const send = async (method: string, body: object) =>
    (await api(`POST message/${method}/support`, { number, ...body })).body;
  const told = async ({ id }: Entry) => {
    await simulator.drained();
    return hook.data('messages.upsert').find(({ key }) => key.id === id);
  };

  it('read what the account writes, edits, deletes and puts on messages', async () => {
    const hello = ada.says('hello');
    await send('sendReaction', { key: { id: hello.id, remoteJid: ada.jid, fromMe: false }, reaction: '👍' });
    const media = Buffer.from('bytes').toString('base64');
    await send('sendMedia', { mediatype: 'image', media, caption: 'Look' });
    await send('sendMedia', { mediatype: 'document', media: 'https://example.org/a.pdf', fileName: 'a.pdf' });
    await send('sendWhatsAppAudio', { audio: media });
    await send('sendSticker', { sticker: 'https://example.org/a.webp' });
    await send('sendPtv', { video: media });
    await send('sendLocation', { latitude: 52.5, longitude: 13.4, name: 'Here', address: 'A street' });
    await send('sendContact', { contact: [{ fullName: 'Bob', phoneNumber: '+49 30 123456' }] });
    const poll = await send('sendPoll', { name: 'Tea?', selectableCount: 1, values: ['yes', 'no'] });
    ada.votes(ada.chat.entries.at(-1)!, 'yes');
    const row = { title: 'One', rowId: '1' };
    const sections = [{ title: 'Rows', rows: [row] }];
    await send('sendList', { title: 'Pick', footerText: '', buttonText: 'Open', sections });
    await send('sendButtons', { title: 'Sure?', buttons: [{ type: 'reply', displayText: 'Yes', id: 'y' }] });
    simulator.instances[0].typesOnPhone(ada, 'it is me');

    expect(simulator.transcript(ada)).toEqual([
      'Ada: hello {support 👍}',
      'support: (image) Look',
      'support: (document)',
      'support: (voice)',
      'support: (sticker)',
      'support: (video note)',
      'support: (location) Here',
      'support: (contact) Bob',
      'support: (poll) Tea? <yes> <no> {Ada: yes}',
      'support: (list) Pick',
      'support: (buttons)',
      'support (phone): it is me',
    ]);
    expect(poll).toMatchObject({ messageType: 'pollCreationMessageV3' });
    expect(await told(ada.chat.entries.at(-1)!)).toMatchObject({
      key: { fromMe: true, remoteJid: ada.jid },
      pushName: 'Você',
    });
  });

  it('send every kind of content', async () => {
    const sent = [
      ada.sendsImage({ caption: 'look' }),
      ada.sendsVideo(),
      ada.sendsVideoNote(),
      ada.sendsAudio(),
      ada.sendsVoice(),
      ada.sendsDocument(),
      ada.sendsSticker(),
      ada.sendsLocation(52.5, 13.4, { name: 'Berlin' }),
      ada.sendsContact('+49 30 123456', 'Bob'),
      ada.sendsPoll('Tea?', ['yes', 'no'], { selectable: 2 }),
    ];
    const kinds = [];
    for (const entry of sent) kinds.push((await told(entry)).messageType);
    expect(kinds).toEqual([
      'imageMessage',
      'videoMessage',
      'ptvMessage',
      'audioMessage',
      'audioMessage',
      'documentMessage',
      'stickerMessage',
      'locationMessage',
      'contactMessage',
      'pollCreationMessage',
    ]);
    expect((await told(sent[4])).message.audioMessage).toMatchObject({
      ptt: true,
      mimetype: 'audio/ogg; codecs=opus',
    });
    expect((await told(sent[8])).message.contactMessage.vcard).toContain('waid=4930123456');
    expect(Object.keys((await told(sent[0])).message)[0]).toBe('messageContextInfo');
  });

  it('send albums, forwarded, disappearing and view-once messages', async () => {
    const [first, second] = ada.sendsAlbum([{ kind: 'image', caption: 'both' }, { kind: 'video' }]);
    await simulator.drained();
    const [album] = hook.data('messages.upsert');
    expect(album.message.albumMessage).toEqual({ expectedImageCount: 1, expectedVideoCount: 1 });
    for (const item of [first, second]) {
      const { messageAssociation } = (await told(item)).message.messageContextInfo;
      expect(messageAssociation.parentMessageKey.id).toBe(album.key.id);
    }
    expect(await told(ada.says('gone soon', { expiration: 86_400 }))).toMatchObject({
      message: { conversation: 'gone soon' },
      contextInfo: { expiration: 86_400 },
    });
    expect(await told(ada.says('wrapped', { wrapper: 'ephemeral' }))).toMatchObject({
      messageType: 'ephemeralMessage',
      message: { ephemeralMessage: { message: { conversation: 'wrapped' } } },
    });
    const once = ada.sendsImage({ wrapper: 'viewOnceV2', caption: 'once' });
    expect(await told(once)).toMatchObject({
      message: { viewOnceMessageV2: { message: { imageMessage: {} } } },
    });
    const forwarded = ada.says('news', { context: { isForwarded: true, forwardingScore: 2 } });
    expect(await told(forwarded)).toMatchObject({ contextInfo: { isForwarded: true } });
    expect(simulator.transcript(ada).slice(-4)).toEqual([
      'Ada: gone soon',
      'Ada: wrapped',
      'Ada: (image) once',
      'Ada: news',
    ]);
  });

  it('reply, mention, react and take it back', async () => {
    await send('sendText', { text: 'How can I help?' });
    const reply = await simulator.waitForReply(ada, 'help');
    expect(await told(ada.replies(reply, 'like this'))).toMatchObject({
      contextInfo: { stanzaId: reply.id, participant: '5511900000001@s.whatsapp.net' },
    });
    const mentions = [simulator.instances[0]];
    const [byLid, byPhone] = [
      ada.says('@99000111222333 hi', { mentions }),
      ada.says('@5511900000001 hi', { mentions, mentionBy: 'phone' }),
    ];
    expect((await told(byLid)).contextInfo.mentionedJid).toEqual(['99000111222333@lid']);
    expect((await told(byPhone)).contextInfo.mentionedJid).toEqual(['5511900000001@s.whatsapp.net']);
    ada.reacts(reply, '❤️');
    expect(simulator.transcript(ada)[0]).toBe('support: How can I help? {Ada ❤️}');
    ada.unreacts(reply);
    await simulator.drained();
    const reactions = hook
      .data('messages.upsert')
      .filter(({ messageType }) => messageType === 'reactionMessage');
    expect(reactions.map(({ message }) => message.reactionMessage)).toMatchObject([
      { key: { id: reply.id, fromMe: true }, text: '❤️' },
      { key: { id: reply.id }, text: '' },
    ]);
  });

  it('talk in groups, which change', async () => {
    const bob = simulator.person({ lid: '141000111222333', phone: '4930123456', name: 'Bob' });
    const group = simulator.group({ id: '120363000000000001', subject: 'Team', members: [ada] });
    group.adds(bob);
    group.promotes(bob);
    group.renames('The team');
    const hello = bob.says('hello all', { chat: group });
    expect(await told(hello)).toMatchObject({
      key: {
        remoteJid: group.jid,
        participant: '141000111222333@lid',
        participantAlt: '4930123456@s.whatsapp.net',
      },
      message: { senderKeyDistributionMessage: { groupId: group.jid }, conversation: 'hello all' },
      messageType: 'conversation',
    });
    expect(hook.data('groups.upsert')).toMatchObject([[{ id: group.jid, subject: 'Team' }]]);
    expect(hook.data('groups.update')).toEqual([[{ id: group.jid, subject: 'The team' }]]);
    expect(hook.data('group-participants.update')).toMatchObject([
      {
        id: group.jid,
        action: 'add',
        participants: ['141000111222333@lid'],
        participantsData: [{ phoneNumber: '4930123456' }],
      },
      { action: 'promote' },
    ]);
    const { body } = await api(`GET group/findGroupInfos/support?groupJid=${group.jid}`);
    expect(body).toMatchObject({
      subject: 'The team',
      size: 3,
      participants: [{ admin: 'superadmin' }, {}, { admin: 'admin' }],
    });
    expect((await api('GET group/findGroupInfos/support?groupJid=1@g.us')).status).toBe(404);
    await send('sendText', { number: group.jid, text: '@4930123456 hi', mentioned: ['4930123456'] });
    expect(simulator.transcript(group)).toEqual(['Bob: hello all', 'support: @4930123456 hi']);
    group.removes(bob);
    await simulator.drained();
    expect(hook.data('group-participants.update').at(-1)).toMatchObject({ action: 'remove' });
  });

  it('type, call, post a status, change their name', async () => {
    ada.types('recording');
    ada.calls({ video: true });
    ada.postsStatus('on holiday');
    ada.renames('Ada L.');
    await simulator.drained();
    expect(hook.data('presence.update')).toEqual([
      { id: ada.jid, presences: { [ada.jid]: { lastKnownPresence: 'recording' } } },
    ]);
    expect(hook.data('call')).toMatchObject([{ from: ada.jid, status: 'offer', isVideo: true }]);
    expect(hook.data('messages.upsert')).toMatchObject([
      { key: { remoteJid: 'status@broadcast', participant: ada.jid } },
    ]);
    expect(hook.data('contacts.update')).toMatchObject([{ remoteJid: ada.jid, pushName: 'Ada L.' }]);
    expect(hook.data('chats.upsert')).toMatchObject([[{ name: 'Ada L.' }]]);
  });

  it('write what comes empty first, with the same id, and what is repeated', async () => {
    const entry = ada.sendsEmptyThenReal('here it is');
    ada.repeats(entry);
    await simulator.drained();
    const upserts = hook.data('messages.upsert');
    expect(new Set(upserts.map(({ key }) => key.id))).toEqual(new Set([entry.id]));
    expect(upserts.map(({ message }) => message.conversation)).toEqual([
      undefined,
      'here it is',
      'here it is',
    ]);
    expect(upserts[0].messageType).toBe('messageContextInfo');
    expect(simulator.transcript(ada)).toEqual(['Ada: here it is']);
  });

  it('wait for a reply: each is returned once, there already or to come', async () => {
    await send('sendText', { text: 'one' });
    expect(await simulator.waitForReply(ada)).toMatchObject({ text: 'one' });
    const later = simulator.waitForReply(ada, /two$/);
    const { key } = await send('sendText', { text: 'tw' });
    await api('POST chat/updateMessage/support', { number, key, text: 'two' });
    expect(await later).toMatchObject({ text: 'two', versions: ['tw'] });
    await expect(simulator.waitForReply(ada, 'one', 1)).rejects.toThrow('support: one');
  });

  it('are found: contacts, chats, messages, numbers', async () => {
    const bob = simulator.person({ lid: '141000111222333', phone: '4930123456', name: 'Bob' });
    ada.says('one');
    bob.says('two');
    const ask = async (what: string, body: object = {}) =>
      (await api(`POST chat/${what}/support`, body)).body;
    expect(await ask('findContacts', { where: { pushName: 'Bob' } })).toMatchObject([{ remoteJid: bob.jid }]);
    expect(await ask('findChats')).toMatchObject([
      { remoteJid: ada.jid, unreadCount: 1, lastMessage: { message: { conversation: 'one' } } },
      {},
    ]);
    expect(await ask('findMessages', { where: { key: { remoteJid: ada.jid } } })).toMatchObject({
      messages: { total: 1, pages: 1, currentPage: 1, records: [{ message: { conversation: 'one' } }] },
    });
    expect(await ask('findMessages', { page: 2, offset: 1 })).toMatchObject({
      messages: { total: 2, pages: 2, records: [{ message: { conversation: 'one' } }] },
    });
    expect(await ask('whatsappNumbers', { numbers: ['4930123456', '4930000000'] })).toMatchObject([
      { exists: true, jid: '4930123456@s.whatsapp.net', lid: '141000111222333@lid' },
      { exists: false },
    ]);
    expect(await ask('fetchProfilePictureUrl', { number })).toEqual({
      wuid: ada.jid,
      profilePictureUrl: null,
    });
  });

  it('recorded bodies are posted as they are, and can be answered', async () => {
    const recorded: Json = {
      event: 'messages.upsert',
      instance: 'elsewhere',
      data: {
        key: {
          remoteJid: '77000111222333@lid',
          remoteJidAlt: '4915112345678@s.whatsapp.net',
          fromMe: false,
          id: 'AB',
        },
        pushName: 'Zoe',
        message: { conversation: 'recorded' },
        messageTimestamp: 1,
      },
      more: true,
    };
    simulator.inject(recorded);
    simulator.inject(recorded);
    await simulator.drained();
    expect(hook.received.map(({ body }) => body)).toEqual([recorded, recorded]);
    await send('sendText', { number: '4915112345678', text: 'hi', quoted: { key: { id: 'AB' } } });
    const chat = simulator.chats.find(({ title }) => title === 'Zoe')!;
    expect(simulator.transcript(chat)).toEqual(['Zoe: recorded', 'support: hi']);
    expect(chat.entries[1].quotes).toBe('AB');
  });

  it('are only counted under load', async () => {
    await simulator.close();
    simulator = await startEvolutionSimulator({ keep: 'counts', acknowledgements: { delayMs: 0 } });
    const bob = simulator.person({ name: 'Bob' });
    await listen(simulator, hook);
    api = apiOf(simulator);
    bob.says('hello');
    const sent = await send('sendText', { number: bob.phone, text: 'hi' });
    await send('sendText', { number: '4930999999', text: 'hi' });
    expect((await api('POST chat/updateMessage/support', { number, key: sent.key, text: 'x' })).status).toBe(
      200,
    );
    await simulator.drained();
    expect([bob.chat.entries, simulator.calls(), simulator.deliveries()]).toEqual([[], [], []]);
    expect(simulator.counters()).toMatchObject({
      calls: { sendText: 2, updateMessage: 1 },
      events: { 'messages.upsert': 1, 'send.message': 2, 'messages.update': 6 },
    });
  });

  it('can be driven from outside', async () => {
    const ask = (request: string, body?: object) => control(simulator.url, request, body);
    expect(await ask('POST /control/instances', { name: 'sales', state: 'connecting' })).toMatchObject({
      state: 'connecting',
      qr: { code: expect.any(String) },
    });
    await ask('POST /control/instances/sales/scans');
    expect(await ask('POST /control/instances/none/scans')).toMatchObject({
      error: expect.stringContaining('no instance none'),
    });
    expect(await ask('POST /control/people', { name: 'Cyd', phone: '4930777777' })).toEqual({
      name: 'Cyd',
      jid: '4930777777@s.whatsapp.net',
      phone: '4930777777',
    });
    expect(await ask('POST /control/people/Cyd/says', { text: 'hello' })).toMatchObject({
      text: 'hello',
      author: 'Cyd',
    });
    expect(await ask('POST /control/people/Cyd/says', {})).toEqual({
      error: 'The body needs "text", a text.',
    });
    await ask('POST /control/people/Cyd/sends', { message: { conversation: 'raw' } });
    await ask('POST /control/instances/support/types', { to: 'Cyd', text: 'by hand' });
    const { jid } = await ask('POST /control/groups', { subject: 'Team', members: ['Ada', 'Cyd'] });
    await ask('POST /control/people/Cyd/says', { text: 'all', chat: jid });
    expect((await ask('GET /control/chats/Cyd')).transcript).toEqual([
      'Cyd: hello',
      'Cyd: raw',
      'support (phone): by hand',
    ]);
    expect((await ask(`GET /control/chats/${jid}`)).transcript).toEqual(['Cyd: all']);
    await ask('POST /control/instances/support/closes', { statusReason: 408 });
    expect((await ask('GET /control/instances'))[0]).toMatchObject({ name: 'support', state: 'close' });
    await ask('POST /control/instances/support/opens');
    await ask('POST /control/instances/support/restrict', { warmStillWorks: false });
    await send('sendText', { text: 'x' });
    await simulator.drained();
    expect(ada.chat.entries[0].status).toBe('ERROR');
    await ask('POST /control/license', { required: true });
    expect((await api('GET instance/fetchInstances')).status).toBe(503);
    await ask('POST /control/license', { required: false });
    await ask('POST /control/clear');
    expect(await ask('GET /control/counters')).toMatchObject({ calls: {}, events: {} });
    expect(await ask('GET /control/chats/Cyd')).toMatchObject({ messages: [] });
  });
});
