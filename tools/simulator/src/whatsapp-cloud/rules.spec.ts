import type { CloudPerson } from './person';
import { type CloudSimulator, startCloudSimulator } from './simulator';
import { type Graph, graphOf, sender } from './spec-kit';

describe('The fake Cloud API refuses what the real one refuses', () => {
  let simulator: CloudSimulator;
  let ada: CloudPerson;
  let graph: Graph;
  let send: ReturnType<typeof sender>;
  const phone = '5511987654321';

  beforeEach(async () => {
    simulator = await startCloudSimulator();
    await simulator.number({
      phoneNumberId: '1122334455',
      wabaId: '9988776655',
      accessToken: 'token-1',
      phone: '15550001111',
      templates: [
        { name: 'hello', language: 'en_US', body: 'Hi {{1}}!' },
        { name: 'ask', language: 'en_US', body: 'Still there?', buttons: ['Yes'] },
      ],
    });
    ada = simulator.person({ phone, userId: 'BR.123', name: 'Ada' });
    ada.says('hello');
    graph = graphOf(simulator);
    send = sender(simulator);
  });
  afterEach(() => simulator.close());

  const to = (message: object) => send({ to: phone, ...message });
  const text = (body: unknown, more: object = {}) => to({ type: 'text', text: { body, ...more } });
  const interactive = (content: object) =>
    to({ type: 'interactive', interactive: { body: { text: 'Well?' }, ...content } });
  const buttons = (...titles: string[]) => ({
    type: 'button',
    action: { buttons: titles.map((title, index) => ({ type: 'reply', reply: { id: `b${index}`, title } })) },
  });
  const rows = (count: number, more: object = {}) =>
    Array.from({ length: count }, (_none, index) => ({ id: `r${index}`, title: `Row ${index}`, ...more }));
  const sections = (...all: object[]) => ({ type: 'list', action: { button: 'Choose', sections: all } });
  const template = (name: string, ...values: string[]) => ({
    type: 'template',
    template: {
      name,
      language: { code: 'en_US' },
      ...(values.length > 0 && {
        components: [{ type: 'body', parameters: values.map((value) => ({ type: 'text', text: value })) }],
      }),
    },
  });
  const upload = (bytes: Buffer, type: string, fields: Record<string, string> = {}) => {
    const form = new FormData();
    for (const [key, value] of Object.entries({ messaging_product: 'whatsapp', type, ...fields }))
      form.set(key, value);
    form.set('file', new Blob([Uint8Array.from(bytes)], { type }), 'file');
    return graph('POST /1122334455/media', form);
  };

  describe('credentials and addresses', () => {
    it('a wrong token is a 401 with code 190', async () => {
      const refused = await send({ to: phone, text: { body: 'hi' } }, { token: 'wrong' });
      expect(refused).toMatchObject({ status: 401, error: [190, expect.stringContaining('access token')] });
      expect(refused.body.error).toMatchObject({ type: 'OAuthException', fbtrace_id: expect.any(String) });
      expect(refused.body.error).not.toHaveProperty('error_data');
    });

    it('an object that is not there, or is of another token', async () => {
      await simulator.number({ phoneNumberId: '777', accessToken: 'token-2' });
      for (const id of ['404', '777']) {
        expect(await graph(`POST /${id}/messages`, {})).toMatchObject({
          status: 400,
          error: [100, expect.any(String)],
        });
      }
    });

    it('any version of the API, and none, will do', async () => {
      for (const version of ['/v22.0', '/v26.0', '']) {
        const response = await fetch(`${simulator.url}${version}/1122334455?fields=verified_name`, {
          headers: { authorization: 'Bearer token-1' },
        });
        expect(await response.json()).toMatchObject({
          verified_name: 'Simulated Business',
          id: '1122334455',
        });
      }
    });

    it('a field that the number does not have', async () => {
      expect((await graph('GET /1122334455?fields=quality_rating,shoe_size')).error).toEqual([
        100,
        '(#100) Tried accessing nonexisting field (shoe_size)',
      ]);
    });
  });

  it('takes a message, and answers with whom it went to and its id', async () => {
    const { status, body } = await text('hello', { preview_url: true });
    expect(status).toBe(200);
    expect(body).toEqual({
      messaging_product: 'whatsapp',
      contacts: [{ input: phone, wa_id: phone }],
      messages: [{ id: expect.stringMatching(/^wamid\.[A-Za-z0-9+/]+=*$/) }],
    });
    const byUserId = await send({ recipient: 'BR.123', type: 'text', text: { body: 'hello' } });
    expect(byUserId.body.contacts).toEqual([{ input: 'BR.123', user_id: 'BR.123' }]);
    const withoutNinthDigit = await send({ to: '+55 11 8765-4321', text: { body: 'hello' } });
    expect(withoutNinthDigit.body.contacts).toEqual([{ input: '+55 11 8765-4321', wa_id: phone }]);
  });

  it.each<[string, object, number, string]>([
    ['nobody', { to: undefined, type: 'text', text: { body: 'x' } }, 100, 'The parameter to is required.'],
    ['a name for a number', { to: 'Ada', text: { body: 'x' } }, 131009, 'to is not a valid phone number'],
    [
      'a wrong user id',
      { to: undefined, recipient: 'Ada', text: { body: 'x' } },
      131009,
      'business-scoped user ID',
    ],
    ['a message to itself', { to: '15550001111', text: { body: 'x' } }, 131021, 'Sender and recipient'],
    ['a crowd', { recipient_type: 'crowd', text: { body: 'x' } }, 100, 'recipient_type must be one of'],
    [
      'a contact to a group',
      { recipient_type: 'group', type: 'contacts', contacts: [] },
      130501,
      'Groups do not take',
    ],
    ['another product', { messaging_product: 'sms', text: { body: 'x' } }, 100, 'messaging_product'],
    ['an unknown type', { type: 'poll', poll: {} }, 131051, 'Message type "poll" is not supported.'],
    ['a type of the language', { type: 'constructor' }, 131051, 'is not supported'],
    ['no content', { type: 'text' }, 131008, "Parameter 'text' is mandatory."],
    [
      'content of another type',
      { type: 'text', text: { body: 'x' }, image: { id: '1' } },
      100,
      'Unexpected key "image"',
    ],
    [
      'an unknown field',
      { type: 'text', text: { body: 'x', bold: true } },
      100,
      'Unexpected key "bold" on param "text"',
    ],
    ['no text', { text: {} }, 131008, "Parameter 'text['body']' is mandatory."],
    ['a blank text', { text: { body: ' \n' } }, 100, 'non-empty'],
    [
      'a text of 4097',
      { text: { body: 'x'.repeat(4097) } },
      100,
      "Param text['body'] must be at most 4096 characters long.",
    ],
    ['a preview that is no flag', { text: { body: 'x', preview_url: 'yes' } }, 100, 'must be a boolean'],
    [
      'too much callback data',
      { text: { body: 'x' }, biz_opaque_callback_data: 'x'.repeat(513) },
      100,
      'at most 512',
    ],
    [
      'a reply to nothing',
      { text: { body: 'x' }, context: { message_id: 'wamid.none' } },
      131009,
      'message_id',
    ],
    [
      'a latitude beyond the pole',
      { type: 'location', location: { latitude: 91, longitude: 0 } },
      100,
      'between -90 and 90',
    ],
    [
      'a contact without a name',
      { type: 'contacts', contacts: [{ phones: [{ phone: '1' }] }] },
      131008,
      "contacts['name']",
    ],
    [
      'a contact with a single name',
      { type: 'contacts', contacts: [{ name: { formatted_name: 'A' } }] },
      100,
      'at least one other part',
    ],
    [
      'a reaction with a word',
      { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: 'no' } },
      100,
      'not an emoji',
    ],
    ['a media without a source', { type: 'image', image: {} }, 100, 'is required'],
    [
      'an unknown media',
      { type: 'image', image: { id: '5' } },
      100,
      'not a valid whatsapp business account media attachment ID',
    ],
    [
      'a long caption',
      { type: 'image', image: { link: 'https://a.b/c.png', caption: 'x'.repeat(1025) } },
      100,
      'at most 1024',
    ],
    [
      'a caption of a voice',
      { type: 'audio', audio: { link: 'https://a.b/c.ogg', caption: 'x' } },
      100,
      'Unexpected key "caption"',
    ],
    ['a link that is none', { type: 'image', image: { link: 'c.png' } }, 100, 'not a valid URI'],
  ])('%s', async (_case, message, code, why) => {
    const refused = await to(message);
    expect(refused.error).toEqual([code, expect.stringContaining(why)]);
    expect(refused.status).toBe(400);
    expect(ada.chat.entries).toHaveLength(1);
  });

  describe('interactive messages', () => {
    const long = (length: number) => 'x'.repeat(length);

    it('takes what is within the limits', async () => {
      expect((await interactive(buttons('Yes', 'No', 'Maybe'))).error).toBeNull();
      const list = sections({ title: 'A', rows: rows(5, { description: long(72) }) });
      expect((await interactive(list)).error).toBeNull();
    });

    it.each<[string, object, string]>([
      ['four buttons', buttons('1', '2', '3', '4'), 'Invalid buttons count'],
      ['no button', buttons(), 'Invalid buttons count'],
      ['a title of 21', buttons(long(21)), 'Button title length invalid. Min length: 1, Max length: 20'],
      ['the same title twice', buttons('Yes', 'Yes'), 'Duplicated button title'],
      [
        'the same id twice',
        {
          type: 'button',
          action: { buttons: ['A', 'B'].map((title) => ({ type: 'reply', reply: { id: 'same', title } })) },
        },
        'Duplicated button ID',
      ],
      [
        'an id of 257',
        { type: 'button', action: { buttons: [{ type: 'reply', reply: { id: long(257), title: 'A' } }] } },
        'Button ID length invalid',
      ],
      ['a body of 1025 above buttons', { ...buttons('A'), body: { text: long(1025) } }, 'Max length: 1024'],
      [
        'a body of 4097 above a list',
        { ...sections({ rows: rows(1) }), body: { text: long(4097) } },
        'Max length: 4096',
      ],
      ['a header of 61', { ...buttons('A'), header: { type: 'text', text: long(61) } }, 'Header text length'],
      ['a footer of 61', { ...buttons('A'), footer: { text: long(61) } }, 'Footer text length'],
      [
        'eleven rows',
        sections({ title: 'A', rows: rows(6) }, { title: 'B', rows: rows(5, {}) }),
        'Total row count exceed',
      ],
      ['a row title of 25', sections({ rows: [{ id: 'r', title: long(25) }] }), 'Row title length invalid'],
      ['a row id of 201', sections({ rows: [{ id: long(201), title: 'A' }] }), 'Row ID length invalid'],
      [
        'a description of 73',
        sections({ rows: rows(1, { description: long(73) }) }),
        'Row description length',
      ],
      ['the same row twice', sections({ rows: [...rows(1), ...rows(1)] }), 'Duplicated row ID'],
      ['two sections without titles', sections({ rows: rows(1) }, { rows: rows(1) }), 'Section title length'],
      [
        'a list button of 21',
        { type: 'list', action: { button: long(21), sections: [{ rows: rows(1) }] } },
        'Button length',
      ],
      [
        'a long label of a link',
        {
          type: 'cta_url',
          action: { name: 'cta_url', parameters: { display_text: long(21), url: 'https://a.b' } },
        },
        'Button text length',
      ],
    ])('%s', async (_case, content, why) => {
      expect((await interactive(content)).error).toEqual([131009, expect.stringContaining(why)]);
    });

    it('a kind that is not known', async () => {
      expect((await interactive({ type: 'slider', action: {} })).error?.[0]).toBe(100);
    });
  });

  describe('templates', () => {
    it('are filled in', async () => {
      expect((await to(template('hello', 'Ada'))).body.messages[0]).toMatchObject({
        message_status: 'accepted',
      });
      expect((await simulator.waitForReply(ada)).text).toBe('Hi Ada!');
    });

    it.each<[string, object, number]>([
      ['that do not exist', template('bye'), 132001],
      [
        'in a language that they do not have',
        { type: 'template', template: { name: 'hello', language: { code: 'de' } } },
        132001,
      ],
      ['with too few values', template('hello'), 132000],
      ['with a value of several lines', template('hello', 'a\nb'), 132018],
      ['that become too long', template('hello', 'x'.repeat(1024)), 132005],
      ['with an empty value', template('hello', ''), 100],
    ])('%s are refused', async (_case, message, code) => {
      expect((await to(message)).error?.[0]).toBe(code);
    });
  });

  describe('media', () => {
    it('is uploaded, described, downloaded and sent', async () => {
      const bytes = Buffer.from('a picture');
      const { id } = (await upload(bytes, 'image/jpeg')).body;
      const { body } = await graph(`GET /${id}?phone_number_id=1122334455`);
      expect(body).toMatchObject({
        id,
        mime_type: 'image/jpeg',
        file_size: 9,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      const download = await fetch(body.url, { headers: { authorization: 'Bearer token-1' } });
      expect(Buffer.from(await download.arrayBuffer())).toEqual(bytes);
      expect((await fetch(body.url)).status).toBe(401);
      expect((await to({ type: 'image', image: { id, caption: 'look' } })).error).toBeNull();
      expect(simulator.transcript(ada)).toEqual(['Ada: hello', 'Simulated Business: (image) look']);
      expect((await graph(`DELETE /${id}`)).body).toEqual({ success: true });
      expect((await graph(`GET /${id}`)).error?.[0]).toBe(100);
    });

    it('has an address for five minutes, and stays for thirty days', async () => {
      const { id } = (await upload(Buffer.from('x'), 'image/png')).body;
      const { url } = (await graph(`GET /${id}`)).body;
      simulator.clock.advance(5 * 60_000 + 2000);
      expect((await fetch(url, { headers: { authorization: 'Bearer token-1' } })).status).toBe(404);
      const again = (await graph(`GET /${id}`)).body;
      expect((await fetch(again.url, { headers: { authorization: 'Bearer token-1' } })).status).toBe(200);
      simulator.clock.advance(30 * 86_400_000);
      expect((await graph(`GET /${id}`)).error?.[0]).toBe(100);
    });

    it.each<[string, number, string, number, string]>([
      ['of a type that is not supported', 1, 'application/zip', 100, 'one of the following types'],
      ['without bytes', 0, 'image/png', 131008, 'empty'],
      ['above the limit of its kind', 5 * 1024 * 1024 + 1, 'image/png', 100, 'too big'],
    ])('%s is refused', async (_case, size, type, code, why) => {
      expect((await upload(Buffer.alloc(size), type)).error).toEqual([code, expect.stringContaining(why)]);
    });

    it('is sent as what it is only', async () => {
      const { id } = (await upload(Buffer.from('x'), 'image/png')).body;
      expect((await to({ type: 'video', video: { id } })).error?.[0]).toBe(131009);
      const song = (await upload(Buffer.from('x'), 'audio/mpeg')).body;
      expect((await to({ type: 'audio', audio: { id: song.id } })).error).toBeNull();
      expect((await to({ type: 'audio', audio: { id: song.id, voice: true } })).error?.[0]).toBe(131009);
    });
  });

  describe('read receipts', () => {
    it('are of messages that a person sent', async () => {
      const [{ id }] = ada.chat.entries;
      expect((await send({ status: 'read', message_id: id })).body).toEqual({ success: true });
      await send({ status: 'read', message_id: id, typing_indicator: { type: 'text' } });
      expect(ada.chat.actions).toEqual(['read', 'read', 'typing']);
      expect(simulator.calls().map(({ method }) => method)).toEqual(['read', 'typing']);
      expect((await send({ status: 'read', message_id: 'wamid.none' })).error?.[0]).toBe(100);
      expect(
        (await send({ status: 'read', message_id: id, typing_indicator: { type: 'audio' } })).error?.[0],
      ).toBe(100);
    });
  });

  describe('pace', () => {
    const codes = async (messages: number) => {
      const sent: (number | null)[] = [];
      for (let count = 0; count < messages; count++) sent.push((await text('x')).error?.[0] ?? null);
      return sent;
    };
    const restart = async (options: Parameters<typeof startCloudSimulator>[0]) => {
      await simulator.close();
      simulator = await startCloudSimulator({ autoChats: true, ...options });
      await simulator.number();
      send = sender(simulator);
    };

    it('to one person: 45 at once, then one in six seconds', async () => {
      await restart({ pairRate: true });
      expect((await codes(46)).filter((code) => code !== null)).toEqual([131056]);
      expect((await send({ to: '15559990000', text: { body: 'x' } })).error).toBeNull();
      simulator.clock.advance(6000);
      expect(await codes(2)).toEqual([null, 131056]);
    });

    it('of a number: so many in a second', async () => {
      await restart({ throughput: { burst: 3, perSecond: 3 } });
      expect(await codes(4)).toEqual([null, null, null, 130429]);
      expect((await text('x')).status).toBe(429);
      simulator.clock.advance(1000);
      expect(await codes(1)).toEqual([null]);
    });
  });
});
