import type { Content } from '@omni-hub/contracts';
import { DiscordRail } from './harness/discord-rail';
import { RailWorld } from './harness/rail-world';
import { instanceName } from './harness/rails';
import { reasonsOf } from './harness/trace';
import { until } from './harness/until';

const bytes = Buffer.from('the very bytes');
const data = bytes.toString('base64');

describe('what can be said on Discord', () => {
  let world: RailWorld<DiscordRail>;
  let ada: ReturnType<DiscordRail['person']>;

  beforeAll(async () => {
    world = await RailWorld.create(await DiscordRail.start());
    await world.connected();
  });
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.rail.person('Ada')));

  const platform = () => world.rail.platform;
  const agentSays = (text: string) => world.agent.answersNext({ kind: 'fixed', text });
  const answers = (...messages: Content[]) => world.agent.answersNext({ kind: 'messages', messages });
  const entries = () => ada.itself.chat.entries.filter(({ byBot }) => byBot);
  const transcript = () => platform().transcript(ada.itself);

  it('Markdown, as Discord writes it', async () => {
    agentSays(
      '# Title\n\n**bold**, *italic*, ~~gone~~, `code` and [a link](https://example.org/), 2 * 3 * 4',
    );
    ada.says('style');
    expect(await ada.reply('Title')).toBe(
      '## Title\n\n**bold**, _italic_, ~~gone~~, `code` and [a link](https://example.org/), 2 \\* 3 \\* 4',
    );
  });

  it('a long text with code and a table in parts of 2000, each with its fences closed, in order, with nothing lost', async () => {
    const words = Array.from({ length: 40 }, (_, index) => `${index}: ${'word '.repeat(14).trim()}.`);
    const code = Array.from({ length: 120 }, (_, index) => `const line${index} = '${'x'.repeat(20)}';`);
    const rows = Array.from({ length: 60 }, (_, index) => `| row ${index} | ${'cell '.repeat(6).trim()} |`);
    const table = ['| name | value |', '| --- | --- |', ...rows];
    const text = [...words, '```ts', ...code, '```', '', ...table, '', 'the end'].join('\n');
    agentSays(text.replaceAll('.\n', '.\n\n'));
    const question = ada.says('tell me all');
    await ada.reply('the end');
    const parts = ada.shown();
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(2000);
      expect(part.split('```').length % 2).toBe(1);
    }
    const lines = parts.join('\n').split('\n');
    expect(lines.filter((line) => line.startsWith('const'))).toEqual(code);
    expect(lines.filter((line) => /^\d+: word/.test(line))).toEqual(words);
    const shownRows = lines.flatMap((line) => /row (\d+)\b/.exec(line)?.[1] ?? []);
    expect(shownRows).toEqual(rows.map((_, index) => String(index)));
    const trace = await world.traceOf(question);
    expect(trace.outcome).toBe('answered');
    expect(reasonsOf(trace, 'outbox').filter((reason) => reason === 'sent')).toHaveLength(parts.length);
  });

  it.each<[string, Content, object]>([
    [
      'an image',
      { type: 'image', data, mimeType: 'image/png', caption: '**dot**' },
      { filename: 'image.png' },
    ],
    ['a video', { type: 'video', data, mimeType: 'video/mp4' }, { filename: 'video.mp4' }],
    ['a sound', { type: 'audio', data, filename: 'song.mp3' }, { filename: 'song.mp3' }],
    ['a voice message', { type: 'voice', data, mimeType: 'audio/ogg' }, { contentType: 'audio/ogg' }],
    ['a document', { type: 'document', data, filename: 'Q3 report.pdf' }, { filename: 'Q3_report.pdf' }],
  ])('%s, its bytes attached', async (_name, content, file) => {
    answers(content);
    const question = ada.says('show me');
    const { message } = await world.rail.reply(ada.itself);
    expect(message.files).toMatchObject([{ ...file, bytes }]);
    expect(message.content).toBe('caption' in content ? '**dot**' : '');
    expect((await world.traceOf(question)).outcome).toBe('answered');
  });

  it('several files as one message', async () => {
    const items = ['a.png', 'b.png'].map((filename) => ({ type: 'image' as const, data, filename }));
    answers({ type: 'album', items: [{ ...items[0], caption: 'two dots' }, items[1]] });
    ada.says('album');
    const { message } = await world.rail.reply(ada.itself, 'two dots');
    expect(message.files.map(({ filename }) => filename)).toEqual(['a.png', 'b.png']);
    expect(entries()).toHaveLength(1);
  });

  it('a picture by its address, attached like any other, a poll, a location and a contact', async () => {
    answers(
      { type: 'image', url: world.agent.files.serve('cat.png', bytes), caption: 'cat' },
      { type: 'poll', question: 'Tea?', options: ['Yes', 'No'] },
      { type: 'location', latitude: 51.5, longitude: -0.12, name: 'London' },
      { type: 'contact', name: 'Charles', phone: '+4412345678' },
    );
    ada.says('all');
    await ada.reply('Charles');
    const [cat, poll, place, contact] = entries().map(({ message }) => message);
    expect(cat).toMatchObject({ content: 'cat', files: [{ filename: 'cat.png', bytes }] });
    expect(poll.poll).toMatchObject({ question: { text: 'Tea?' }, allow_multiselect: false });
    expect(place.content).toMatch(/London[^]*51\.5/);
    expect(contact.content).toContain('+4412345678');
  });

  describe('through the hub’s API', () => {
    const send = (content: object, more: object = {}, to = ada.chatId) => world.send(to, content, more);
    const sent = async (id: string) => expect((await world.operator.ended({ id })).outcome).toBe('sent');
    const idOf = ({ message }: { message: { id: string } }) => `${ada.chatId}:${message.id}`;

    beforeEach(async () => {
      ada.says('hello');
      await ada.reply('hello');
    });

    it('a reply, an edit and a deletion', async () => {
      const [hello] = ada.itself.chat.entries;
      await sent(await send({ type: 'text', text: 'hello yourself' }, { replyTo: idOf(hello) }));
      const answer = entries()[1];
      expect(answer.message.reference).toMatchObject({ message_id: hello.message.id });
      await sent(await send({ type: 'edit', messageId: idOf(answer), text: 'hello **you**' }));
      expect(answer.message.content).toBe('hello **you**');
      await sent(await send({ type: 'delete', messageId: idOf(answer) }));
      expect(transcript()).toEqual([
        'Ada: hello',
        'support: hello',
        'support: hello **you** (edited) (deleted)',
      ]);
      await sent(await send({ type: 'delete', messageId: idOf(answer) }));
    });

    it('a reaction, another in its place, and none', async () => {
      const [hello] = ada.itself.chat.entries;
      ada.itself.reacts(hello, '👍');
      for (const emoji of ['👍', '🎉', '']) {
        await sent(await send({ type: 'reaction', messageId: idOf(hello), emoji }));
        const mine = [...hello.reactions.values()].filter(({ by }) => by.has(world.rail.application.user.id));
        expect(mine.map((reaction) => reaction.emoji.name).join()).toBe(emoji);
      }
      expect([...hello.reactions.values()].map(({ emoji }) => emoji.name)).toEqual(['👍']);
    });

    it('the first message to a person opens their direct messages, and that is the chat from then on', async () => {
      const bea = platform().person({ name: 'Bea' });
      const cem = platform().person({ name: 'Cem' });
      for (const [person, to] of [
        [bea, `discord:user:${bea.id}`],
        [cem, `discord:${cem.id}`],
      ] as const) {
        await sent(await send({ type: 'text', text: 'welcome' }, {}, to));
        await sent(await send({ type: 'text', text: 'and again' }, {}, to));
        expect(platform().transcript(person)).toEqual(['support: welcome', 'support: and again']);
        person.dms('thank you');
        await platform().waitForReply(person, 'thank you', 20_000);
        const [asked] = world.asked(`discord:${person.direct.id}`);
        expect(asked).toMatchObject({ chat: { kind: 'direct' }, sender: { id: `discord:${person.id}` } });
        expect(await world.operator.chat(`discord:${person.direct.id}`)).toMatchObject({ kind: 'direct' });
      }
    });

    it('a message into a channel, and one into a channel that is not there', async () => {
      const guild = platform().guild({ name: 'Shop' });
      await sent(await send({ type: 'text', text: 'news' }, {}, `discord:${guild.general.id}`));
      expect(world.rail.shown(guild.general)).toEqual(['news']);
      const id = await send({ type: 'text', text: 'nobody' }, {}, 'discord:1457999999999999999');
      const trace = await world.operator.ended({ id });
      expect(trace).toMatchObject({ outcome: 'dead', because: expect.stringContaining('channel') });
    });

    it('what Discord cannot do is refused with a reason', async () => {
      const content = { type: 'template', name: 'news', language: 'en' };
      const { status, data } = await world.hub.api.post(`/api/v1/instances/${instanceName}/messages`, {
        to: ada.chatId,
        content,
      });
      expect([status, data.code]).toEqual([422, 'UNSUPPORTED']);
    });
  });

  describe('as it is written', () => {
    it('one message grows, and is the answer in the end', async () => {
      const deltas = ['First. ', '**Second**. ', 'Third.'];
      world.agent.answersNext({ kind: 'stream', deltas, everyMs: 900 });
      const question = ada.says('slowly');
      await until('the answer is whole', () => ada.shown().join() === 'First. **Second**. Third.');
      const trace = await world.traceOf(question);
      expect(trace.outcome).toBe('answered');
      expect(entries()).toHaveLength(1);
      const versions = entries()[0].versions.map(({ content }) => content);
      expect(versions.length).toBeGreaterThan(0);
      expect(versions.length).toBeLessThan(4);
      for (const version of versions) expect('First. **Second**. Third.').toContain(version.trim());
      expect(world.rail.callsIn(ada.itself, 'create-message')).toHaveLength(1);
    });

    it('an answer longer than a message goes on in others', async () => {
      const lines = Array.from({ length: 60 }, (_, index) => `${index}: ${'word '.repeat(10).trim()}`);
      const deltas = lines.map((line) => `${line}\n\n`);
      world.agent.answersNext({ kind: 'stream', deltas, everyMs: 30 });
      ada.says('much');
      await until('all is there', () => ada.shown().join('\n').split(/\n+/).join() === lines.join());
    });

    it('a preview that somebody deleted is sent anew', async () => {
      world.agent.answersNext({ kind: 'stream', deltas: ['one ', 'two'], everyMs: 1_000 });
      ada.says('delete it');
      await ada.reply('one');
      ada.itself.deletes(entries()[0]);
      await ada.reply('one two');
      expect(ada.shown()).toEqual(['one two']);
    });
  });
});
