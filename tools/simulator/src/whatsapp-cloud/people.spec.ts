import type { Json } from '../spec-kit';
import type { BusinessNumber } from './number';
import type { CloudPerson } from './person';
import { type CloudSimulator, startCloudSimulator } from './simulator';
import { type Callback, graphOf, sender, startCallback } from './spec-kit';

describe('People on WhatsApp', () => {
  let simulator: CloudSimulator;
  let number: BusinessNumber;
  let hook: Callback;
  let ada: CloudPerson;

  beforeEach(async () => {
    simulator = await startCloudSimulator();
    number = await simulator.number({
      name: 'Shop',
      templates: [{ name: 'ask', language: 'en', body: 'Ok?', buttons: ['Yes'] }],
    });
    hook = await startCallback(number);
    await simulator.setWebhook(number, hook.url);
    ada = simulator.person({ phone: '16505551234', userId: 'US.77', name: 'Ada' });
  });
  afterEach(async () => {
    await simulator.close();
    await hook.close();
  });

  const send = (message: object) => sender(simulator)({ to: ada.phone, ...message });
  const told = async () => {
    await simulator.drained();
    return hook.all('messages');
  };
  const last = async () => (await told()).at(-1);

  it('read what the business writes and puts on messages', async () => {
    const hello = ada.says('hello');
    const buttons = ['Yes', 'No'].map((title) => ({ type: 'reply', reply: { id: title, title } }));
    await send({
      type: 'interactive',
      interactive: { type: 'button', body: { text: 'Sure?' }, action: { buttons } },
    });
    await send({ type: 'reaction', reaction: { message_id: hello.id, emoji: '👍' } });
    await send({
      type: 'image',
      image: { link: 'https://a.b/c.png', caption: 'Look' },
      context: { message_id: hello.id },
    });
    await send({ type: 'location', location: { latitude: 52.5, longitude: 13.4, name: 'Berlin' } });
    await send({
      type: 'contacts',
      contacts: [{ name: { formatted_name: 'Bob B', first_name: 'Bob' }, phones: [{ phone: '1' }] }],
    });
    simulator.echo(ada, 'I am on it');
    expect(simulator.transcript(ada)).toEqual([
      'Ada: hello {Shop 👍}',
      'Shop: Sure? [Yes] [No]',
      'Shop: (image) Look',
      'Shop: (location) Berlin, 52.5, 13.4',
      'Shop: (contacts) Bob B 1',
      'Shop: I am on it (from the phone)',
    ]);
    expect(ada.chat.entries[2].replyTo).toBe(hello.id);
    await send({ type: 'reaction', reaction: { message_id: hello.id, emoji: '' } });
    expect(simulator.transcript(ada)[0]).toBe('Ada: hello');
  });

  it('write into a group, where each is told by name, and read what the business writes there', async () => {
    const group = simulator.group({ subject: 'Family' });
    const bob = simulator.person({ phone: '16505555678', userId: 'US.78', name: 'Bob' });
    const question = ada.says('lunch?', { chat: group });
    bob.says('yes', { chat: group });
    const to = group.chat.contact.userId;
    const sent = await send({
      recipient_type: 'group',
      to,
      type: 'text',
      text: { body: 'Enjoy' },
      context: { message_id: question.id },
    });
    expect(sent.status).toBe(200);
    expect(simulator.transcript(group)).toEqual(['Ada: lunch?', 'Bob: yes', 'Shop: Enjoy']);
    expect(simulator.transcript(ada)).toEqual([]);
    expect(await told()).toMatchObject([
      { from: '16505551234', group_id: to, text: { body: 'lunch?' } },
      { from: '16505555678', group_id: to, text: { body: 'yes' } },
    ]);
    expect(hook.all('statuses')).toMatchObject([
      { status: 'sent', recipient_type: 'group', recipient_id: to },
      { status: 'delivered' },
    ]);
  });

  it('are answered once for each wait', async () => {
    ada.says('hello');
    const waiting = simulator.waitForReply(ada, /^two/);
    for (const body of ['one', 'two', 'two more']) await send({ text: { body } });
    expect(await waiting).toMatchObject({ text: 'two', by: 'business' });
    expect(await simulator.waitForReply(ada, 'two')).toMatchObject({ text: 'two more' });
    expect(await simulator.waitForReply(ada)).toMatchObject({ text: 'one' });
    await expect(simulator.waitForReply(ada, 'three', 10)).rejects.toThrow('Shop: two more');
  });

  it('send every kind of content', async () => {
    ada.sendsImage({ caption: 'look' });
    ada.sendsVideo();
    ada.sendsVoice();
    ada.sendsAudio();
    ada.sendsDocument();
    ada.sendsSticker();
    ada.sendsLocation(52.5, 13.4, { name: 'Berlin' });
    ada.sendsContact('+49 123', 'Bob B');
    ada.orders([{ id: 'sku-1', quantity: 2, price: 3.5 }], 'please');
    ada.submitsForm({ size: 'L' });
    ada.sends({ type: 'unsupported', errors: [{ code: 131051 }] });
    const messages = await told();
    expect(messages.map(({ type }: Json) => type)).toEqual(
      'image video audio audio document sticker location contacts order interactive unsupported'.split(' '),
    );
    expect(messages[0].image).toMatchObject({
      caption: 'look',
      mime_type: 'image/png',
      sha256: expect.stringMatching(/=$/),
    });
    expect(messages.slice(2, 4).map(({ audio }: Json) => audio.voice)).toEqual([true, false]);
    expect(messages[4].document.filename).toBe('report.pdf');
    expect(messages[9].interactive.nfm_reply).toMatchObject({ response_json: '{"size":"L"}' });
    expect(messages[10].errors).toEqual([{ code: 131051 }]);
  });

  it('send files that the business can download, by their id and by the address of the webhook', async () => {
    const bytes = Buffer.from('what is in it');
    ada.sendsDocument({ file: { filename: 'a.txt', contentType: 'text/plain', bytes } });
    const { document } = await last();
    const described = (await graphOf(simulator)(`GET /${document.id}`)).body;
    expect(Buffer.from(described.sha256, 'hex').toString('base64')).toBe(document.sha256);
    for (const url of [document.url, described.url]) {
      const response = await fetch(url, { headers: { authorization: `Bearer ${number.accessToken}` } });
      expect(response.headers.get('content-type')).toBe('text/plain');
      expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    }
    expect(simulator.calls('download')).toHaveLength(2);
  });

  it('press buttons, rows of lists and quick replies', async () => {
    ada.says('hello');
    const reply = (title: string) => ({ type: 'reply', reply: { id: `id-${title}`, title } });
    const asked = await send({
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: 'Tea?' },
        action: { buttons: [reply('Yes'), reply('No')] },
      },
    });
    ada.presses('No');
    expect(await last()).toMatchObject({
      type: 'interactive',
      interactive: { type: 'button_reply', button_reply: { id: 'id-No', title: 'No' } },
      context: { from: number.phone, id: asked.body.messages[0].id },
    });
    const sections = [{ rows: [{ id: 'r1', title: 'Green', description: 'tea' }] }];
    await send({
      type: 'interactive',
      interactive: { type: 'list', body: { text: 'Which?' }, action: { button: 'Open', sections } },
    });
    ada.presses('Green');
    expect((await last()).interactive).toEqual({
      type: 'list_reply',
      list_reply: { id: 'r1', title: 'Green', description: 'tea' },
    });
    const button = {
      type: 'button',
      sub_type: 'quick_reply',
      index: '0',
      parameters: [{ type: 'payload', payload: 'yes-1' }],
    };
    await send({
      type: 'template',
      template: { name: 'ask', language: { code: 'en' }, components: [button] },
    });
    ada.presses('Yes');
    expect(await last()).toMatchObject({ type: 'button', button: { payload: 'yes-1', text: 'Yes' } });
    expect(() => ada.presses('Coffee')).toThrow('"Coffee"');
  });

  it('react, take it back, edit and delete', async () => {
    const hello = ada.says('helo');
    ada.reacts(hello, '🔥');
    ada.unreacts(hello);
    ada.unreacts(hello, 'empty');
    ada.edits(hello, 'hello');
    ada.revokes(hello);
    const messages = await told();
    expect(messages.slice(1, 4).map(({ reaction }: Json) => reaction)).toEqual([
      { message_id: hello.id, emoji: '🔥' },
      { message_id: hello.id },
      { message_id: hello.id, emoji: '' },
    ]);
    expect(messages[4]).toMatchObject({
      type: 'edit',
      edit: { original_message_id: hello.id, message: { type: 'text', text: { body: 'hello' } } },
    });
    expect(messages[5]).toMatchObject({ type: 'revoke', revoke: { original_message_id: hello.id } });
    expect(simulator.transcript(ada)).toEqual(['Ada: hello (edited) (deleted)']);
  });

  it('reply, forward, and come by an advertisement', async () => {
    ada.says('hello');
    const sent = (await send({ text: { body: 'hi' } })).body.messages[0].id;
    ada.says('about that', { replyTo: sent });
    expect((await last()).context).toEqual({ from: number.phone, id: sent });
    ada.says('look', { forwarded: true, fields: { referral: { source_type: 'ad' } } });
    expect(await last()).toMatchObject({ context: { forwarded: true }, referral: { source_type: 'ad' } });
  });

  it('hide their number behind a username', async () => {
    ada.hidesPhone();
    ada.says('hello');
    const message = await last();
    expect(message).toMatchObject({ from_user_id: 'US.77' });
    expect(message).not.toHaveProperty('from');
    expect(hook.all('contacts').at(-1)).toEqual({
      profile: { name: 'Ada', username: '@ada' },
      user_id: 'US.77',
    });
    await sender(simulator)({ recipient: 'US.77', text: { body: 'hi' } });
    await simulator.drained();
    expect(hook.all('statuses')[0]).toMatchObject({ status: 'sent', recipient_user_id: 'US.77' });
    expect(hook.all('statuses')[0]).not.toHaveProperty('recipient_id');
  });

  it('change their number, and with it their user id', async () => {
    ada.changesNumber('16505559999');
    expect(await last()).toMatchObject({
      from: '16505551234',
      type: 'system',
      system: { type: 'user_changed_number', wa_id: '16505559999', user_id: ada.userId },
    });
    expect(hook.all('user_id_update')).toMatchObject([
      { user_id: { previous: 'US.77', current: ada.userId } },
    ]);
    ada.says('it is me');
    expect(await last()).toMatchObject({ from: '16505559999' });
    expect((await send({ text: { body: 'hi' } })).body.contacts[0].wa_id).toBe('16505559999');
  });

  it('read what they were sent', async () => {
    ada.says('hello');
    await send({ text: { body: 'hi' }, biz_opaque_callback_data: 'd1' });
    ada.readsAll();
    ada.readsAll();
    await simulator.drained();
    expect(hook.all('statuses').filter(({ status }: Json) => status === 'read')).toMatchObject([
      { biz_opaque_callback_data: 'd1' },
    ]);
  });

  it('hear the business from its phone, which the hub is told of', async () => {
    ada.says('hello');
    simulator.echo(ada, 'typed on the phone');
    simulator.account('message_template_status_update', { event: 'REJECTED', message_template_name: 'ask' });
    await simulator.drained();
    expect(hook.all('message_echoes')).toMatchObject([
      {
        from: number.phone,
        to: ada.phone,
        to_user_id: 'US.77',
        type: 'text',
        text: { body: 'typed on the phone' },
      },
    ]);
    const entries = hook.received.map(({ body }) => body.entry[0]);
    expect(entries.find(({ changes }: Json) => changes[0].field.startsWith('message_template'))).toEqual({
      id: number.wabaId,
      time: expect.any(Number),
      changes: [
        {
          field: 'message_template_status_update',
          value: { event: 'REJECTED', message_template_name: 'ask' },
        },
      ],
    });
  });

  it('exist as soon as somebody writes to them, where every chat will do', async () => {
    await simulator.close();
    simulator = await startCloudSimulator({ autoChats: true });
    await simulator.number();
    expect((await sender(simulator)({ to: '4912345678', text: { body: 'hi' } })).error).toBeNull();
    await simulator.drained();
    expect(simulator.chats[0].entries).toMatchObject([{ text: 'hi', status: 'delivered' }]);
  });

  it('are counted only, for load', async () => {
    await simulator.close();
    simulator = await startCloudSimulator({ keep: 'counts' });
    await simulator.number({ webhookUrl: hook.url });
    const one = simulator.person();
    one.says('hello');
    for (let count = 0; count < 3; count++)
      await sender(simulator)({ to: '4912345678', text: { body: 'hi' } });
    await sender(simulator)({ status: 'read', message_id: 'wamid.x' });
    await simulator.drained();
    expect(simulator.counters()).toMatchObject({
      calls: { send: 3, read: 1 },
      acknowledged: 7,
      refused: {},
      pending: 0,
    });
    expect([simulator.calls(), simulator.deliveries(), one.chat.entries]).toEqual([[], [], []]);
  });
});
