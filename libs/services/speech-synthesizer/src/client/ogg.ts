const pageHeader = 27;

/**
 * Whether bytes are an Ogg file whose first stream is Opus (RFC 3533, RFC 7845): all that WhatsApp and Telegram show as a
 * voice message. Pure.
 */
export function isOggOpus(bytes: Buffer): boolean {
  if (bytes.length < pageHeader || bytes.toString('latin1', 0, 4) !== 'OggS') return false;
  const start = pageHeader + bytes[26];
  return bytes.toString('latin1', start, start + 8) === 'OpusHead';
}
