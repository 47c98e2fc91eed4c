import type { Person } from '@omni-hub/simulator';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';
import { World } from './harness/world';

describe('a conversation on Telegram', () => {
  let world: World;
  let ada: Person;

  beforeAll(async () => (world = await World.create()));
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.person({ name: 'Ada', username: 'ada' })));

  describe('what a person sends', () => {
    it('is answered, and the trace says what every stage did', async () => {
      const hello = ada.says('hello');
      await world.reply(ada, 'hello');
      expect(world.lastAsked(ada)).toMatchObject({
        instance: 'support-bot',
        channel: 'telegram',
        sessionId: `support-bot/telegram:${ada.chat.id}`,
        chat: { kind: 'direct' },
        sender: { id: `telegram:${ada.user.id}`, name: 'Ada', username: 'ada', locale: 'en' },
        messages: [{ id: `telegram:${ada.chat.id}:${hello.message_id}`, type: 'text', text: 'hello' }],
      });
      const trace = await world.traceOf(hello);
      expect(trace.outcome).toBe('answered');
      expect(reasonsOf(trace, 'inbox')).toEqual(['first_seen']);
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
      expect(reasonsOf(trace, 'agent')).toEqual(['reply']);
      expect(reasonsOf(trace, 'outbox')).toEqual(['committed', 'sent']);
    });

    it.each([
      ['photo', 'sendsPhoto', 'image'],
      ['voice message', 'sendsVoice', 'voice'],
      ['video', 'sendsVideo', 'video'],
      ['document', 'sendsDocument', 'document'],
      ['sticker', 'sendsSticker', 'sticker'],
    ] as const)('a %s reaches the agent with a link to its bytes', async (_name, sends, kind) => {
      world.agent.answersNext({ kind: 'fixed', text: `nice ${kind}` });
      const sent = ada[sends]();
      await world.reply(ada, `nice ${kind}`);
      const [attachment] = world.lastAsked(ada).messages[0].attachments;
      expect(attachment).toMatchObject({ kind, status: 'ready' });
      expect(attachment.url).not.toContain('e2e-bot-token');
      const file = await world.hub.api.get<ArrayBuffer>(attachment.url!, { responseType: 'arraybuffer' });
      expect(file.status).toBe(200);
      expect(file.data.byteLength).toBe(attachment.size ?? file.data.byteLength);
      expect((await world.traceOf(sent)).outcome).toBe('answered');
    });

    it('a caption is the text of its photo', async () => {
      ada.sendsPhoto({ caption: 'what is this?' });
      await world.reply(ada, 'what is this?');
    });

    it.each([
      ['location', { location: { latitude: 51.5, longitude: -0.12 } }, { latitude: 51.5, longitude: -0.12 }],
      ['contact', { contact: { phone_number: '+4412345', first_name: 'Charles' } }, { phones: ['+4412345'] }],
      [
        'poll',
        {
          poll: {
            id: '1',
            question: 'Tea?',
            options: [
              { persistent_id: '0', text: 'yes', voter_count: 0 },
              { persistent_id: '1', text: 'no', voter_count: 0 },
            ],
            allows_multiple_answers: false,
          },
        },
        { question: 'Tea?', options: ['yes', 'no'] },
      ],
    ])('a %s reaches the agent with its data', async (kind, content, data) => {
      world.agent.answersNext({ kind: 'fixed', text: `got the ${kind}` });
      const sent = ada.sends(content);
      await world.reply(ada, `got the ${kind}`);
      expect(world.lastAsked(ada).messages[0].attachments[0]).toMatchObject({ kind, data });
      expect((await world.traceOf(sent)).outcome).toBe('answered');
    });

    it('the items of an album are one turn', async () => {
      world.agent.answersNext({ kind: 'fixed', text: 'three of them' });
      const items = ada.sendsAlbum([{ kind: 'photo', caption: 'one' }, { kind: 'photo' }, { kind: 'video' }]);
      await world.reply(ada, 'three of them');
      expect(world.asked(ada)).toHaveLength(1);
      expect(world.lastAsked(ada).messages.map(({ attachments }) => attachments[0].kind)).toEqual([
        'image',
        'image',
        'video',
      ]);
      for (const item of items) expect((await world.traceOf(item)).outcome).toBe('answered');
    });

    it('a reply and its quote say what they are about', async () => {
      world.agent.answersNext({ kind: 'fixed', text: 'we open at nine and close at five' });
      ada.says('when?');
      const answer = await world.reply(ada, 'we open');
      ada.says('a.m.?', { replyTo: answer, quote: 'open at nine' });
      await world.reply(ada, 'a.m.?');
      expect(world.lastAsked(ada).messages[0].replyTo).toEqual({
        id: `telegram:${ada.chat.id}:${answer.message_id}`,
        text: 'open at nine',
        fromMe: true,
      });
    });

    it('a command is a message', async () => {
      const start = ada.says('/start from-website');
      await world.reply(ada, '/start from-website');
      expect((await world.traceOf(start)).outcome).toBe('answered');
    });

    it('an edit is kept and not answered again', async () => {
      const first = ada.says('helo');
      await world.reply(ada, 'helo');
      ada.edits(first, 'hello');
      const trace = await world.traceOfEvent(ada.chat.id, 'edit');
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'kind_edit']);
      expect(world.asked(ada)).toHaveLength(1);
    });

    it('a reaction is kept and not answered', async () => {
      ada.says('hello');
      ada.reacts(await world.reply(ada, 'hello'), '👍');
      const trace = await world.traceOfEvent(ada.chat.id, 'reaction');
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'kind_reaction']);
    });

    it('a block is kept, and nothing is said to it', async () => {
      ada.says('hello');
      await world.reply(ada, 'hello');
      ada.blocks();
      const trace = await world.traceOfEvent(ada.chat.id, 'membership');
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'kind_membership']);
    });
  });

  describe('buttons', () => {
    it('a press is answered at once, and told to the agent', async () => {
      world.agent.answersNext({
        kind: 'messages',
        messages: [
          {
            type: 'buttons',
            text: 'Sure?',
            buttons: [
              { id: 'sure:yes', label: 'Yes' },
              { url: 'https://example.org/help', label: 'Help' },
            ],
          },
        ],
      });
      ada.says('delete it');
      await world.reply(ada, 'Sure?');
      const press = ada.presses('Yes');
      await world.reply(ada, 'Yes');
      expect(world.lastAsked(ada).messages[0]).toMatchObject({
        type: 'action',
        actionId: 'sure:yes',
        text: 'Yes',
      });
      await until('the press was answered', () => press.answer !== null);
      expect((await world.traceOfEvent(ada.chat.id, 'action')).outcome).toBe('answered');
    });

    it('an action id beyond the platform’s 64 bytes travels as a token and comes back whole', async () => {
      const id = `order:${'ä'.repeat(100)}`;
      world.agent.answersNext({
        kind: 'messages',
        messages: [{ type: 'buttons', text: 'Order?', buttons: [{ id, label: 'Order' }] }],
      });
      ada.says('menu');
      await world.reply(ada, 'Order?');
      const press = ada.presses('Order');
      expect(Buffer.byteLength(press.data)).toBeLessThanOrEqual(64);
      await world.reply(ada, 'Order');
      expect(world.lastAsked(ada).messages[0]).toMatchObject({ actionId: id });
    });
  });
});
