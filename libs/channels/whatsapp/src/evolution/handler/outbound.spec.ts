import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatId, MessageId } from '@omni-hub/contracts';
import { toCall, toReaction } from './outbound';

const folder = join(__dirname, '../../../fixtures/evolution/outbound');
const chat = 'whatsapp:5511987654321' as ChatId;

describe('a message', () => {
  it('is never held back by a delay, for which Evolution would keep the answer', () => {
    const sends = readdirSync(folder).filter((file) => file.startsWith('send.'));
    expect(sends.length).toBeGreaterThan(20);
    for (const file of sends) expect(readFileSync(join(folder, file), 'utf8')).not.toContain('"delay"');
  });

  it('shows a preview of a link only where it holds one', () => {
    const preview = (text: string) =>
      (
        toCall({
          chat,
          part: { type: 'text', body: { text, spans: [] }, buttons: [] },
          files: [],
          replyTo: null,
        }).body as { linkPreview: boolean }
      ).linkPreview;
    expect(preview('see https://example.org')).toBe(true);
    expect(preview('see example.org')).toBe(false);
  });
});

describe('a reaction', () => {
  it('goes to the chat that it is in, at the address last seen', () => {
    const hidden = 'whatsapp:lid:209000111222333' as ChatId;
    expect(toReaction(hidden, 'whatsapp:A1:in' as MessageId, '👍').body).toMatchObject({
      key: { remoteJid: '209000111222333@lid', id: 'A1', fromMe: false },
    });
  });
});
