import type {
  Capabilities,
  Content,
  ContentType,
  MediaContent,
  MediaKind,
  MessageId,
  Support,
} from '@omni-hub/contracts';
import fc from 'fast-check';
import { UnsupportedError } from './errors/errors';
import type { Part } from './parts';
import { planParts } from './plan';

const allTypes: ContentType[] = [
  'text',
  'image',
  'video',
  'audio',
  'voice',
  'document',
  'sticker',
  'album',
  'location',
  'contact',
  'poll',
  'buttons',
  'list',
  'template',
  'reaction',
  'edit',
  'delete',
];

interface Limits {
  content?: Partial<Record<ContentType, Support>>;
  rest?: Support;
  maxTextLength?: number;
  captions?: readonly MediaKind[];
  maxCaptionLength?: number;
  maxAlbumItems?: number;
  textUnit?: Capabilities['textUnit'];
}

/** A channel that carries everything, but for what is said. */
function channel({ content, rest = 'native', ...limits }: Limits = {}): Capabilities {
  return {
    content: {
      ...Object.fromEntries(allTypes.map((type) => [type, rest])),
      ...content,
    } as Capabilities['content'],
    maxTextLength: 100,
    captions: ['image', 'video', 'audio', 'voice', 'document'],
    maxCaptionLength: 20,
    textUnit: 'utf16',
    maxActionIdBytes: null,
    maxAlbumItems: 3,
    idempotentSend: false,
    acknowledgesWithinMs: null,
    tellsDeliveryId: false,
    replyWindowMs: null,
    aliases: false,
    abilities: {} as Capabilities['abilities'],
    ...limits,
  };
}

/** A channel that has nothing of its own but text. */
const textOnly = channel({ rest: 'fallback', content: { text: 'native' } });

const messageId = 'telegram:1:2' as MessageId;
const url = 'https://x.org/f';
const textPart = (text: string, spans: object[] = []): Part =>
  ({ type: 'text', body: { text, spans }, buttons: [] }) as Part;
const shown = (parts: Part[]) => parts.map((part) => (part.type === 'text' ? part.body.text : part.type));

describe('planParts of text', () => {
  it('parses Markdown', () => {
    expect(planParts({ type: 'text', text: '**hi**' }, channel())).toEqual({
      parts: [textPart('hi', [{ style: 'bold', offset: 0, length: 2 }])],
      fallback: null,
    });
  });

  it('splits at the channel’s limit, in its unit', () => {
    const content: Content = { type: 'text', text: 'ää ää ää' };
    expect(shown(planParts(content, channel({ maxTextLength: 5 })).parts)).toEqual(['ää ää', 'ää']);
    expect(shown(planParts(content, channel({ maxTextLength: 5, textUnit: 'byte' })).parts)).toEqual([
      'ää',
      'ää',
      'ää',
    ]);
    const emoji: Content = { type: 'text', text: '👍👍👍' };
    expect(shown(planParts(emoji, channel({ maxTextLength: 3, textUnit: 'codepoint' })).parts)).toEqual([
      '👍👍👍',
    ]);
  });

  it('counts as the channel renders when it says how', () => {
    const doubled = ({ text }: { text: string }) => text.length * 2;
    expect(
      shown(planParts({ type: 'text', text: 'ab cd' }, channel({ maxTextLength: 5 }), doubled).parts),
    ).toEqual(['ab', 'cd']);
  });
});

describe('planParts of media', () => {
  const image: MediaContent = { type: 'image', url, caption: '*a*' };

  it('carries the source and the caption', () => {
    expect(planParts(image, channel()).parts).toEqual([
      {
        type: 'media',
        kind: 'image',
        source: { url },
        mimeType: null,
        filename: null,
        caption: { text: 'a', spans: [{ style: 'italic', offset: 0, length: 1 }] },
      },
    ]);
    const file: MediaContent = { type: 'document', mediaId: 'm-1', mimeType: 'a/b', filename: 'f.b' };
    expect(planParts(file, channel()).parts).toMatchObject([
      { source: { mediaId: 'm-1' }, mimeType: 'a/b', filename: 'f.b', caption: null },
    ]);
  });

  it('continues a long caption as text', () => {
    const { parts, fallback } = planParts({ ...image, caption: 'one two three four five six' }, channel());
    expect(parts).toMatchObject([
      { caption: { text: 'one two three four' } },
      { type: 'text', body: { text: 'five six' } },
    ]);
    expect(fallback).toBeNull();
  });

  it('sends the caption of a kind that carries none as text before the file, and says so', () => {
    const sticker: MediaContent = { type: 'sticker', url, caption: '*a* '.repeat(60) };
    const { parts, fallback } = planParts(sticker, channel());
    expect(shown(parts)).toEqual([expect.stringMatching(/^a a/), expect.stringMatching(/a$/), 'media']);
    expect(parts.at(-1)).toMatchObject({ kind: 'sticker', caption: null });
    expect(fallback).toBe('caption of sticker as text');
    expect(planParts(image, channel({ captions: [] }))).toMatchObject({
      parts: [{ type: 'text', body: { text: 'a', spans: [{ style: 'italic' }] } }, { caption: null }],
      fallback: 'caption of image as text',
    });
    expect(planParts({ ...image, caption: ' ' }, channel({ captions: [] }))).toMatchObject({
      parts: [{ type: 'media' }],
      fallback: null,
    });
  });

  it('goes by the kind that the file is sent as', () => {
    const noStickers = channel({ content: { sticker: 'fallback' } });
    expect(planParts({ ...image, type: 'sticker' }, noStickers)).toMatchObject({
      parts: [{ kind: 'image', caption: { text: 'a' } }],
      fallback: 'sticker as image',
    });
    const noVoice = channel({ content: { voice: 'fallback' }, captions: ['voice', 'image'] });
    expect(planParts({ ...image, type: 'voice' }, noVoice)).toMatchObject({
      parts: [
        { type: 'text', body: { text: 'a' } },
        { kind: 'audio', caption: null },
      ],
      fallback: 'voice as audio, caption of audio as text',
    });
  });

  it.each<[MediaContent['type'], ContentType[], string, string | null]>([
    ['voice', ['voice'], 'voice', null],
    ['voice', ['audio', 'document'], 'audio', 'voice as audio'],
    ['voice', ['document'], 'document', 'voice as document'],
    ['sticker', ['image', 'document'], 'image', 'sticker as image'],
    ['sticker', ['document'], 'document', 'sticker as document'],
    ['image', ['document'], 'document', 'image as document'],
    ['video', ['document'], 'document', 'video as document'],
    ['audio', ['document', 'voice'], 'document', 'audio as document'],
  ])('shows %s, where there is %p, as %s', (type, natives, kind, fallback) => {
    const content = Object.fromEntries(natives.map((native) => [native, 'native' as const]));
    const planned = planParts(
      { type, url },
      channel({ rest: 'fallback', content: { text: 'native', ...content } }),
    );
    expect(planned).toMatchObject({ parts: [{ type: 'media', kind }], fallback });
  });

  it('shows a link where the channel carries no file at all', () => {
    expect(planParts({ ...image, filename: 'cat.png' }, textOnly)).toEqual({
      parts: [
        textPart('a\n\ncat.png', [
          { style: 'italic', offset: 0, length: 1 },
          { style: 'link', offset: 3, length: 7, url },
        ]),
      ],
      fallback: 'image as text with a link',
    });
    expect(() => planParts({ type: 'image', mediaId: 'm-1' }, textOnly)).toThrow(UnsupportedError);
  });
});

describe('planParts of an album', () => {
  const album = (...types: MediaContent['type'][]): Content => ({
    type: 'album',
    items: types.map((type) => ({ type, url })),
  });
  const shape = (parts: Part[]) =>
    parts.map((part) =>
      part.type === 'album'
        ? part.items.map(({ kind }) => kind)
        : part.type === 'media'
          ? part.kind
          : part.type,
    );

  it('keeps together what can be shown together, within the channel’s size', () => {
    const { parts, fallback } = planParts(
      album('image', 'video', 'image', 'image', 'document', 'document', 'audio', 'voice', 'voice'),
      channel(),
    );
    expect(shape(parts)).toEqual([
      ['image', 'video', 'image'],
      'image',
      ['document', 'document'],
      'audio',
      'voice',
      'voice',
    ]);
    expect(fallback).toBeNull();
  });

  it('sends what the captions could not hold after the album', () => {
    const items: MediaContent[] = [
      { type: 'image', url, caption: 'one two three four five six' },
      { type: 'image', url, caption: 'b' },
    ];
    const { parts } = planParts({ type: 'album', items }, channel());
    expect(parts).toMatchObject([
      { type: 'album', items: [{ caption: { text: 'one two three four' } }, { caption: { text: 'b' } }] },
      { type: 'text', body: { text: 'five six' } },
    ]);
  });

  it('sends the captions that its items do not carry before the album', () => {
    const items: MediaContent[] = [
      { type: 'image', url, caption: 'one two three four five six' },
      { type: 'video', url, caption: 'b' },
      { type: 'audio', url, caption: 'c' },
    ];
    const { parts, fallback } = planParts({ type: 'album', items }, channel({ captions: ['image'] }));
    expect(parts).toMatchObject([
      { type: 'text', body: { text: 'b' } },
      { type: 'album', items: [{ caption: { text: 'one two three four' } }, { caption: null }] },
      { type: 'text', body: { text: 'five six' } },
      { type: 'text', body: { text: 'c' } },
      { type: 'media', kind: 'audio', caption: null },
    ]);
    expect(fallback).toBe('caption of video as text, caption of audio as text');
  });

  it('sends the items one by one where there are no albums', () => {
    const noAlbums = channel({ content: { album: 'fallback' } });
    const planned = planParts(album('image', 'image'), noAlbums);
    expect(shape(planned.parts)).toEqual(['image', 'image']);
    expect(planned.fallback).toBe('album one by one');
    const items: MediaContent[] = [
      { type: 'image', url },
      { type: 'voice', url, caption: 'a' },
    ];
    expect(
      planParts({ type: 'album', items }, channel({ content: { album: 'fallback' }, captions: ['image'] })),
    ).toMatchObject({
      parts: [{ kind: 'image' }, { type: 'text' }, { kind: 'voice' }],
      fallback: 'album one by one, caption of voice as text',
    });
  });

  it('shows links beside what can be shown together', () => {
    const noVideo = channel({ content: { video: 'fallback', document: 'fallback' } });
    const { parts, fallback } = planParts(album('image', 'image', 'video', 'image'), noVideo);
    expect(shape(parts)).toEqual([['image', 'image'], 'text', 'image']);
    expect(fallback).toBe('video as text with a link');
  });

  it('says what became of its items', () => {
    const noVideo = channel({ content: { video: 'fallback' } });
    const planned = planParts(album('image', 'video', 'video'), noVideo);
    expect(shape(planned.parts)).toEqual(['image', ['document', 'document']]);
    expect(planned.fallback).toBe('video as document');
  });

  it('refuses an item that the channel cannot carry', () => {
    const noVideo = channel({ content: { video: 'unsupported' } });
    expect(() => planParts(album('image', 'video'), noVideo)).toThrow(
      expect.objectContaining({ capability: 'content.video' }),
    );
  });
});

describe('planParts of what only some channels have', () => {
  const location: Content = {
    type: 'location',
    latitude: 1.5,
    longitude: -2,
    name: 'Pier',
    address: 'Quay 3',
  };
  const contact: Content = { type: 'contact', name: 'Ada', phone: '+1 555' };
  const poll: Content = { type: 'poll', question: 'Tea *or*?', options: ['tea', 'coffee'] };
  const buttons: Content = {
    type: 'buttons',
    text: '**Go?**',
    buttons: [
      { id: 'y', label: 'Yes' },
      { url, label: 'Read' },
    ],
  };
  const list: Content = {
    type: 'list',
    text: 'Pick',
    button: 'Open',
    sections: [
      { title: 'Hot', rows: [{ id: '1', label: 'Tea', description: 'green' }] },
      { rows: [{ id: '2', label: 'Water' }] },
    ],
  };
  const template: Content = { type: 'template', name: 'welcome', language: 'en' };
  const reaction: Content = { type: 'reaction', messageId, emoji: '👍' };
  const edit: Content = { type: 'edit', messageId, text: '*new*' };
  const deletion: Content = { type: 'delete', messageId };

  it.each([location, contact, poll, template, reaction, deletion])(
    'sends $type as it is where it is native',
    (content) => {
      expect(planParts(content, channel())).toEqual({ parts: [content], fallback: null });
    },
  );

  it.each<[Content, string, string]>([
    [location, 'Pier\nQuay 3\nhttps://maps.google.com/?q=1.5,-2', 'location as text with a map link'],
    [contact, 'Ada\n+1 555', 'contact as text'],
    [poll, 'Tea *or*?\n\n1. tea\n2. coffee', 'poll as numbered text'],
    [buttons, `Go?\n\n1. Yes\n2. Read: ${url}`, 'buttons as numbered text'],
    [list, 'Pick\n\nHot\n1. Tea – green\n\n2. Water', 'list as numbered text'],
  ])('shows %p as text elsewhere', (content, text, fallback) => {
    const planned = planParts(content, textOnly);
    expect(shown(planned.parts)).toEqual([text]);
    expect(planned.fallback).toBe(fallback);
  });

  it('keeps links and styles in a fallback', () => {
    const [part] = planParts(buttons, textOnly).parts as { body: { spans: object[] } }[];
    expect(part.body.spans).toEqual([
      { style: 'bold', offset: 0, length: 3 },
      { style: 'link', offset: 21, length: url.length, url },
    ]);
  });

  it('hangs buttons and lists on the last part of a long text', () => {
    const short = channel({ maxTextLength: 8 });
    const text = 'one two three';
    expect(planParts({ ...buttons, text } as Content, short).parts).toMatchObject([
      { type: 'text', body: { text: 'one two' }, buttons: [] },
      { type: 'text', body: { text: 'three' }, buttons: [{ id: 'y' }, { url }] },
    ]);
    expect(planParts({ ...list, text } as Content, short).parts).toMatchObject([
      { type: 'text', body: { text: 'one two' } },
      { type: 'list', body: { text: 'three' }, button: 'Open', sections: [{ title: 'Hot' }, {}] },
    ]);
  });

  it('continues an edit that is too long as new text', () => {
    expect(
      planParts({ type: 'edit', messageId, text: 'one two three' }, channel({ maxTextLength: 8 })).parts,
    ).toMatchObject([
      { type: 'edit', messageId, body: { text: 'one two' } },
      { type: 'text', body: { text: 'three' } },
    ]);
    expect(planParts(edit, channel()).parts).toMatchObject([{ type: 'edit', body: { text: 'new' } }]);
  });

  it.each([template, reaction, edit, deletion])('knows no fallback for $type', (content) => {
    expect(() => planParts(content, textOnly)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', capability: `content.${content.type}` }),
    );
  });

  it('refuses whatever a channel does not support, by name', () => {
    const none = channel({ rest: 'unsupported' });
    for (const content of [
      location,
      contact,
      poll,
      buttons,
      list,
      template,
      { type: 'text', text: 'a' } as Content,
    ]) {
      expect(() => planParts(content, none)).toThrow(
        expect.objectContaining({ capability: `content.${content.type}` }),
      );
    }
  });

  it('makes parts that survive JSON, none over the limit', () => {
    const contents = fc.oneof(
      fc.record({ type: fc.constant('text' as const), text: fc.lorem({ maxCount: 60 }) }),
      fc.record({
        type: fc.constant('image' as const),
        url: fc.webUrl(),
        caption: fc.lorem({ maxCount: 60 }),
      }),
      fc.record({
        type: fc.constant('poll' as const),
        question: fc.lorem(),
        options: fc.array(fc.lorem({ maxCount: 9 })),
      }),
    );
    fc.assert(
      fc.property(contents, fc.constantFrom(textOnly, channel()), (content, capabilities) => {
        const { parts } = planParts(content, capabilities);
        expect(JSON.parse(JSON.stringify(parts))).toEqual(parts);
        for (const part of parts) {
          if (part.type === 'text')
            expect(part.body.text.length).toBeLessThanOrEqual(capabilities.maxTextLength);
          if (part.type === 'media')
            expect(part.caption?.text.length ?? 0).toBeLessThanOrEqual(capabilities.maxCaptionLength);
        }
      }),
    );
  });
});
