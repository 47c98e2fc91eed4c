import type { MediaPart, OutboundFile, Part } from '@omni-hub/channel-sdk';
import type { Button, ChatId, MediaKind, MessageId } from '@omni-hub/contracts';
import fc from 'fast-check';
import { parseChat } from './ids';
import { hasDrafts, toCall, toDeletion } from './outbound';
import { requireSizes } from './outbound-media';

const chat = 'telegram:4242' as ChatId;

function paramsOf(part: Part): Record<string, unknown> {
  return { ...toCall({ chat, part, files: filesOf(part), replyTo: null }).params };
}

function media(kind: MediaKind): MediaPart {
  const source = { mediaId: kind };
  return { type: 'media', kind, source, mimeType: null, filename: null, caption: null };
}

function file(changes: Partial<OutboundFile> = {}): OutboundFile {
  const open = () => Promise.reject(new Error('nobody reads it here'));
  return { size: 1, mimeType: null, filename: null, open, ...changes };
}

const filesOf = (part: Part) =>
  part.type === 'album' ? part.items.map(() => file()) : part.type === 'media' ? [file()] : [];

describe('a keyboard', () => {
  const button = fc.oneof(
    fc.record({ id: fc.string({ minLength: 1 }), label: fc.string({ minLength: 1, maxLength: 30 }) }),
    fc.record({ url: fc.webUrl(), label: fc.string({ minLength: 1, maxLength: 30 }) }),
  );

  it('shows every button once, in order, at most three in a row, and long labels alone', () => {
    fc.assert(
      fc.property(fc.array(button as fc.Arbitrary<Button>, { minLength: 1, maxLength: 12 }), (buttons) => {
        const { reply_markup } = paramsOf({ type: 'text', body: { text: 'Tea?', spans: [] }, buttons });
        const rows = (reply_markup as { inline_keyboard: { text: string }[][] }).inline_keyboard;
        expect(rows.flat().map(({ text }) => text)).toEqual(buttons.map(({ label }) => label));
        for (const row of rows) {
          expect(row.length).toBeLessThanOrEqual(3);
          if (row.length > 1) expect(Math.max(...row.map(({ text }) => text.length))).toBeLessThanOrEqual(12);
        }
      }),
    );
  });
});

describe('a list', () => {
  const list = (text: string): Part => ({
    type: 'list',
    body: { text, spans: [] },
    button: 'Choose',
    sections: [{ title: 'Tea', rows: [{ id: 'green', label: 'Green', description: 'fresh' }] }],
  });

  it('tells titles and descriptions in its text', () => {
    expect(paramsOf(list('Which?')).text).toBe('Which?\n\nTea\n• Green: fresh');
  });

  it('keeps to the limit: a text that is full stays as it is', () => {
    const full = 'a'.repeat(4090);
    expect(paramsOf(list(full)).text).toBe(full);
  });
});

describe('an album', () => {
  const typesOf = (...items: MediaPart[]) =>
    (paramsOf({ type: 'album', items }).media as { type: string }[]).map(({ type }) => type);

  it('has photos and videos together', () => {
    expect(typesOf(media('image'), media('video'))).toEqual(['photo', 'video']);
  });

  it('has audio only with audio', () => {
    expect(typesOf(media('audio'), media('audio'))).toEqual(['audio', 'audio']);
    expect(typesOf(media('audio'), media('image'))).toEqual(['document', 'document']);
  });

  it.each(['voice', 'sticker', 'document'] as const)('sends a %s as a document', (kind) => {
    expect(typesOf(media(kind), media(kind))).toEqual(['document', 'document']);
  });

  it('names its uploads apart', () => {
    const items = [media('image'), media('image')];
    const files = [file({ size: 1 }), file({ size: 2, filename: 'b.png' })];
    const call = toCall({ chat, part: { type: 'album', items }, files, replyTo: null });
    expect(call.files).toMatchObject({
      file0: { size: 1, filename: 'image.jpg' },
      file1: { size: 2, filename: 'b.png' },
    });
  });
});

describe('a file', () => {
  const megabyte = 1_048_576;

  it('that is a GIF is sent as an animation, by what its bytes say', () => {
    const part = media('image');
    expect(toCall({ chat, part, files: [file({ mimeType: 'image/gif' })], replyTo: null }).method).toBe(
      'sendAnimation',
    );
  });

  it.each<[MediaKind, number]>([
    ['image', 10],
    ['document', 50],
    ['video', 50],
  ])('of the kind %s has %i MB at most where Telegram itself is asked', (kind, most) => {
    const sized = (size: number) => () => requireSizes(media(kind), [file({ size })]);
    expect(sized(most * megabyte)).not.toThrow();
    expect(sized(most * megabyte + 1)).toThrow(`${most} MB at most`);
  });

  it('that is a photo among documents is a document', () => {
    const items = [media('image'), media('document')];
    expect(() =>
      requireSizes({ type: 'album', items }, [file({ size: 11 * megabyte }), file()]),
    ).not.toThrow();
  });
});

describe('an address', () => {
  it.each([
    ['telegram:4242', true],
    ['telegram:4242:topic:5', true],
    ['telegram:4242:business:Ab-1_c', false],
    ['telegram:-100123', false],
    ['telegram:-100123:direct:7', false],
  ])('%s has drafts: %s', (id, expected) => {
    expect(hasDrafts(parseChat(id))).toBe(expected);
  });

  it('refuses a reply to what is no message of Telegram', () => {
    const part: Part = { type: 'text', body: { text: 'hi', spans: [] }, buttons: [] };
    expect(() => toCall({ chat, part, files: [], replyTo: 'discord:1:2' as MessageId })).toThrow(/telegram:/);
  });

  it('deletes in the chat that the message is in', () => {
    expect(toDeletion('telegram:-100123:17' as MessageId).params).toEqual({
      chat_id: -100123,
      message_id: 17,
    });
  });
});
