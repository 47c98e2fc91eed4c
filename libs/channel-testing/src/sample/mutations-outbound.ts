import {
  AmbiguousError,
  RejectedError,
  UnreachableError,
  type ChannelHandler,
  type OutboundMessage,
  type Receipt,
  type SendError,
} from '@omni-hub/channel-sdk';
import type { MessageId } from '@omni-hub/contracts';
import { IsOptional, IsString } from 'class-validator';
import { Readable } from 'node:stream';
import type { Mutation } from './mutations';
import type { SampleVariant } from './sample.channel';
import { SampleConfig } from './sample.models';

type Send = ChannelHandler['send'];

/** The good handler with another `send`. */
function sending(make: (send: Send, config: SampleConfig) => Send): SampleVariant {
  return { handler: (good, config) => ({ send: make(good.send, config) }) };
}

/** The good `send` with its failures changed; what `change` returns is thrown. */
function failing(change: (error: SendError, config: SampleConfig) => unknown): SampleVariant {
  return sending(
    (send, config) => (message, signal) =>
      send(message, signal).catch((error: SendError) => Promise.reject(change(error, config))),
  );
}

/** The good `send` with texts changed. */
function texting(change: (text: string) => string): SampleVariant {
  return sending((send) => (message, signal) => send(withText(message, change), signal));
}

function withText(message: OutboundMessage, change: (text: string) => string): OutboundMessage {
  const { part } = message;
  if (part.type !== 'text') return message;
  return { ...message, part: { ...part, body: { ...part.body, text: change(part.body.text) } } };
}

/** The bytes of a stream; its failure becomes another. */
async function* foreignEnd(stream: Readable): AsyncGenerator<unknown> {
  try {
    yield* stream;
  } catch {
    throw new Error('socket hang up');
  }
}

class UnmarkedConfig {
  @IsString()
  token: string;

  @IsString()
  webhookSecret: string;

  @IsString()
  apiUrl: string;

  @IsOptional()
  greeting?: string;
}

export const outboundMutations: Mutation[] = [
  {
    rule: 'OUT-1',
    what: 'forgets what it replies to',
    variant: sending((send) => (message, signal) => send({ ...message, replyTo: null }, signal)),
  },
  {
    rule: 'OUT-1',
    what: 'returns another id than the platform gave',
    variant: sending((send) => async (message, signal): Promise<Receipt> => {
      const { platformIds } = await send(message, signal);
      return { platformIds: platformIds.map((id) => `${id}0` as MessageId) };
    }),
  },
  {
    rule: 'OUT-1',
    what: 'makes no request where one is expected',
    variant: { handler: () => ({ typing: async () => undefined }) },
  },
  {
    rule: 'OUT-1',
    what: 'takes every attempt for the first',
    variant: sending((send) => (message, signal) => send({ ...message, attempt: 1 }, signal)),
  },
  {
    rule: 'OUT-1',
    what: 'forgets what its answer is about while it shows that it types',
    variant: {
      handler: (good) => ({ typing: (chat, _messageId, signal) => good.typing!(chat, null, signal) }),
    },
  },
  {
    rule: 'OUT-1',
    what: 'serves a file that was cut off',
    variant: {
      handler: (good) => ({
        fetchMedia: async (ref, signal) => {
          const media = await good.fetchMedia!(ref, signal);
          const bytes = await media.stream.take(1).toArray();
          return { ...media, stream: Readable.from(bytes) };
        },
      }),
    },
  },
  {
    rule: 'OUT-1',
    what: 'ends a file that was cut off with an error of its own',
    variant: {
      handler: (good) => ({
        fetchMedia: async (ref, signal) => {
          const media = await good.fetchMedia!(ref, signal);
          return { ...media, stream: Readable.from(foreignEnd(media.stream)) };
        },
      }),
    },
  },
  {
    rule: 'OUT-1',
    what: 'shows a code although it is linked',
    variant: {
      handler: (good) => ({
        link: async (signal) => (await good.link!(signal)) ?? { image: null, text: null, code: 'NONE' },
      }),
    },
  },
  {
    rule: 'OUT-1',
    what: 'does not restart',
    variant: { handler: () => ({ restart: async () => undefined }) },
  },
  {
    rule: 'OUT-1',
    what: 'sends outside a window what may not be sent there',
    variant: { handler: () => ({ outsideWindow: (part) => part }) },
  },
  {
    rule: 'OUT-2',
    what: 'takes a rate limit for a refusal',
    variant: failing((error) => (error.code === 'RATE_LIMITED' ? new RejectedError('Too fast') : error)),
  },
  {
    rule: 'OUT-2',
    what: 'ignores how long it has to wait',
    variant: failing((error) =>
      error.code === 'RATE_LIMITED' ? Object.assign(error, { retryAfterMs: 1 }) : error,
    ),
  },
  {
    rule: 'OUT-2',
    what: 'believes that nothing arrived where nothing is known',
    variant: failing((error) => (error.code === 'AMBIGUOUS' ? new UnreachableError('Try again') : error)),
  },
  {
    rule: 'OUT-2',
    what: 'throws an error of its own',
    variant: failing((error) => (error.code === 'UNAUTHORIZED' ? new Error('Who are you?') : error)),
  },
  {
    rule: 'OUT-2',
    what: 'takes an unreadable answer for a receipt',
    variant: sending(
      (send) => (message, signal) =>
        send(message, signal).catch((error: SendError) => {
          if (error instanceof AmbiguousError && /without the id/.test(error.message))
            return { platformIds: [] };
          throw error;
        }),
    ),
  },
  {
    rule: 'OUT-3',
    what: 'hangs its request on the error',
    variant: failing((error, { token }) =>
      Object.assign(error, { request: { headers: { authorization: `Bearer ${token}` } } }),
    ),
  },
  {
    rule: 'OUT-3',
    what: 'hides a secret in the cause of an error',
    variant: failing((error, { token }) =>
      Object.defineProperty(error, 'cause', {
        value: new Error(encodeURIComponent(token)),
        enumerable: false,
      }),
    ),
  },
  {
    rule: 'OUT-3',
    what: 'logs a secret',
    variant: {
      handler: (good, { token }, { log }) => ({
        send: (message, signal) => {
          log.info('sending', { url: `/bot${token}/send` });
          return good.send(message, signal);
        },
      }),
    },
  },
  {
    rule: 'OUT-3',
    what: 'keeps the secrets in the bodies of its webhook',
    variant: { handler: () => ({ scrub: (body) => body }) },
  },
  {
    rule: 'OUT-3',
    what: 'keeps less of a body than makes its event',
    variant: { handler: () => ({ scrub: () => Buffer.from('[]') }) },
  },
  {
    rule: 'OUT-3',
    what: 'cannot scrub a body that is no JSON',
    variant: {
      handler: (good) => ({
        scrub: (body) => {
          JSON.parse(body.toString());
          return good.scrub!(body);
        },
      }),
    },
  },
  {
    rule: 'OUT-3',
    what: 'cannot scrub a body without a chat',
    variant: {
      handler: (good) => ({
        scrub: (body) => {
          if (body.includes('"token":') && !body.includes('"chat":')) throw new Error('No chat');
          return good.scrub!(body);
        },
      }),
    },
  },
  {
    rule: 'OUT-3',
    what: 'scrubs a body to no bytes',
    variant: {
      handler: (good) => ({ scrub: (body) => good.scrub!(body).toString() as unknown as Buffer }),
    },
  },
  {
    rule: 'OUT-3',
    what: 'does not mark its secrets',
    variant: { channel: { configClass: UnmarkedConfig } },
  },
  {
    rule: 'OUT-4',
    what: 'tries again by itself',
    variant: sending(
      (send) => (message, signal) =>
        send(message, signal).catch((error: SendError) => {
          if (error.code !== 'UNREACHABLE') throw error;
          return send(message, signal);
        }),
    ),
  },
  { rule: 'OUT-5', what: 'cuts texts off', variant: texting((text) => text.slice(0, 200)) },
  {
    rule: 'OUT-5',
    what: 'makes texts longer than it may',
    variant: texting((text) => (text.length > 200 ? text.padEnd(400, '…') : text)),
  },
  {
    rule: 'OUT-5',
    what: 'measures its texts shorter than it writes them',
    variant: { handler: () => ({ measure: ({ text }) => text.length / 2 }) },
  },
  {
    rule: 'OUT-5',
    what: 'leaves a code fence open',
    variant: texting((text) => (text.length > 200 ? text.replace(/\s/, '```') : text)),
  },
  {
    rule: 'OUT-6',
    what: 'does not heed its signal',
    variant: sending((send) => (message) => send(message, new AbortController().signal)),
  },
];
