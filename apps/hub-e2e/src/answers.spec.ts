import type { Content } from '@omni-hub/contracts';
import type { Person } from '@omni-hub/simulator';
import { until } from './harness/until';
import { World } from './harness/world';

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
).toString('base64');

describe('what an agent can answer on Telegram', () => {
  let world: World;
  let ada: Person;

  beforeAll(async () => (world = await World.create()));
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.person({ name: 'Ada' })));

  const answers = (...messages: Content[]) => world.agent.answersNext({ kind: 'messages', messages });

  it('Markdown, shown as the platform’s own styles', async () => {
    world.agent.answersNext({
      kind: 'fixed',
      text: 'It is **bold**, `code` and [a link](https://example.org/).',
    });
    ada.says('style');
    const { text, entities } = await world.reply(ada);
    expect(text).toBe('It is bold, code and a link.');
    expect(entities?.map(({ type, offset, length }) => [type, text!.slice(offset, offset + length)])).toEqual(
      [
        ['bold', 'bold'],
        ['code', 'code'],
        ['text_link', 'a link'],
      ],
    );
  });

  it('a long text in parts, in order, with nothing lost', async () => {
    const paragraphs = Array.from({ length: 120 }, (_, index) => `${index}: ${'word '.repeat(18).trim()}.`);
    world.agent.answersNext({ kind: 'fixed', text: paragraphs.join('\n\n') });
    const question = ada.says('tell me all');
    await world.reply(ada, '119: word');
    const parts = ada.chat.entries.filter(({ byBot }) => byBot).map(({ message }) => message.text!);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(4096);
    expect(parts.join('\n').split(/\n+/)).toEqual(paragraphs);
    const trace = await world.traceOf(question);
    expect(trace.outcome).toBe('answered');
    expect(trace.steps.filter(({ reason }) => reason === 'sent')).toHaveLength(parts.length);
  });

  /** A file that the agent serves. */
  const linked = (name: string) => world.agent.files.serve(name, Buffer.from(pixel, 'base64'));

  it.each<[string, Content, string]>([
    ['an image as bytes', { type: 'image', data: pixel, mimeType: 'image/png', caption: 'a dot' }, 'photo'],
    ['an image by link', { type: 'image', url: 'dot.png' }, 'photo'],
    ['a video', { type: 'video', url: 'v.mp4' }, 'video'],
    ['a voice message', { type: 'voice', data: pixel, mimeType: 'audio/ogg' }, 'voice'],
    ['an audio file', { type: 'audio', url: 'a.mp3' }, 'audio'],
    ['a document', { type: 'document', data: pixel, filename: 'dot.png' }, 'document'],
    ['a sticker', { type: 'sticker', url: 's.webp' }, 'sticker'],
    ['a location', { type: 'location', latitude: 51.5, longitude: -0.12 }, 'location'],
    [
      'a venue',
      { type: 'location', latitude: 51.5, longitude: -0.12, name: 'Office', address: '1 High Street' },
      'venue',
    ],
    ['a contact', { type: 'contact', name: 'Charles', phone: '+4412345' }, 'contact'],
    ['a poll', { type: 'poll', question: 'Tea?', options: ['yes', 'no'] }, 'poll'],
  ])('%s', async (_name, content, kind) => {
    answers('url' in content ? { ...content, url: linked(content.url!) } : content);
    const question = ada.says('show me');
    const shown = await world.reply(ada);
    expect(shown).toHaveProperty(kind);
    if ('caption' in content) expect(shown.caption).toBe(content.caption);
    expect((await world.traceOf(question)).outcome).toBe('answered');
  });

  it('an album, shown as one', async () => {
    answers({
      type: 'album',
      items: [
        { type: 'image', url: linked('1.png'), caption: 'first' },
        { type: 'image', url: linked('2.png') },
      ],
    });
    ada.says('album');
    const first = await world.reply(ada, 'first');
    const second = await world.reply(ada);
    expect(first.media_group_id).toBeDefined();
    expect(second.media_group_id).toBe(first.media_group_id);
  });

  it('several messages, in order', async () => {
    answers(
      { type: 'text', text: 'one' },
      { type: 'location', latitude: 1, longitude: 2 },
      { type: 'text', text: 'three' },
    );
    ada.says('all');
    await world.reply(ada, 'three');
    const kinds = ada.chat.entries
      .filter(({ byBot }) => byBot)
      .map(({ message }) => message.text ?? 'location');
    expect(kinds).toEqual(['one', 'location', 'three']);
  });

  it('a reaction to the message, and a change or removal of its own', async () => {
    const question = ada.says('react');
    await world.reply(ada, 'react');
    const mine = await (async () => {
      ada.says('say something');
      return world.reply(ada, 'say something');
    })();
    const id = (message: { message_id: number }) => `telegram:${ada.chat.id}:${message.message_id}` as never;
    answers(
      { type: 'reaction', messageId: id(question), emoji: '👍' },
      { type: 'edit', messageId: id(mine), text: 'said better' },
    );
    ada.says('now');
    await until('the message was changed', () =>
      world.telegram.transcript(ada).some((line) => line.includes('said better (edited)')),
    );
    expect(world.telegram.transcript(ada)[0]).toContain('👍');
    answers({ type: 'delete', messageId: id(mine) });
    ada.says('take it back');
    await until('the message is gone', () => ada.chat.find(mine.message_id) === undefined);
  });

  it('content that the channel cannot carry is a dead letter, and does not cost the rest', async () => {
    answers({ type: 'template', name: 'welcome', language: 'en' }, { type: 'text', text: 'but this' });
    ada.says('template');
    await world.reply(ada, 'but this');
    const letter = await world.operator.deadLetter(({ code }) => code === 'UNSUPPORTED');
    expect(letter).toMatchObject({ kind: 'turn', instance: 'support-bot' });
    expect(letter.detail).toContain('content.template');
  });

  describe('bit by bit', () => {
    const deltas = ['The ', 'answer ', 'is ', 'forty-', 'two', '.'];

    it('shows a draft in a direct chat, and then the whole answer once', async () => {
      world.agent.answersNext({ kind: 'stream', deltas, everyMs: 200 });
      const question = ada.says('what is it?');
      const answer = await world.reply(ada, 'The answer is forty-two.');
      expect(answer.text).toBe('The answer is forty-two.');
      expect(ada.chat.drafts.length).toBeGreaterThan(0);
      expect('The answer is forty-two.'.startsWith(ada.chat.drafts[0].text)).toBe(true);
      expect((await world.traceOf(question)).outcome).toBe('answered');
      expect(ada.chat.entries.filter(({ byBot }) => byBot)).toHaveLength(1);
    });

    it('shows one message in a group, which becomes the answer', async () => {
      const group = world.telegram.group({ members: [ada] });
      world.agent.answersNext({ kind: 'stream', deltas, everyMs: 200 });
      const question = ada.says('@support_bot what is it?', { chat: group });
      const answer = await world.reply(group, 'The answer is forty-two.');
      expect(answer.text).toBe('The answer is forty-two.');
      expect((await world.traceOf(question)).outcome).toBe('answered');
      const shown = group.chat.entries.filter(({ byBot }) => byBot);
      expect(shown).toHaveLength(1);
      expect(shown[0].versions.length).toBeGreaterThan(0);
    });

    it('shows typing while the agent takes its time', async () => {
      world.agent.answersNext({ kind: 'delay', minMs: 1_000, maxMs: 1_000 });
      ada.says('think');
      await world.reply(ada, 'think');
      expect(ada.chat.actions).toContain('typing');
    });
  });
});
