import fc from 'fast-check';
import { Redactor } from './redactor';
import { StandIns } from './stand-ins';

const token = 's3cret/Token+1';
const names = new Set(['Ada', 'text']);
const redactor = new Redactor(
  new StandIns(),
  [
    { field: 'token', value: token, secret: true },
    { field: 'instanceName', value: 'sales', secret: false },
  ],
  'acme',
  names,
);
const redacted = (value: unknown, refused = false) =>
  redactor.json(value, refused) as never as Record<string, never>;

describe('what a recording keeps', () => {
  it('holds no secret, however it is wrapped', () => {
    const wrapped = fc.tuple(fc.string(), fc.string(), fc.constantFrom('type', 'text', 'url', 'code', 'at'));
    fc.assert(
      fc.property(wrapped, ([before, after, field]) => {
        const text = JSON.stringify(
          redacted({ a: [{ [field]: before + token + after }], b: encodeURIComponent(token) }),
        );
        expect(text).not.toContain(token);
        expect(text).not.toContain(encodeURIComponent(token));
        expect(text).toContain('{{token}}');
      }),
    );
  });

  it('holds no word that a person may have written, under whatever name', () => {
    const secretive = fc.stringMatching(/^[a-z]{5,9}( [a-z]{5,9}){1,3}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_]{3,12}$/), secretive, (field, text) => {
        const kept = JSON.stringify(redacted({ field: { [`${field}_x`]: text } }));
        for (const word of text.split(' ')) expect(kept).not.toContain(`${word} `);
        expect(kept).not.toContain(text);
      }),
    );
  });

  it('holds words of the platform, times, sizes and small numbers as they are', () => {
    const kept = {
      type: 'messages.upsert',
      mimetype: 'image/jpeg',
      date: 1_767_225_600,
      messageTimestamp: { low: 1_767_225_600, high: 0 },
      timestamp: '1767225600',
      date_time: '2026-01-01T21:00:35.262Z',
      file_size: 12_345_678,
      message_id: 17,
      deliveryId: '01a214f5-c2ce-74da-8881-bb8bf5adcf20',
    };
    expect(redacted(kept)).toEqual(kept);
  });

  it('holds no long number that is not a time, whatever its field ends with', () => {
    const { update, update_id } = redacted({ update: { from: 987_654_321 }, update_id: 987_654_321 });
    expect(update_id).not.toBe(987_654_321);
    expect(update).toEqual({ from: update_id });
  });

  it('holds no name that was heard, even where a kind may stand', () => {
    expect(redacted({ status: 'Ada', type: 'text' })).not.toEqual(expect.objectContaining({ status: 'Ada' }));
  });

  it('holds ids that still match', () => {
    const { chat, message, jid } = redacted({
      chat: 'acme:lid:5511987654321',
      message: 'acme:5511987654321:17',
      jid: '5511987654321:3@s.whatsapp.net',
    });
    const [, , phone] = String(chat).split(':');
    expect(phone).not.toBe('5511987654321');
    expect([chat, message, jid]).toEqual([
      `acme:lid:${phone}`,
      `acme:${phone}:17`,
      `${phone}:3@s.whatsapp.net`,
    ]);
  });

  it('names the configuration by its fields', () => {
    expect(redactor.path(`/bot${token}/sendMessage/sales`)).toBe(
      '/bot{{token}}/sendMessage/{{instanceName}}',
    );
    expect(redacted({ instance: 'sales' })).toEqual({ instance: '{{instanceName}}' });
  });

  it('holds the words of a refusal, without numbers, addresses and names', () => {
    const told = redacted(
      { ok: false, description: 'Bad Request: Ada <ada@example.org> has left 987654321' },
      true,
    );
    expect(told.description).toMatch(/^Bad Request: [A-Z][a-z]{2} <\w+@\w+\.\w+> has left \d{9}$/);
    expect(told.description).not.toMatch(/Ada|ada@example|987654321/);
  });

  it('holds nothing of keys, pictures and files', () => {
    const bytes = Array.from({ length: 32 }, (_, index) => 255 - index);
    expect(redacted({ mediaKey: bytes, hash: { ...bytes } })).toEqual({
      mediaKey: bytes.map((_, index) => index),
      hash: { ...bytes.map((_, index) => index) },
    });
  });

  it('drops from a webhook’s path what proves its sender', () => {
    expect(redactor.webhookPath('a50733357a4d19c0eee76e508b1e0994/messages-upsert')).toBe('messages-upsert');
    expect(redactor.webhookPath('a50733357a4d19c0eee76e508b1e0994')).toBe('');
  });

  it.each([
    ['7777000', ':AAE', 'x'.repeat(32)],
    ['EA', 'AG', 'x1'.repeat(15)],
    ['xo', 'xb-', '12345678-abcdefgh'],
    ['s', 'k-', 'proj_0123456789abcdef'],
    ['ey', 'JhbGciOiJI', '.eyJzdWIiOiIx.c2lnbmF0dXJl'],
  ])('holds nothing that looks like a token: %s%s', (...pieces) => {
    const token_ = pieces.join('');
    const text = JSON.stringify(redacted({ type: token_, note: `it is ${token_}` }));
    expect(text).not.toContain(token_);
    expect(text).not.toMatch(/EAA[A-Za-z0-9]{20}|xoxb-|\bsk-|\beyJ|\d{6,}:[\w-]{30}/);
  });
});
