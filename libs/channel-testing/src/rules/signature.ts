import { SignatureError, type WebhookRequest } from '@omni-hub/channel-sdk';
import { countComparisons } from '../checks/purity';
import { receiveWith, webhookFixtures } from '../checks/reading';
import { configFor, createHandler, nowhere, signedRequest, unsignedRequest, type Context } from '../context';
import { differences, show, throughJson } from '../fixtures/compare';
import type { Handshake } from '../options';
import { Findings } from './rule';

/** One value that signing added to a request. */
interface Mark {
  /** `x-signature`, `path`. */
  name: string;
  value: string;
  /** The request with another value in its place; undefined where it is left out. */
  put(request: WebhookRequest, value: string | undefined): WebhookRequest;
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
        ...marks.flatMap(({ name, value, put }) =>
          timingProblems(name, () => receiveWith(handler, put(signed, altered(value)))),
        ),
      ];
    });
  }
  findings.conclude();
}

/** IN-8: handshakes are answered, and false ones refused. */
export async function checkHandshakes(context: Context): Promise<void> {
  const { handshakes = {} } = context.options;
  if (!context.handler.capabilities.abilities.receive) return;
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
  const named = (['headers', 'query'] as const).flatMap((place) =>
    Object.entries(signed[place])
      .filter(([name, value]) => value !== undefined && value !== request[place][name])
      .map(([name, value]) => ({ name, value: value as string, put: putNamed(place, name) })),
  );
  return signed.path === request.path ? named : [...named, pathMark(request.path, signed.path)];
}

function putNamed(place: 'headers' | 'query', name: string): Mark['put'] {
  return (request, value) => ({ ...request, [place]: { ...request[place], [name]: value } });
}

/** What signing put before or behind the path that was there; the whole path where it replaced it. */
function pathMark(path: string, signed: string): Mark {
  const before = path !== '' && signed.startsWith(`${path}/`) ? `${path}/` : '';
  const after = path !== '' && before === '' && signed.endsWith(`/${path}`) ? `/${path}` : '';
  return {
    name: 'path',
    value: signed.slice(before.length, signed.length - after.length),
    put: (request, value = '') => ({
      ...request,
      path: `${before}${value}${after}`.replace(/^\/|\/$/g, ''),
    }),
  };
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
    forged.push([`without its ${mark.name}`, mark.put(signed, undefined)]);
    forged.push([`with another ${mark.name}`, mark.put(signed, altered(mark.value))]);
    for (const [what, value] of Object.entries(values)) {
      forged.push([`with its ${mark.name} ${what}`, mark.put(signed, value)]);
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
  const values = (all: Mark[]) => all.map(({ name, value }) => [name, value]);
  return differences(values(marks), values(others), 'marks').length > 0;
}

/** Of the same length, with another last character. */
function altered(value: string): string {
  return value.slice(0, -1) + (value.endsWith('0') ? '1' : '0');
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

function timingProblems(name: string, receive: () => unknown): string[] {
  const comparisons = countComparisons(() => {
    try {
      receive();
    } catch {
      // Which error it is has been looked at already.
    }
  });
  if (comparisons > 0) return [];
  return [
    `a wrong ${name} is told apart without a constant-time comparison: use safeEqual or verify… of channel-sdk`,
  ];
}

function handshakeProblems(context: Context, handshake: Handshake): string[] {
  const { method, path = '', headers = {}, query = {}, body = '' } = handshake;
  const { signed = method === 'POST', expect } = handshake;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request: WebhookRequest = { method, path, headers, query, body: Buffer.from(text) };
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
