import { until } from './harness/until';
import { instanceName, CloudRail } from './harness/rails';
import { RailWorld } from './harness/rail-world';
import { stoppedBy } from './harness/trace';

type Person = ReturnType<CloudRail['person']>;

describe('a conversation by the Cloud API', () => {
  let world: RailWorld<CloudRail>;
  let ada: Person;

  beforeAll(async () => (world = await RailWorld.create(await CloudRail.start())));
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.rail.person('Ada')));

  const platform = () => world.rail.platform;
  /** What the business has written to Ada, as the platform took it. */
  const written = () => ada.itself.chat.entries.filter(({ by }) => by === 'business');
  const askedAbout = () => world.lastAsked(ada.chatId).messages.at(-1)!;
  const agentSays = (text: string) => world.agent.answersNext({ kind: 'fixed', text });

  describe('what a person sends', () => {
    it.each([
      ['photo', 'sendsImage', 'image'],
      ['voice message', 'sendsVoice', 'voice'],
      ['sound file', 'sendsAudio', 'audio'],
      ['video', 'sendsVideo', 'video'],
      ['document', 'sendsDocument', 'document'],
      ['sticker', 'sendsSticker', 'sticker'],
    ] as const)('a %s reaches the agent with a link to its bytes', async (_name, sends, kind) => {
      agentSays(`nice ${kind}`);
      const bytes = Buffer.from(`the very bytes of this ${kind}`);
      const sent = ada.itself[sends]({ file: { bytes } });
      await ada.reply(`nice ${kind}`);
      const [attachment] = askedAbout().attachments;
      expect(attachment).toMatchObject({ kind, status: 'ready', size: bytes.length, reason: null });
      const file = await fetch(attachment.url!);
      expect([file.status, Buffer.from(await file.arrayBuffer())]).toEqual([200, bytes]);
      expect((await world.traceOf(sent.id)).outcome).toBe('answered');
    });

    it('a caption is the text of its photo', async () => {
      ada.itself.sendsImage({ caption: 'what is this?' });
      await ada.reply('what is this?');
    });

    it('a document keeps its name', async () => {
      agentSays('thank you');
      ada.itself.sendsDocument({ file: { filename: 'Rechnung März.pdf' } });
      await ada.reply('thank you');
      expect(askedAbout().attachments[0]).toMatchObject({ filename: 'Rechnung März.pdf' });
    });

    it('a location reaches the agent with its data', async () => {
      agentSays('got it');
      ada.itself.sendsLocation(51.5, -0.12, { name: 'London' });
      await ada.reply('got it');
      const data = { latitude: 51.5, longitude: -0.12, name: 'London' };
      expect(askedAbout().attachments).toEqual([expect.objectContaining({ kind: 'location', data })]);
    });

    it('a contact reaches the agent with its data', async () => {
      agentSays('got it');
      ada.itself.sendsContact('+44 12345', 'Charles Babbage');
      await ada.reply('got it');
      const data = { name: 'Charles Babbage', phones: ['+44 12345'] };
      expect(askedAbout().attachments).toEqual([expect.objectContaining({ kind: 'contact', data })]);
    });

    it('an order and a kind that Meta does not tell are shown to the agent as what they are', async () => {
      agentSays('ordered');
      ada.itself.orders([{ id: 'tea', quantity: 2, price: 3.5 }], 'two please');
      await ada.reply('ordered');
      expect(askedAbout()).toMatchObject({ text: 'two please', attachments: [{ kind: 'other' }] });

      agentSays('cannot read that');
      const errors = [{ code: 131051, title: 'Message type unknown', message: 'Message type unknown' }];
      const sent = ada.itself.sends({ type: 'unsupported', unsupported: { type: 'poll' }, errors });
      await ada.reply('cannot read that');
      const data = { type: 'poll', reason: 'Message type unknown' };
      expect(askedAbout().attachments[0]).toMatchObject({
        kind: 'other',
        data: { what: 'unsupported', data },
      });
      expect((await world.traceOf(sent.id)).outcome).toBe('answered');
    });

    it('a reply says what it is about, and whose that was', async () => {
      agentSays('we open at nine');
      const own = ada.itself.says('when?');
      await ada.reply('we open');
      const [answer] = written();
      ada.itself.says('a.m.?', { replyTo: answer });
      await ada.reply('a.m.?');
      expect(askedAbout().replyTo).toEqual({ id: `whatsapp:${answer.id}`, text: null, fromMe: true });
      ada.itself.says('I asked this', { replyTo: own });
      await ada.reply('I asked this');
      expect(askedAbout().replyTo).toEqual({ id: `whatsapp:${own.id}`, text: null, fromMe: false });
    });

    it('a reaction and taking it back are kept and not answered', async () => {
      ada.says('hello');
      await ada.reply('hello');
      const [answer] = written();
      for (const [act, added] of [
        [() => ada.itself.reacts(answer, '👍'), ['👍']],
        [() => ada.itself.unreacts(answer, 'absent'), []],
        [() => ada.itself.reacts(answer, '❤️'), ['❤️']],
        [() => ada.itself.unreacts(answer, 'empty'), []],
      ] as const) {
        act();
        await platform().drained();
        const trace = await world.traceOfEvent(ada.chatId, 'reaction');
        expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'kind_reaction']);
        const { content } = await world.operator.message(trace.messageId);
        expect(content).toMatchObject({ messageId: `whatsapp:${answer.id}`, added });
      }
      expect(world.asked(ada.chatId)).toHaveLength(1);
    });

    it('an edit and a deletion are kept and not answered', async () => {
      const first = ada.itself.says('helo');
      await ada.reply('helo');
      ada.itself.edits(first, 'hello');
      const edit = await world.traceOfEvent(ada.chatId, 'edit');
      expect([edit.outcome, stoppedBy(edit)]).toEqual(['silent', 'kind_edit']);
      ada.itself.revokes(first);
      const deletion = await world.traceOfEvent(ada.chatId, 'delete');
      expect([deletion.outcome, stoppedBy(deletion)]).toEqual(['silent', 'kind_delete']);
      expect(world.asked(ada.chatId)).toHaveLength(1);
    });

    it('what the business types on its phone is kept and never answered', async () => {
      ada.says('hello');
      await ada.reply('hello');
      const typed = platform().echo(ada.itself, 'I will take this one');
      const trace = await world.traceOf(typed.id);
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'own_message']);
      expect((await world.operator.chat(ada.chatId))?.lane.waiting).toBe(0);
      expect(world.asked(ada.chatId)).toHaveLength(1);
    });

    it('its message is marked as read and typing is shown while the agent takes its time', async () => {
      world.agent.answersNext({ kind: 'delay', minMs: 900, maxMs: 900 });
      ada.says('think about it');
      await ada.reply('think about it');
      expect(ada.itself.chat.actions).toContain('typing');
    });
  });

  describe('choices', () => {
    it('a button is told to the agent as the action that it stands for', async () => {
      const buttons = [
        { id: 'sure:yes', label: 'Yes' },
        { id: 'sure:no', label: 'No' },
      ];
      const messages = [{ type: 'buttons', text: 'Sure?', buttons }];
      world.agent.answersNext({ kind: 'messages', messages });
      ada.says('delete it');
      await ada.reply('Sure?');
      const press = ada.itself.presses('Yes');
      await ada.reply('Yes');
      expect(askedAbout()).toMatchObject({ type: 'action', actionId: 'sure:yes', text: 'Yes' });
      expect((await world.traceOf(press.id)).outcome).toBe('answered');
    });

    it('a row of a list, with an id beyond what the platform takes', async () => {
      const id = `order:${'ä'.repeat(150)}`;
      const sections = [{ title: 'Hot', rows: [{ id, label: 'Tea', description: 'Assam' }] }];
      const messages = [{ type: 'list', text: 'What?', button: 'Menu', sections }];
      world.agent.answersNext({ kind: 'messages', messages });
      ada.says('hungry');
      await ada.reply('What?');
      ada.itself.presses('Tea');
      await ada.reply('Tea');
      expect(askedAbout()).toMatchObject({ type: 'action', actionId: id, text: 'Tea' });
    });

    it('a form that was filled in', async () => {
      agentSays('noted');
      ada.itself.submitsForm({ flow_token: 'size-form', size: 'L' });
      await ada.reply('noted');
      expect(askedAbout()).toMatchObject({ type: 'action', actionId: 'size-form', text: '{"size":"L"}' });
    });
  });

  describe('who somebody is', () => {
    it('a person who hides their number later stays one chat and one session, and is answered', async () => {
      ada.says('you see my number');
      await ada.reply('you see');
      expect(platform().calls('send').at(-1)?.chat).toBe(ada.itself.phone);
      expect(world.lastAsked(ada.chatId).sender.phone).toBe(`+${ada.itself.phone}`);
      ada.itself.hidesPhone('@ada.l');
      ada.says('now you do not');
      await ada.reply('now you');
      expect(platform().calls('send').at(-1)?.params).toMatchObject({ recipient: ada.itself.userId });
      const [first, second] = world.asked(ada.chatId);
      expect(second.sessionId).toBe(first.sessionId);
      expect(second.sender).toMatchObject({ id: first.sender.id, username: 'ada.l' });
    });

    it('a person who was only a number is the same once they have an id', async () => {
      const { phone, chat } = ada.itself;
      const asNumber = {
        from: phone,
        id: `wamid.old.${phone}`,
        timestamp: String(Math.floor(Date.now() / 1000)),
      };
      const body = { ...asNumber, type: 'text', text: { body: 'only a number' } };
      platform().inject(world.rail.envelope({ messages: [body] }), world.rail.number);
      await ada.reply('only a number');
      ada.says('with an id');
      await ada.reply('with an id');
      chat.contact.phoneHidden = true;
      ada.says('and without a number');
      await ada.reply('and without');
      const sessions = world
        .asked(`whatsapp:${phone}`)
        .map(({ sessionId, messages }) => [sessionId, messages[0].text]);
      const session = `${instanceName}/whatsapp:${phone}`;
      expect(sessions).toEqual([
        [session, 'only a number'],
        [session, 'with an id'],
        [session, 'and without a number'],
      ]);
    });

    it('a person who moves to another number stays one chat, and is answered there', async () => {
      ada.says('from the old number');
      await ada.reply('from the old');
      const newPhone = `49${ada.itself.phone}`;
      ada.itself.changesNumber(newPhone);
      await platform().drained();
      ada.says('from the new one');
      await ada.reply('from the new one');
      const [first, second] = world.asked(ada.chatId);
      expect(second.sessionId).toBe(first.sessionId);
      expect(second.sender.phone).toBe(`+${newPhone}`);
      expect(platform().calls('send').at(-1)?.chat).toBe(newPhone);
    });

    it('a person is found by number, by id, and as their chat is listed', async () => {
      ada.says('hello');
      await ada.reply('hello');
      for (const to of [ada.itself.phone, `+${ada.itself.phone}`, ada.itself.userId, ada.chatId]) {
        await world.send(to, { type: 'text', text: `to ${to}` });
        await ada.reply(`to ${to}`);
      }
      expect(await world.operator.chat(`whatsapp:${ada.itself.phone}`)).toBeUndefined();
    });
  });

  describe('what the instance sends', () => {
    beforeEach(async () => {
      ada.says('hello');
      await ada.reply('hello');
    });

    /** The message as the platform took it, once the hub knows that it was delivered. */
    async function arrived(content: object, more: object = {}) {
      const before = written().length;
      const id = await world.send(ada.chatId, content, more);
      await until('it has arrived', () => written().length > before);
      await until('the hub knows it', async () => {
        const { deliveries } = await world.operator.message(id);
        return deliveries.every(({ status }) => status === 'delivered');
      });
      return written().slice(before);
    }

    it.each<[string, object, object]>([
      [
        'a text in WhatsApp’s marks',
        { type: 'text', text: '**bold** and [a link](https://example.org)' },
        {
          type: 'text',
          content: { text: { body: expect.stringMatching(/^\*bold\* and .*https:\/\/example.org/) } },
        },
      ],
      [
        'buttons',
        {
          type: 'buttons',
          text: 'Sure?',
          buttons: [
            { id: 'y', label: 'Yes' },
            { id: 'n', label: 'No' },
          ],
        },
        {
          type: 'interactive',
          content: {
            interactive: {
              type: 'button',
              body: { text: 'Sure?' },
              action: {
                buttons: [{ reply: { id: 'y', title: 'Yes' } }, { reply: { id: 'n', title: 'No' } }],
              },
            },
          },
        },
      ],
      [
        'a list',
        { type: 'list', text: 'What?', button: 'Menu', sections: [{ rows: [{ id: 't', label: 'Tea' }] }] },
        {
          type: 'interactive',
          content: {
            interactive: {
              type: 'list',
              action: { button: 'Menu', sections: [{ rows: [{ title: 'Tea' }] }] },
            },
          },
        },
      ],
      [
        'a template',
        {
          type: 'template',
          name: 'news',
          language: 'en_US',
          components: [{ type: 'body', parameters: [{ type: 'text', text: 'we moved' }] }],
        },
        { type: 'template', text: 'News: we moved' },
      ],
      [
        'a location',
        { type: 'location', latitude: 51.5, longitude: -0.12, name: 'London' },
        { type: 'location', content: { location: { latitude: 51.5, longitude: -0.12, name: 'London' } } },
      ],
      [
        'a contact',
        { type: 'contact', name: 'Charles', phone: '+4412345678' },
        {
          type: 'contacts',
          content: { contacts: [{ phones: [{ phone: '+4412345678', wa_id: '4412345678' }] }] },
        },
      ],
      [
        'a poll, which the platform has not, in words',
        { type: 'poll', question: 'Tea?', options: ['yes', 'no'] },
        { type: 'text', text: expect.stringMatching(/Tea\?[^]*yes[^]*no/) },
      ],
    ])('%s', async (_name, content, expected) => {
      expect(await arrived(content)).toEqual([expect.objectContaining({ status: 'delivered' })]);
      expect(written().at(-1)).toMatchObject(expected);
    });

    it('an image by its address is fetched, and uploaded', async () => {
      const url = world.agent.files.serve('cat.png', Buffer.from('a cat'));
      const image = { type: 'image', url, mimeType: 'image/png', caption: '*cat*' };
      const [{ content }] = await arrived(image);
      expect(content.image).toEqual({ id: expect.any(String), caption: '_cat_' });
      expect(platform().calls('upload').at(-1)).toMatchObject({ status: 200 });
    });

    it('a voice message is uploaded first', async () => {
      const data = Buffer.from('OggS a voice').toString('base64');
      const [voice] = await arrived({ type: 'voice', data, mimeType: 'audio/ogg; codecs=opus' });
      const { id } = voice.content.audio as { id: string };
      expect(voice.content.audio).toEqual({ id, voice: true });
      expect(platform().calls('upload').at(-1)).toMatchObject({ status: 200 });
    });

    it('a reaction is put on the message, and taken back', async () => {
      const [hello] = ada.itself.chat.entries;
      for (const emoji of ['👍', '']) {
        await world.send(ada.chatId, { type: 'reaction', messageId: `whatsapp:${hello.id}`, emoji });
        await until('it is shown', () => [...hello.reactions.values()].join() === emoji);
      }
    });

    it('a reply says to what', async () => {
      const [hello] = ada.itself.chat.entries;
      const replyTo = `whatsapp:${hello.id}`;
      const [reply] = await arrived({ type: 'text', text: 'hello yourself' }, { replyTo });
      expect(reply.replyTo).toBe(hello.id);
    });

    it('a long text leaves in parts, in order', async () => {
      const paragraphs = Array.from({ length: 100 }, (_, index) => `${index}: ${'word '.repeat(24).trim()}`);
      const parts = await arrived({ type: 'text', text: paragraphs.join('\n\n') });
      expect(parts.length).toBeGreaterThan(2);
      expect(
        parts
          .map(({ text }) => text)
          .join('\n')
          .split(/\n+/),
      ).toEqual(paragraphs);
    });

    it('what the platform cannot do is refused with a reason', async () => {
      const [answer] = written();
      const path = `/api/v1/instances/${instanceName}/messages`;
      const content = { type: 'edit', messageId: `whatsapp:${answer.id}`, text: 'hi' };
      const { status, data } = await world.hub.api.post(path, { to: ada.chatId, content });
      expect([status, data.code]).toEqual([422, 'UNSUPPORTED']);
    });
  });

  describe('the account', () => {
    it('is connected by the challenge, for this number alone', async () => {
      expect(world.rail.number.ownCallback).toBe(world.webhookUrl);
      expect(await world.connect()).toMatchObject({
        state: 'ok',
        problem: null,
        platform: {
          account: { id: world.rail.number.id, aliases: [world.rail.number.phone] },
          healthy: true,
          facts: { qualityRating: 'GREEN', webhookUrl: world.webhookUrl },
        },
      });
    });

    it('whose webhook another program took is told of, and connected again', async () => {
      world.rail.number.ownCallback = 'http://127.0.0.1:9/elsewhere';
      const taken = await world.status();
      expect(taken.state).toBe('degraded');
      expect(taken.problem).toContain('another program uses this number');
      expect((await world.connect()).state).toBe('ok');
      expect(world.rail.number.ownCallback).toBe(world.webhookUrl);
      ada.says('still there?');
      await ada.reply('still there?');
    });

    it('that is disconnected hears nothing, until it is connected again', async () => {
      await world.operator.post(`/api/v1/instances/${instanceName}/disconnect`);
      expect(world.rail.number.ownCallback).toBeNull();
      ada.says('anybody there?');
      await platform().drained();
      await world.connect();
      ada.says('back?');
      await ada.reply('back?');
      expect(world.asked(ada.chatId)).toHaveLength(1);
    });

    it('answers the challenge with the right token only', async () => {
      const query = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444' };
      const { verifyToken } = world.rail.number;
      const ask = async (token: string) => {
        const search = new URLSearchParams({ ...query, 'hub.verify_token': token });
        const answer = await fetch(`${world.webhookUrl}?${search}`);
        return [answer.status, answer.headers.get('content-type'), await answer.text()];
      };
      expect(await ask(verifyToken)).toEqual([200, 'text/plain', '1158201444']);
      expect(await ask(`${verifyToken}x`)).toEqual([
        401,
        expect.stringContaining('problem+json'),
        expect.any(String),
      ]);
    });

    it('is listed with what it can do', async () => {
      const { items } = await world.operator.get<{ items: { id: string; capabilities: object }[] }>(
        '/api/v1/channels',
      );
      expect(items.find(({ id }) => id === 'whatsapp')).toMatchObject({
        capabilities: { cloud: { replyWindowMs: 86_400_000, tellsDeliveryId: true }, evolution: {} },
      });
      const { config, capabilities } = await world.operator.get<{ config: object; capabilities: object }>(
        `/api/v1/instances/${instanceName}`,
      );
      expect(config).toMatchObject({ accessToken: '***', appSecret: '***', verifyToken: '***' });
      expect(capabilities).toMatchObject({ acknowledgesWithinMs: 120_000, abilities: { link: false } });
    });

    it('has news of its templates and its standing kept for the operator', async () => {
      platform().account('message_template_status_update', {
        event: 'PAUSED',
        message_template_name: 'news',
        message_template_language: 'en_US',
      });
      await platform().drained();
      const { items } = await world.operator.get<{ items: { type: string; content: object }[] }>(
        `/api/v1/messages?instance=${instanceName}`,
      );
      expect(items.filter(({ type }) => type === 'account')).toEqual([
        expect.objectContaining({ content: expect.objectContaining({ what: 'template' }) }),
      ]);
    });
  });
});
