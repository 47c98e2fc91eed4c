import type { MediaPart, Part } from '@omni-hub/channel-sdk';
import type { Button, ChatId, MediaKind, MessageId } from '@omni-hub/contracts';
import fc from 'fast-check';
import { parseChat } from './ids';
import { hasDrafts, toCall, toDeletion } from './outbound';

const chat = 'telegram:4242' as ChatId;

function paramsOf(part: Part): Record<string, unknown> {
  return { ...toCall({ chat, part, replyTo: null }).params };
}

function media(
  kind: MediaKind,
  source: MediaPart['source'] = { url: `https://example.org/${kind}` },
): MediaPart {
  return { type: 'media', kind, source, mimeType: null, filename: null, caption: null };
}

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
    const items = [media('image', { data: 'YQ==' }), media('image'), media('image', { data: 'Yg==' })];
    const call = toCall({ chat, part: { type: 'album', items }, replyTo: null });
    expect(Object.entries(call.files ?? {}).map(([name, { data }]) => [name, data])).toEqual([
      ['file0', 'YQ=='],
      ['file2', 'Yg=='],
    ]);
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
    expect(() => toCall({ chat, part, replyTo: 'discord:1:2' as MessageId })).toThrow(/telegram:/);
  });

  it('deletes in the chat that the message is in', () => {
    expect(toDeletion('telegram:-100123:17' as MessageId).params).toEqual({
      chat_id: -100123,
      message_id: 17,
    });
  });
});
