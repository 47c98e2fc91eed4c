import { toFailure, wordsOf } from './failures';

const refusal = (status: number, body: unknown) => ({
  path: 'message/sendText',
  status,
  body,
  retryAfter: undefined,
});
const said = (status: number, ...message: unknown[]) =>
  refusal(status, { status, error: 'Error', response: { message } });

describe('a refusal of Evolution', () => {
  it.each([
    [said(400, 'Error: Connection Closed'), 'UNREACHABLE'],
    [said(500, 'Error: Connection Terminated'), 'UNREACHABLE'],
    [said(404, 'The "loja" instance does not exist'), 'CONFIG'],
    [said(400, { jid: '1@lid', exists: false, number: '1' }), 'RECIPIENT_GONE'],
    [said(400, { jid: '1@lid', exists: true, number: '1' }), 'REJECTED'],
    [said(400, [['"text" is required']]), 'REJECTED'],
    [said(404, 'Message not found'), 'REJECTED'],
    [said(401, 'Unauthorized'), 'UNAUTHORIZED'],
    [refusal(401, 'nonsense'), 'UNAUTHORIZED'],
    [refusal(404, '<html>'), 'CONFIG'],
    [refusal(302, ''), 'CONFIG'],
    [refusal(200, 'nonsense'), 'AMBIGUOUS'],
    [refusal(500, null), 'AMBIGUOUS'],
    [refusal(504, null), 'AMBIGUOUS'],
    [refusal(502, '<html>'), 'UNREACHABLE'],
    [refusal(503, { code: 'LICENSE_REQUIRED' }), 'CONFIG'],
    [refusal(503, { error: 'LICENSE_REQUIRED', message: 'not activated' }), 'CONFIG'],
    [refusal(503, 'LICENSE_REQUIRED'), 'CONFIG'],
    [refusal(503, { response: { code: 'x', message: ['starting'] } }), 'UNREACHABLE'],
  ])('%j is %s', (body, code) => expect(toFailure(body)).toMatchObject({ code }));

  it('says plainly what a server wants that asks for a licence', () => {
    expect(toFailure(refusal(503, { code: 'LICENSE_REQUIRED' })).message).toMatch(
      /licence.*\/manager.*2\.3\.7/,
    );
  });

  it('is told in its own words, a few of them', () => {
    expect(toFailure(said(400, 'first', ['second'])).message).toContain('first, second');
    expect(toFailure(said(400, 'x'.repeat(10_000))).message.length).toBeLessThan(500);
  });

  it('waits as long as it is asked to', () => {
    expect(toFailure({ ...said(429, 'slow down'), retryAfter: '7' })).toMatchObject({ retryAfterMs: 7000 });
    expect(toFailure(said(429, 'slow down'))).toMatchObject({ retryAfterMs: 1000, scope: 'instance' });
  });

  it.each([null, 7, [], {}, { response: 7 }, { response: { message: [{}] } }])(
    'has no words in %j',
    (body) => {
      expect(wordsOf(body)).toBe('');
    },
  );
});
