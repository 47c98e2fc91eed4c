import { SignatureError, type WebhookRequest } from '@omni-hub/channel-sdk';
import { countComparisons } from '../checks/purity';
import { receiveWith, webhookFixtures } from '../checks/reading';
import { configFor, createHandler, nowhere, signedRequest, unsignedRequest, type Context } from '../context';
import { differences, show, throughJson } from '../fixtures/compare';
import type { Handshake } from '../options';
import { Findings } from './rule';

type Place = 'headers' | 'query';

/** One value that signing added to a request. */
interface Mark {
  place: Place;
  name: string;
  value: string;
}

/**
 * IN-4: a body changed after signing, or unsigned, is a SignatureError; the comparison is constant-time. Where the
 * platform sends a shared token, which does not depend on the body, only the token is tampered with.
 */
export async function checkSignatures(context: Context): Promise<void> {
  const findings = new Findings('IN-4');
  for (const { file, fixture } of webhookFixtures(context)) {
    await findings.attempt(file, () => {
      const config = configFor(context, nowhere, fixture.config);
      const handler = createHandler(context, config);
      const request = unsignedRequest(fixture, config);
      const signed = signedRequest(context, request);
      const marks = marksOf(request, signed);
      if (marks.length === 0) return ['sign added nothing to the request, so nobody can tell who sent it'];
      const problems = forgeries(context, request, signed, marks).flatMap(([what, forged]) =>
        refusalProblems(() => receiveWith(handler, forged), what),
      );
      return [
        ...problems,
        ...timingProblems(() => receiveWith(handler, withMark(signed, altered(marks[0])))),
      ];
    });
  }
  findings.conclude();
}

/** IN-8: handshakes are answered, and false ones refused. */
export async function checkHandshakes(context: Context): Promise<void> {
  const { channel, handshakes = {} } = context.options;
  if (!channel.capabilities.abilities.receive) return;
  const findings = new Findings('IN-8');
  if (Object.keys(handshakes).length === 0) {
    findings.fail('options.handshakes', 'give the requests by which the platform proves a webhook');
  }
  for (const [name, handshake] of Object.entries(handshakes)) {
    await findings.attempt(`handshake "${name}"`, () => handshakeProblems(context, handshake));
  }
  findings.conclude();
}

function marksOf(request: WebhookRequest, signed: WebhookRequest): Mark[] {
  return (['headers', 'query'] as const).flatMap((place) =>
    Object.entries(signed[place])
      .filter(([name, value]) => value !== undefined && value !== request[place][name])
      .map(([name, value]) => ({ place, name, value: value as string })),
  );
}

function forgeries(
  context: Context,
  request: WebhookRequest,
  signed: WebhookRequest,
  marks: Mark[],
): [string, WebhookRequest][] {
  const forged: [string, WebhookRequest][] = [['unsigned', request]];
  for (const mark of marks) {
    const values = {
      empty: '',
      shorter: mark.value.slice(0, -1),
      longer: `${mark.value}0`,
      'not of its form': 'é☃',
    };
    forged.push([`without its ${mark.name}`, withMark(signed, { ...mark, value: undefined })]);
    forged.push([`with another ${mark.name}`, withMark(signed, altered(mark))]);
    for (const [what, value] of Object.entries(values)) {
      forged.push([`with its ${mark.name} ${what}`, withMark(signed, { ...mark, value })]);
    }
  }
  const changed = { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) };
  if (request.body.length > 0 && coversBody(marks, marksOf(changed, signedRequest(context, changed)))) {
    forged.push(['with a byte more than was signed', { ...signed, body: changed.body }]);
    forged.push(['with a byte less than was signed', { ...signed, body: request.body.subarray(0, -1) }]);
  }
  return forged;
}

function coversBody(marks: Mark[], others: Mark[]): boolean {
  return differences(marks, others, 'marks').length > 0;
}

/** The same mark, of the same length, with another last character. */
function altered(mark: Mark): Mark {
  const last = mark.value.endsWith('0') ? '1' : '0';
  return { ...mark, value: mark.value.slice(0, -1) + last };
}

function withMark(request: WebhookRequest, mark: Omit<Mark, 'value'> & { value?: string }): WebhookRequest {
  return { ...request, [mark.place]: { ...request[mark.place], [mark.name]: mark.value } };
}

function refusalProblems(receive: () => unknown, what: string): string[] {
  try {
    receive();
    return [`a request ${what} was let in`];
  } catch (error) {
    if (error instanceof SignatureError) return [];
    return [`a request ${what} threw ${show(error)} instead of SignatureError`];
  }
}

function timingProblems(receive: () => unknown): string[] {
  const comparisons = countComparisons(() => {
    try {
      receive();
    } catch {
      // Which error it is has been looked at already.
    }
  });
  if (comparisons > 0) return [];
  return [
    'a wrong signature is told apart without a constant-time comparison: use safeEqual or verify… of channel-sdk',
  ];
}

function handshakeProblems(context: Context, handshake: Handshake): string[] {
  const { method, headers = {}, query = {}, body = '', signed = method === 'POST', expect } = handshake;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request: WebhookRequest = { method, headers, query, body: Buffer.from(text) };
  const handler = createHandler(context, configFor(context, nowhere));
  try {
    const received = receiveWith(handler, signed ? signedRequest(context, request) : request);
    if ('error' in expect) return [`was answered, expected ${expect.error}`];
    const events = received.events.length > 0 ? [`gave ${received.events.length} events, expected none`] : [];
    return [...events, ...differences(expect, throughJson(received.reply), 'reply')];
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return 'error' in expect && code === expect.error ? [] : [`threw ${show(error)}`];
  }
}
