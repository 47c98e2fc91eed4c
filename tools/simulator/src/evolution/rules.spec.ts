import { type Api, apiOf } from './spec-kit';
import { type EvolutionSimulator, startEvolutionSimulator } from './simulator';
import type { Person } from './person';

describe('The fake Evolution API refuses what the real one refuses', () => {
  let simulator: EvolutionSimulator;
  let api: Api;
  let ada: Person;

  beforeEach(async () => {
    simulator = await startEvolutionSimulator({ acknowledgements: { statuses: [] } });
    simulator.instance({ name: 'support', number: '5511900000001', token: 'support-token' });
    ada = simulator.person({ phone: '5511987654321', name: 'Ada' });
    api = apiOf(simulator);
  });
  afterEach(() => simulator.close());

  const number = '5511987654321';
  const send = (method: string, body: object) => api(`POST message/${method}/support`, { number, ...body });
  const base64 = Buffer.from('some bytes').toString('base64');

  it.each<[string, string, object, unknown[]]>([
    ['no text', 'sendText', {}, [['instance requires property "text"']]],
    [
      'the payload of v1',
      'sendText',
      { textMessage: { text: 'x' } },
      [['instance requires property "text"']],
    ],
    ['a blank text', 'sendText', { text: ' ' }, ['Text is required']],
    ['a number that is none', 'sendText', { number: 5, text: 'x' }, [['Invalid format']]],
    ['a delay in words', 'sendText', { text: 'x', delay: 'soon' }, [['Enter a value in milliseconds']]],
    [
      'a quote without an id',
      'sendText',
      { text: 'x', quoted: { key: {} } },
      [['quoted.key requires property "id"']],
    ],
    [
      'a mention of a name',
      'sendText',
      { text: 'x', mentioned: ['ada'] },
      [['"mentioned" must be an array of numeric strings']],
    ],
    [
      'an unknown kind of media',
      'sendMedia',
      { mediatype: 'gif', media: base64 },
      [['mediatype is not one of enum values: image,document,video,audio']],
    ],
    ['no media', 'sendMedia', { mediatype: 'image' }, ['Owned media must be a url or base64']],
    [
      'base64 with a prefix',
      'sendMedia',
      { mediatype: 'image', media: `data:image/png;base64,${base64}` },
      ['Owned media must be a url or base64'],
    ],
    [
      'a link to a host without a dot',
      'sendMedia',
      { mediatype: 'image', media: 'http://localhost:3000/a.png' },
      ['Owned media must be a url or base64'],
    ],
    [
      'a document without a name',
      'sendMedia',
      { mediatype: 'document', media: base64 },
      ['For base64 the file name must be informed.'],
    ],
    ['no audio', 'sendWhatsAppAudio', { audio: '' }, ['File buffer, URL, or base64 audio is required']],
    [
      'a place without a name',
      'sendLocation',
      { latitude: 1, longitude: 2 },
      [['instance requires property "name"', 'instance requires property "address"']],
    ],
    [
      'a contact without a name',
      'sendContact',
      { contact: [{ phoneNumber: '5511987654321' }] },
      [['contact[0] requires property "fullName"']],
    ],
    ['no contacts', 'sendContact', { contact: [] }, [['contact does not meet minimum length of 1']]],
    [
      'a poll of one option',
      'sendPoll',
      { name: 'Tea?', selectableCount: 1, values: ['yes'] },
      [['values does not meet minimum length of 2']],
    ],
    [
      'a poll of eleven options',
      'sendPoll',
      { name: 'Tea?', selectableCount: 1, values: [...'abcdefghijk'] },
      [['values does not meet maximum length of 10']],
    ],
    [
      'a poll with the same option twice',
      'sendPoll',
      { name: 'Tea?', selectableCount: 1, values: ['yes', 'yes'] },
      [['values contains duplicate item']],
    ],
    [
      'a poll for eleven answers',
      'sendPoll',
      { name: 'Tea?', selectableCount: 11, values: ['a', 'b'] },
      [['selectableCount must be less than or equal to 10']],
    ],
    [
      'a reaction of two emojis',
      'sendReaction',
      { key: { id: 'x', remoteJid: 'x@lid', fromMe: false }, reaction: '👍👍' },
      ['Reaction must be a single emoji or empty string'],
    ],
    [
      'a reaction without a key',
      'sendReaction',
      { key: { id: 'x' }, reaction: '👍' },
      [['key requires property "remoteJid"', 'key requires property "fromMe"']],
    ],
    [
      'four reply buttons',
      'sendButtons',
      { title: 'x', buttons: [...'abcd'].map((id) => ({ type: 'reply', displayText: id, id })) },
      ['Maximum of 3 reply buttons allowed'],
    ],
    [
      'a list without rows',
      'sendList',
      { title: 'x', footerText: 'x', buttonText: 'x', sections: [{ title: 'x', rows: [] }] },
      [['sections[0].rows does not meet minimum length of 1']],
    ],
    [
      'a group that is not there',
      'sendText',
      { number: '120363000000000000@g.us', text: 'x' },
      ['Error: Group not found'],
    ],
  ])('%s', async (_what, method, body, message) => {
    expect(await send(method, body)).toMatchObject({
      status: 400,
      body: { status: 400, error: 'Bad Request', response: { message } },
    });
    expect(ada.chat.entries).toEqual([]);
  });

  it('a number that is not on WhatsApp', async () => {
    expect(await send('sendText', { number: '+49 (30) 123-456', text: 'x' })).toMatchObject({
      status: 400,
      body: {
        response: {
          message: [{ jid: '4930123456@s.whatsapp.net', exists: false, number: '+49 (30) 123-456' }],
        },
      },
    });
  });

  it('any key but its own and the instance’s', async () => {
    simulator.instance({ name: 'sales', token: 'sales-token' });
    const text = { number, text: 'x' };
    const asked = async (key: string, request = 'POST message/sendText/support') => {
      const { status, body } = await apiOf(simulator, key)(
        request,
        request.startsWith('GET') ? undefined : text,
      );
      return [status, body.response?.message];
    };
    expect(await asked('wrong')).toEqual([401, 'Unauthorized']);
    expect(await asked('sales-token')).toEqual([401, 'Unauthorized']);
    expect((await asked('support-token'))[0]).toBe(201);
    expect(await asked('wrong', 'POST message/sendText/nobody')).toEqual([
      404,
      ['The "nobody" instance does not exist'],
    ]);
    expect(await asked(simulator.apiKey, 'PUT instance/restart/support')).toEqual([
      404,
      ['Cannot PUT /instance/restart/support'],
    ]);
    const create = { instanceName: 'new', integration: 'WHATSAPP-BAILEYS' };
    expect((await apiOf(simulator, 'support-token')('POST instance/create', create)).status).toBe(401);
    const { body } = await apiOf(simulator, 'support-token')('GET instance/fetchInstances');
    expect(body).toMatchObject([{ name: 'support', connectionStatus: 'open' }]);
  });

  it('a name that is taken, and an integration that it does not have', async () => {
    const create = (body: object) => api('POST instance/create', body);
    expect(await create({ instanceName: 'support', integration: 'WHATSAPP-BAILEYS' })).toMatchObject({
      status: 403,
      body: { response: { message: ['This name "support" is already in use.'] } },
    });
    expect(await create({ instanceName: 'x' })).toMatchObject({
      status: 400,
      body: { response: { message: ['Invalid integration'] } },
    });
  });

  it('a webhook of v1, a wrong address, an unknown event; without events the handler crashes', async () => {
    const set = async (webhook: object, wrap = true) => {
      const { status, body } = await api('POST webhook/set/support', wrap ? { webhook } : webhook);
      return [status, body.response?.message];
    };
    const url = 'http://hub:3000/hook';
    expect(await set({ enabled: true, url, events: [] }, false)).toEqual([
      400,
      [['instance requires property "webhook"']],
    ]);
    expect(await set({ enabled: true, url: 'nowhere', events: [] })).toEqual([
      400,
      ['Invalid "url" property'],
    ]);
    expect((await set({ enabled: true, url, events: ['messages.upsert'] }))[0]).toBe(400);
    expect(await set({ enabled: true, url })).toEqual([
      500,
      "Cannot read properties of undefined (reading 'length')",
    ]);
    expect((await set({ enabled: true, url, events: [] }))[0]).toBe(201);
    const { body } = await api('GET webhook/find/support');
    expect(body).toMatchObject({ enabled: true, url, events: expect.arrayContaining(['MESSAGES_UPSERT']) });
  });

  it('everything that needs WhatsApp while the account is not connected', async () => {
    simulator.instances[0].closes();
    expect(await send('sendText', { text: 'x' })).toMatchObject({
      status: 400,
      body: { response: { message: ['Error: Connection Closed'] } },
    });
    expect(await api('POST chat/whatsappNumbers/support', { numbers: [number] })).toMatchObject({
      status: 500,
      body: { response: { message: 'Connection Closed' } },
    });
    expect(await api('POST instance/restart/support')).toMatchObject({
      status: 200,
      body: { error: true, message: expect.stringContaining('not connected') },
    });
    expect((await api('DELETE instance/logout/support')).status).toBe(400);
  });

  it('to edit what is unknown, of another chat, of somebody else or older than 15 minutes', async () => {
    const { body: sent } = await send('sendText', { text: 'hello' });
    const hers = ada.says('hi');
    const update = async (key: object, to = number) =>
      (await api('POST chat/updateMessage/support', { number: to, text: 'new', key })).body.response?.message;
    simulator.person({ phone: '4930123456' });
    expect(await update({ ...sent.key, id: 'none' })).toEqual(['Message not found']);
    expect(await update(sent.key, '4930123456')).toEqual(['RemoteJid does not match']);
    expect(await update(hers.key)).toEqual(["Error: You cannot edit other people's messages"]);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 16 * 60_000);
    expect(await update(sent.key)).toEqual(['Message is older than 15 minutes']);
    jest.restoreAllMocks();
    expect(await update(sent.key)).toBeUndefined();
    expect(simulator.transcript(ada)).toEqual(['support: new (edited)', 'Ada: hi']);
  });

  it('everything, without a licence', async () => {
    simulator.requiresLicense();
    expect(await send('sendText', { text: 'x' })).toMatchObject({
      status: 503,
      body: { code: 'LICENSE_REQUIRED' },
    });
    simulator.requiresLicense(false);
    expect((await send('sendText', { text: 'x' })).status).toBe(201);
  });

  describe('and takes what the real one takes', () => {
    const sendTo = async (to: string) => {
      const { body } = await send('sendText', { number: to, text: 'x' });
      return body.key?.remoteJid;
    };

    it.each([
      ['with signs', '+55 (11) 98765-4321', '5511987654321'],
      ['as an address', '5511987654321@s.whatsapp.net', '5511987654321'],
    ])('a number %s', async (_how, to, digits) => {
      expect(await sendTo(to)).toBe(`${digits}@s.whatsapp.net`);
    });

    it('numbers in another form than they are registered, and tells the registered one', async () => {
      simulator.person({ phone: '553187654321' });
      simulator.person({ phone: '5215512345678' });
      simulator.person({ phone: '5491123456789' });
      expect(await sendTo('5531987654321')).toBe('553187654321@s.whatsapp.net');
      expect(await sendTo('525512345678')).toBe('5215512345678@s.whatsapp.net');
      expect(await sendTo('541123456789')).toBe('5491123456789@s.whatsapp.net');
    });

    it('a LID, and 18 digits for a group', async () => {
      simulator.person({ lid: '141000111222333' });
      const group = simulator.group({ id: '120363000000000001', members: [ada] });
      expect(await sendTo('141000111222333@lid')).toBe('141000111222333@lid');
      expect(await sendTo('120363000000000001')).toBe(group.jid);
    });

    it('any number, when told so', async () => {
      await simulator.close();
      simulator = await startEvolutionSimulator({ autoChats: true });
      simulator.instance();
      api = apiOf(simulator);
      expect(await sendTo('4930123456')).toBe('4930123456@s.whatsapp.net');
      expect(await sendTo('5531987654321')).toBe('553187654321@s.whatsapp.net');
    });

    it('a quote of a message that it does not have by dropping it, unless the message is given, which is then shown', async () => {
      const hello = ada.says('hello');
      const quote = async (quoted: object) =>
        (await send('sendText', { text: 'x', quoted })).body.contextInfo;
      expect(await quote({ key: { id: hello.id } })).toMatchObject({
        stanzaId: hello.id,
        participant: ada.jid,
        quotedMessage: { conversation: 'hello' },
      });
      expect(await quote({ key: { id: 'none' } })).toBeUndefined();
      expect(await quote({ key: { id: 'none' }, message: { conversation: 'gone' } })).toMatchObject({
        stanzaId: 'none',
      });
      expect(await quote({ key: { id: hello.id }, message: { conversation: '' } })).toMatchObject({
        quotedMessage: { conversation: '' },
      });
      expect(ada.chat.entries.map(({ quotes }) => quotes)).toEqual([null, hello.id, null, 'none', hello.id]);
    });

    it('a quote with a voice note by ignoring it', async () => {
      const hello = ada.says('hello');
      const { body } = await send('sendWhatsAppAudio', { audio: base64, quoted: { key: { id: hello.id } } });
      expect(body).toMatchObject({ messageType: 'audioMessage', message: { audioMessage: { ptt: true } } });
      expect(body.contextInfo).toBeUndefined();
    });

    it('media as a form', async () => {
      const form = new FormData();
      form.set('number', number);
      form.set('mediatype', 'document');
      form.set('caption', 'the report');
      form.set('file', new Blob(['%PDF'], { type: 'application/pdf' }), 'report.pdf');
      const response = await fetch(`${simulator.url}/message/sendMedia/support`, {
        method: 'POST',
        headers: { apikey: simulator.apiKey },
        body: form,
      });
      expect(response.status).toBe(201);
      const entry = await simulator.waitForReply(ada, 'the report');
      expect(entry.media).toMatchObject({ fileName: 'report.pdf', mimetype: 'application/pdf' });
      expect(entry.media?.plain.toString()).toBe('%PDF');
    });

    it('the reading of a message by its phone number only', async () => {
      const hello = ada.says('hello');
      const read = (remoteJid: string) =>
        api('POST chat/markMessageAsRead/support', {
          readMessages: [{ remoteJid, fromMe: false, id: hello.id }],
        });
      expect((await read('141000111222333@lid')).body).toEqual({ message: 'Read messages', read: 'success' });
      expect(hello.seen).toBe(false);
      await read(ada.jid);
      expect(hello.seen).toBe(true);
    });

    it('a presence, for as long as it lasts', async () => {
      const at = Date.now();
      const { body } = await api('POST chat/sendPresence/support', {
        number,
        presence: 'composing',
        delay: 60,
      });
      expect(Date.now() - at).toBeGreaterThanOrEqual(55);
      expect(body).toEqual({ presence: 'composing' });
      expect(ada.chat.presences).toEqual([{ presence: 'composing', delayMs: 60 }]);
    });
  });
});
