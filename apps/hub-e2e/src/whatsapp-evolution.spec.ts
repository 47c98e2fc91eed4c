import { RailWorld } from './harness/rail-world';
import { EvolutionRail } from './harness/rails';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';

type Ada = ReturnType<EvolutionRail['person']>;

describe('a conversation on WhatsApp by an Evolution server', () => {
  let world: RailWorld<EvolutionRail>;
  let ada: Ada;

  beforeAll(async () => (world = await RailWorld.create(await EvolutionRail.start())));
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.rail.person('Ada')));

  const entriesOf = ({ itself }: Ada) => itself.chat.entries.filter(({ byApi }) => byApi);

  /** Says hello; answers the message that the account then shows. */
  async function greeted(person: Ada) {
    person.says('hello');
    await person.reply('hello');
    return entriesOf(person)[0];
  }

  describe('what a person sends', () => {
    it('is answered, read, and the trace says what every stage did', async () => {
      const hello = ada.itself.says('hello');
      await ada.reply('hello');
      await until('it is marked as read', () => hello.seen);
      const trace = await world.traceOf(hello.id);
      expect(reasonsOf(trace, 'router')).toEqual([
        'started',
        'answerable',
        'from_person',
        'instance_enabled',
        'access_open',
        'direct_chat',
        'rate_unlimited',
        'agent_not_paused',
        'fresh',
      ]);
      await until('it is read', async () =>
        reasonsOf(await world.traceOf(hello.id), 'outbox').includes('read'),
      );
      expect(reasonsOf(await world.traceOf(hello.id), 'outbox').slice(0, 2)).toEqual(['committed', 'sent']);
    });

    it.each([
      ['photo', 'sendsImage', 'image'],
      ['video', 'sendsVideo', 'video'],
      ['round video', 'sendsVideoNote', 'video'],
      ['voice message', 'sendsVoice', 'voice'],
      ['music file', 'sendsAudio', 'audio'],
      ['document', 'sendsDocument', 'document'],
      ['sticker', 'sendsSticker', 'sticker'],
    ] as const)('a %s reaches the agent with a link to its bytes', async (name, sends, kind) => {
      world.agent.answersNext({ kind: 'fixed', text: `nice ${name}` });
      const sent = ada.itself[sends]();
      await ada.reply(`nice ${name}`);
      const [attachment] = world.lastAsked(ada.chatId).messages[0].attachments;
      expect(attachment).toMatchObject({ kind, status: 'ready', reason: null });
      const { plain } = sent.media!;
      const file = await world.hub.api.get<ArrayBuffer>(attachment.url!, { responseType: 'arraybuffer' });
      expect(Buffer.from(file.data)).toEqual(plain);
      expect(attachment.size).toBe(plain.length);
      expect((await world.traceOf(sent.id)).outcome).toBe('answered');
    });

    it.each([
      ['a photo that is shown once', 'viewOnceV2'],
      ['a photo of another phone that is shown once', 'viewOnce'],
      ['a photo in a chat whose messages disappear', 'ephemeral'],
      ['a photo from another device', 'deviceSent'],
    ] as const)('%s is what is inside', async (what, wrapper) => {
      ada.itself.sendsImage({ caption: what, wrapper });
      await ada.reply(what);
      const [message] = world.lastAsked(ada.chatId).messages;
      expect(message.attachments).toMatchObject([{ kind: 'image', status: 'ready' }]);
    });

    it('a document with a caption, and a text in a chat whose messages disappear', async () => {
      ada.itself.sendsDocument({ caption: 'the contract', wrapper: 'documentWithCaption' });
      await ada.reply('the contract');
      expect(world.lastAsked(ada.chatId).messages[0].attachments).toMatchObject([{ kind: 'document' }]);
      ada.itself.says('this will be gone', { expiration: 86_400, wrapper: 'ephemeral' });
      await ada.reply('this will be gone');
    });

    it('a place, a contact and a poll reach the agent with their data', async () => {
      const data = () => world.lastAsked(ada.chatId).messages[0].attachments[0];
      world.agent.answersNext({ kind: 'fixed', text: 'a nice place' });
      ada.itself.sendsLocation(51.5, -0.12, { name: 'London' });
      await ada.reply('a nice place');
      expect(data()).toMatchObject({
        kind: 'location',
        data: { latitude: 51.5, longitude: -0.12, name: 'London' },
      });

      world.agent.answersNext({ kind: 'fixed', text: 'a nice person' });
      ada.itself.sendsContact('+44 7700 900123', 'Charles');
      await ada.reply('a nice person');
      expect(data()).toMatchObject({ kind: 'contact', data: { name: 'Charles' } });
      expect(JSON.stringify(data())).toContain('447700900123');

      ada.itself.sendsPoll('Tea?', ['yes', 'no']);
      await until('it is asked', () => world.asked(ada.chatId).length === 3);
      expect(data()).toMatchObject({ kind: 'poll', data: { question: 'Tea?', options: ['yes', 'no'] } });
    });

    it('a vote in the agent’s poll is a choice', async () => {
      world.agent.answersNext({
        kind: 'messages',
        messages: [{ type: 'poll', question: 'Coffee?', options: ['black', 'white'], multiple: false }],
      });
      ada.says('a drink, please');
      await until('there is a poll', () => entriesOf(ada).length === 1);
      ada.itself.votes(entriesOf(ada)[0], 'white');
      await ada.reply('white');
      expect(world.lastAsked(ada.chatId).messages[0]).toMatchObject({ type: 'action', actionId: 'white' });
    });

    it('the items of an album are one turn', async () => {
      world.agent.answersNext({ kind: 'fixed', text: 'three of them' });
      const items = ada.itself.sendsAlbum([
        { kind: 'image', caption: 'one' },
        { kind: 'image' },
        { kind: 'video' },
      ]);
      await ada.reply('three of them');
      expect(world.asked(ada.chatId)).toHaveLength(1);
      const { messages } = world.lastAsked(ada.chatId);
      expect(messages.map(({ attachments }) => attachments[0].kind)).toEqual(['image', 'image', 'video']);
      for (const { id } of items) expect((await world.traceOf(id)).outcome).toBe('answered');
    });

    it('a reply says what it is about', async () => {
      const answer = await greeted(ada);
      ada.itself.replies(answer, 'what do you mean?');
      await ada.reply('what do you mean?');
      expect(world.lastAsked(ada.chatId).messages[0].replyTo).toEqual({
        id: `whatsapp:${answer.id}`,
        text: 'hello',
        fromMe: true,
      });
    });

    it('a reaction, and that it is taken back, are kept and not answered', async () => {
      const answer = await greeted(ada);
      ada.itself.reacts(answer, '👍');
      ada.itself.unreacts(answer);
      await until('both are stored', async () => {
        const chat = await world.operator.chat(ada.chatId);
        const stored = (await world.operator.messages(chat!)).filter(({ type }) => type === 'reaction');
        const added = stored.map(({ content }) => (content as unknown as { added: string[] }).added);
        return JSON.stringify(added) === '[["👍"],[]]';
      });
      const trace = await world.traceOfEvent(ada.chatId, 'reaction');
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'kind_reaction']);
    });

    it('an edit and a deletion are kept and not answered again', async () => {
      const first = ada.itself.says('helo');
      await ada.reply('helo');
      ada.itself.edits(first, 'hello');
      const edit = await world.traceOfEvent(ada.chatId, 'edit');
      expect([edit.outcome, stoppedBy(edit)]).toEqual(['silent', 'kind_edit']);
      const chat = await world.operator.chat(ada.chatId);
      const stored = (await world.operator.messages(chat!)).find(({ type }) => type === 'edit');
      expect(stored?.content.message).toMatchObject({ id: `whatsapp:${first.id}:in`, text: 'hello' });

      ada.itself.revokes(first);
      const deletion = await world.traceOfEvent(ada.chatId, 'delete');
      expect([deletion.outcome, stoppedBy(deletion)]).toEqual(['silent', 'kind_delete']);
      expect(world.asked(ada.chatId)).toHaveLength(1);
    });

    it('a message whose content comes with a second event of the same id is answered once', async () => {
      const { id } = ada.itself.sendsEmptyThenReal('late but here');
      await ada.reply('late but here');
      expect((await world.traceOf(id)).outcome).toBe('answered');
      const empty = await world.traceOf(`${id}:empty`);
      expect(empty).toMatchObject({ outcome: 'ignored', because: expect.stringContaining('no content yet') });
      expect(world.asked(ada.chatId)).toHaveLength(1);
    });

    it('from a second device is the same chat', async () => {
      await greeted(ada);
      ada.itself.changesDevice(12);
      ada.says('from my computer');
      await ada.reply('from my computer');
      expect(world.asked(ada.chatId)).toHaveLength(2);
    });

    it('a status for everybody, a call and typing are answered by nobody', async () => {
      const status = ada.itself.postsStatus('what a day');
      ada.itself.calls();
      ada.itself.types();
      const trace = await world.traceOf(status.id);
      expect(trace.outcome).toBe('ignored');
      await greeted(ada);
      expect(world.asked(ada.chatId)).toHaveLength(1);
    });
  });

  describe('what the account’s holder types on the phone', () => {
    it('is kept in the chat’s order and never answered', async () => {
      await greeted(ada);
      const typed = world.rail.account.typesOnPhone(ada.itself, 'I take over from here');
      const trace = await world.traceOf(typed.id);
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'own_message']);
      const chat = await world.operator.chat(ada.chatId);
      const texts = (await world.operator.messages(chat!)).map(({ content }) => content.message?.text);
      expect(texts).toContain('I take over from here');
      expect(world.asked(ada.chatId)).toHaveLength(1);
    });
  });

  describe('what the account sends', () => {
    it('quotes a message as it is', async () => {
      const hello = ada.itself.says('hello');
      await ada.reply('hello');
      await world.send(
        ada.chatId,
        { type: 'text', text: 'about that' },
        {
          replyTo: `whatsapp:${hello.id}:in`,
        },
      );
      await ada.reply('about that');
      const quoting = entriesOf(ada).at(-1)!;
      expect(quoting.quotes).toBe(hello.id);
      expect(quoting.contextInfo?.quotedMessage).toMatchObject({ conversation: 'hello' });
    });

    it('a reaction, an edit and a deletion happen to the message that is meant', async () => {
      const hello = ada.itself.says('hello');
      await ada.reply('hello');
      const [answer] = entriesOf(ada);
      const target = `whatsapp:${answer.id}`;
      await world.send(ada.chatId, {
        type: 'reaction',
        messageId: `whatsapp:${hello.id}:in`,
        emoji: '🎉',
      });
      await until('it is there', () => [...hello.reactions.values()].includes('🎉'));
      await world.send(ada.chatId, { type: 'edit', messageId: target, text: 'good day' });
      await until('it is edited', () => answer.text === 'good day');
      await world.send(ada.chatId, { type: 'delete', messageId: target });
      await until('it is deleted', () => answer.deleted);
    });

    it.each([
      ['as people write it', '+55 (11) 98765-4321', '5511987654321'],
      ['by its digits', '5521987654321', '5521987654321'],
      ['as an address', '4915112345678@s.whatsapp.net', '4915112345678'],
      ['as an id of the channel', 'whatsapp:4915112345679', '4915112345679'],
    ])('reaches a number that is written %s', async (_name, to, phone) => {
      const person = world.rail.person('Somebody', { phone });
      await world.send(to, { type: 'text', text: 'good news' });
      await person.reply('good news');
      expect(await world.operator.chat(`whatsapp:${phone}`)).toMatchObject({ kind: 'direct' });
      person.says('who is this?');
      await person.reply('who is this?');
      expect(world.lastAsked(`whatsapp:${phone}`).sessionId).toBe(`support/whatsapp:${phone}`);
    });

    it('is refused at once where nobody is meant', async () => {
      const { status, data } = await world.hub.api.post('/api/v1/instances/support/messages', {
        to: 'the neighbours',
        content: { type: 'text', text: 'hello' },
      });
      expect([status, data.code]).toEqual([422, 'VALIDATION']);
      expect(JSON.stringify(data)).toContain('the neighbours');
    });
  });

  describe('a Brazilian number with and without its ninth digit', () => {
    it.each([
      ['is written to with it and registered without it', '+55 31 98765-4321', '553187654321'],
      ['is written to without it and registered with it', '+55 31 8765-4322', '5531987654322'],
    ])('is one chat where it %s', async (_name, to, registered) => {
      const filed = `whatsapp:${registered.length === 12 ? registered.replace('5531', '55319') : registered}`;
      const person = world.rail.person('João', { phone: registered });
      await world.send(to, { type: 'text', text: 'bom dia' });
      await person.reply('bom dia');
      person.says('bom dia!');
      await person.reply('bom dia!');
      expect(world.lastAsked(filed)).toMatchObject({
        sessionId: `support/${filed}`,
        sender: { phone: `+${registered}` },
      });
      const chats = (await world.operator.chats()).filter(
        ({ chatId }) => chatId.startsWith('whatsapp:5531') && chatId.endsWith(registered.slice(-8)),
      );
      expect(chats.map(({ chatId }) => chatId)).toEqual([filed]);
      const last = world.rail.platform.calls('sendText').at(-1);
      expect(last?.body.number).toBe(`${registered}@s.whatsapp.net`);
    });
  });
});
