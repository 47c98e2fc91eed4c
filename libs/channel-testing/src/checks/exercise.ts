import { perform, planParts, type ChannelHandler, type Part, type Receipt } from '@omni-hub/channel-sdk';
import { buffer } from 'node:stream/consumers';
import { configFor, createHandler, type Context } from '../context';
import type { OutboundFixture, ScriptedCall, SendInput, TargetInput } from '../fixtures/fixtures';
import { fill } from '../fixtures/placeholders';
import { startFakePlatform, type FakePlatform, type FakePlatformScript } from '../platform/fake-platform';
import { withFiles, withNamedBytes } from './files';
import { LogCapture } from './secrets';

/** How a use of an ability ended; `hung` where it went on although it was aborted and its connection broken. */
export type Outcome =
  | { ended: 'returned'; value: unknown }
  | { ended: 'threw'; error: unknown }
  | { ended: 'hung' };

export interface Exercised {
  outcome: Outcome;
  config: Record<string, unknown>;
  platform: FakePlatform;
  /** What the channel logged meanwhile. */
  logs: unknown[];
  /** Milliseconds from the abort to the end; null where nothing was aborted. */
  abortTookMs: number | null;
}

export interface ExerciseOptions {
  /** What the platform does, made of the fixture's own calls; those alone unless told. */
  script?(calls: ScriptedCall[]): FakePlatformScript;
  /** Nothing listens at the platform's address. */
  refused?: boolean;
  /** Aborted before the start. */
  aborted?: boolean;
}

/** How long a call may go on after its abort. */
export const abortLimitMs = 1_000;
const answerLimitMs = 10_000;

/**
 * Uses one ability once, against a platform of its own that follows the script. A call that the platform leaves without
 * an answer is aborted as soon as the platform has read it. The platform is closed when this resolves.
 */
export async function exercise(
  context: Context,
  fixture: OutboundFixture,
  { script = (calls) => ({ calls }), refused = false, aborted = false }: ExerciseOptions = {},
): Promise<Exercised> {
  const platform = await startFakePlatform();
  try {
    const config = configFor(context, platform.url, fixture.config);
    const filled = fill(fixture, config);
    const steps = script(filled.calls);
    platform.follow(steps);
    if (refused) await platform.close();
    const capture = new LogCapture();
    const handler = createHandler(context, config, capture.log);
    const controller = new AbortController();
    const start = () => use(handler, filled, controller.signal);
    const end = await capture.during(() =>
      finish(start, platform, controller, aborted ? 0 : hangingCall(steps)),
    );
    return { ...end, config, platform, logs: capture.entries };
  } finally {
    await platform.close();
  }
}

/** Uses the ability that the fixture names, in the way of the hub. */
export async function use(
  handler: ChannelHandler,
  fixture: OutboundFixture,
  signal: AbortSignal,
): Promise<unknown> {
  switch (fixture.ability) {
    case 'send':
      return sendAll(handler, fixture.input, signal);
    case 'edit': {
      const [part] = partsOf(fixture.input, handler);
      return required(handler, 'edit')(targetOf(fixture.input), part, signal);
    }
    case 'delete':
      return required(handler, 'delete')(targetOf(fixture.input), signal);
    case 'react':
      return required(handler, 'react')(targetOf(fixture.input), fixture.input.emoji, signal);
    case 'typing': {
      const { chat, messageId = null } = fixture.input;
      return required(handler, 'typing')(chat, messageId, signal);
    }
    case 'markRead':
      return required(handler, 'markRead')(fixture.input.chat, fixture.input.messageId, signal);
    case 'preview':
      return required(handler, 'preview')(
        { turnId: 'turn-1', previewId: null, replyTo: null, ...fixture.input },
        signal,
      );
    case 'acknowledge':
    case 'withdraw':
      return required(handler, fixture.ability)(fixture.input.event, signal);
    case 'fetchMedia': {
      const { stream, ...about } = await required(handler, 'fetchMedia')(fixture.input.ref, signal);
      return { ...about, base64: (await buffer(stream)).toString('base64') };
    }
    case 'install':
      return required(handler, 'install')(fixture.input.webhookUrl, signal);
    case 'uninstall':
    case 'probe':
    case 'link':
    case 'restart':
    case 'logout':
    case 'remove':
      return required(handler, fixture.ability)(signal);
    case 'outsideWindow':
      return required(handler, 'outsideWindow')(fixture.input.part);
  }
}

async function sendAll(handler: ChannelHandler, input: SendInput, signal: AbortSignal): Promise<Receipt> {
  const {
    deliveryId = 'delivery-1',
    attempt = 1,
    chat,
    replyTo = null,
    answers = null,
    replaces = null,
  } = input;
  const platformIds: Receipt['platformIds'] = [];
  for (const part of partsOf(input, handler)) {
    const message = { deliveryId, attempt, chat, ...withFiles(part), replyTo, answers, replaces };
    const receipt = await perform(handler, message, signal);
    platformIds.push(...receipt.platformIds);
  }
  return { platformIds };
}

/** The parts that a fixture sends: its own, or those that the hub would plan of its content. */
export function partsOf(
  { part, content }: Pick<SendInput, 'part' | 'content'>,
  { capabilities, measure }: ChannelHandler,
): Part[] {
  if (part) return [part];
  if (!content) throw new Error('input needs part or content');
  return planParts(withNamedBytes(content), capabilities, measure).parts;
}

function targetOf({ deliveryId = 'delivery-1', chat, messageId }: TargetInput) {
  return { deliveryId, chat, messageId };
}

function required<K extends keyof ChannelHandler>(
  handler: ChannelHandler,
  name: K,
): NonNullable<ChannelHandler[K]> {
  const method = handler[name];
  if (typeof method !== 'function') throw new Error(`the handler has no ${name}`);
  return method.bind(handler) as NonNullable<ChannelHandler[K]>;
}

/** How many requests the platform has read when it stops answering; null where it answers all. */
function hangingCall({ calls = [], otherwise }: FakePlatformScript): number | null {
  const answers = [...calls.map(({ answer }) => answer), ...(otherwise ? [otherwise] : [])];
  const index = answers.findIndex((answer) => 'fault' in answer && answer.fault === 'timeout');
  return index < 0 ? null : index + 1;
}

async function finish(
  start: () => Promise<unknown>,
  platform: FakePlatform,
  controller: AbortController,
  abortAfter: number | null,
): Promise<Pick<Exercised, 'outcome' | 'abortTookMs'>> {
  if (abortAfter === 0) controller.abort();
  const run = settle(start);
  if (abortAfter !== 0) {
    const hangs = abortAfter === null ? [] : [platform.received(abortAfter)];
    const outcome = await within(Promise.race([run, ...hangs]), answerLimitMs);
    if (outcome) return { outcome, abortTookMs: null };
  }
  const abortedAt = performance.now();
  controller.abort();
  const ended = (await within(run, abortLimitMs)) ?? (await breakOff(run, platform));
  return { outcome: ended, abortTookMs: performance.now() - abortedAt };
}

/** A call that does not heed its signal ends with its connection. */
async function breakOff(run: Promise<Outcome>, platform: FakePlatform): Promise<Outcome> {
  await platform.close();
  return (await within(run, abortLimitMs)) ?? { ended: 'hung' };
}

/** What the promise gives, or undefined where it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function settle(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { ended: 'returned', value: await run() };
  } catch (error) {
    return { ended: 'threw', error };
  }
}
