import { LogCapture, secretsIn } from './secrets';

const secret = 'tok/en "1"';

describe('looking for secrets', () => {
  class Cause extends Error {
    readonly config = { headers: new Map([['authorization', `Bearer ${secret}`]]) };
  }

  it.each<[string, unknown]>([
    ['a message', new Error(`refused ${secret}`)],
    ['a cause, nested deep', new Error('no', { cause: new Error('no', { cause: new Cause() }) })],
    [
      'a hidden property',
      Object.defineProperty(new Error('no'), 'url', { value: secret, enumerable: false }),
    ],
    ['a symbol', { [Symbol('request')]: secret }],
    ['a getter', Object.defineProperty({}, 'url', { get: () => secret })],
    ['a URL', new URL(`https://example.org/?t=${encodeURIComponent(secret)}`)],
    ['base64', { authorization: Buffer.from(secret).toString('base64') }],
    ['a buffer', { body: Buffer.from(secret) }],
    ['JSON', `{"t":${JSON.stringify(secret)}}`],
    ['what becomes JSON', { toJSON: () => ({ secret }) }],
  ])('finds one in %s', (_where, value) => {
    expect(secretsIn(value, [secret, 'another'])).toEqual([secret]);
  });

  it('finds none where there is none', () => {
    expect(secretsIn(new Error('refused'), [secret])).toEqual([]);
  });
});

describe('catching logs', () => {
  it('keeps what is logged and what is written to the console, and gives the console back', async () => {
    const original = console.warn;
    const capture = new LogCapture();
    await capture.during(async () => {
      capture.log.info('one', { a: 1 });
      console.warn('two');
    });
    expect(capture.entries).toEqual([['one', { a: 1 }], ['two']]);
    expect(console.warn).toBe(original);
  });
});
