import type { AgentHistoryEntry, AgentMessage } from '@omni-hub/contracts';
import { sampleRequest } from '../testing/samples';
import { toChat } from './openai-chat';

const [said] = sampleRequest.messages;
const image = {
  kind: 'image',
  mimeType: 'image/png',
  size: 9,
  filename: 'cat.png',
  mediaId: null,
  url: 'http://hub/media/cat',
  status: 'ready' as const,
  reason: null,
};
const before = (role: AgentHistoryEntry['role'], text: string, name: string | null = 'Ada') => ({
  role,
  name: role === 'agent' ? null : name,
  at: '2026-11-22T09:00:00.000Z',
  text,
});

const chat = (
  messages: Partial<AgentMessage>[],
  {
    history = [],
    kind = 'direct',
    ...options
  }: {
    history?: AgentHistoryEntry[];
    kind?: 'direct' | 'group';
    images?: boolean;
    systemPrompt?: string;
  } = {},
) =>
  toChat(
    {
      ...sampleRequest,
      chat: { ...sampleRequest.chat, kind },
      messages: messages.map((one) => ({ ...said, ...one })),
      history,
    },
    { images: false, ...options },
  );

describe('a turn as the messages of a chat completion', () => {
  it('is what was written, after the system prompt', () => {
    expect(chat([{ text: 'one' }, { text: 'two' }], { systemPrompt: 'Be brief.' })).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'one\ntwo' },
    ]);
  });

  it('follows what was said before, in which no two neighbours have one role', () => {
    const history = [
      before('agent', 'welcome'),
      before('person', 'hi'),
      before('person', 'hello?'),
      before('agent', 'yes?'),
      before('agent', 'I am here'),
      before('person', 'wait'),
    ];
    expect(chat([{ text: 'now' }], { history })).toEqual([
      { role: 'assistant', content: 'welcome' },
      { role: 'user', content: 'hi\n\nhello?' },
      { role: 'assistant', content: 'yes?\n\nI am here' },
      { role: 'user', content: 'wait\n\nnow' },
    ]);
  });

  it('tells in a group who speaks', () => {
    const history = [before('person', 'hi', 'Bob'), before('agent', 'hello')];
    const messages = [{ text: 'one' }, { text: 'two', sender: { id: 'sample:8', name: 'Cem' } }];
    expect(chat(messages, { history, kind: 'group' })).toEqual([
      { role: 'user', content: 'Bob: hi' },
      { role: 'assistant', content: 'hello' },
      { role: 'user', content: 'Ada: one\nCem: two' },
    ]);
  });

  it('shows images that are here to a model that sees, and no others', () => {
    const attachments = [image, { ...image, status: 'pending' as const }, { ...image, kind: 'document' }];
    expect(chat([{ text: 'look', attachments }], { images: true })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look\n[image cat.png]\n[image cat.png]\n[document cat.png]' },
          { type: 'image_url', image_url: { url: 'http://hub/media/cat' } },
        ],
      },
    ]);
  });

  it('names images to one that does not, and gives no link away', () => {
    expect(chat([{ text: '', attachments: [image] }])).toEqual([
      { role: 'user', content: '[image cat.png]' },
    ]);
  });

  it('tells what is said in a voice message, where a place is, why a file is missing, what is replied to', () => {
    const voice = { ...image, kind: 'voice', filename: null, transcript: 'call me back' };
    const place = { ...image, kind: 'location', url: null, data: { latitude: 1, longitude: 2 } };
    const lost = { ...image, status: 'failed' as const, url: null, reason: 'the file is empty' };
    const replyTo = { id: 'x', text: `said\n${'long '.repeat(100)}`, fromMe: true };
    const [{ content }] = chat([{ text: '', replyTo, attachments: [voice, place, lost] }]);
    expect(String(content).split('\n')).toEqual([
      expect.stringMatching(/^\[in reply to: said long .{100,200}…\]$/),
      '[voice] call me back',
      '[location: {"latitude":1,"longitude":2}]',
      '[image cat.png, which is not here: the file is empty]',
    ]);
  });
});
