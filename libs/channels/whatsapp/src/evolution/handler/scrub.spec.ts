import fc from 'fast-check';
import { scrub } from './scrub';

const scrubbed = (value: unknown) =>
  JSON.parse(scrub(Buffer.from(JSON.stringify(value))).toString()) as unknown;

describe('a body that is kept', () => {
  it('is without keys, files, the secret address and the codes that link an account', () => {
    const body = {
      apikey: 'A-KEY',
      api_key: 'A-KEY',
      destination: 'https://hub.example.org/secret',
      data: {
        message: { base64: 'aGVsbG8=' },
        qrcode: { base64: 'data:…', code: '2@abc,d', pairingCode: 'WZYEH1YY' },
      },
    };
    expect(scrubbed(body)).toEqual({
      apikey: null,
      api_key: null,
      destination: null,
      data: { message: { base64: null }, qrcode: { base64: null, code: null, pairingCode: null } },
    });
  });

  it('is without them however they are written', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.stringMatching(/^[!-~]{12,40}$/),
        fc.constantFrom('', '  ', '\n\t'),
        (data, secret, blank) => {
          const told = JSON.stringify(secret);
          const body = `{"data":${data},"apikey"${blank}:${blank}${told},"base64":${told}}`;
          const kept = JSON.parse(scrub(Buffer.from(body)).toString()) as object;
          expect(kept).toEqual({ data: JSON.parse(data), apikey: null, base64: null });
        },
      ),
    );
  });

  it('is the same buffer where there is nothing to take out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const body = Buffer.from(JSON.stringify(value));
        expect(scrub(body)).toBe(body);
      }),
    );
  });

  it('keeps what people wrote, even about keys', () => {
    const body = {
      data: { conversation: '{"apikey":"mine","base64":"x"}', code: 'ABC', list: ['apikey', 'base64'] },
      apikey: null,
    };
    expect(scrubbed(body)).toEqual(body);
  });

  it('loses them too where it is no JSON, or cut off', () => {
    expect(scrub(Buffer.from('nonsense "apikey": "SECRET" and more')).toString()).toBe(
      'nonsense "apikey": null and more',
    );
    expect(scrub(Buffer.from('{"data":{"base64":"aGVsbG8')).toString()).toBe('{"data":{"base64":null');
  });

  it('is scrubbed once, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('', '"apikey":"', '"base64":"\\'), (bytes, field) => {
        const once = scrub(Buffer.concat([Buffer.from(field), Buffer.from(bytes)]));
        expect(scrub(once)).toEqual(once);
      }),
    );
  });
});
