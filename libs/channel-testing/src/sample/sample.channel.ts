import {
  AmbiguousError,
  SignatureError,
  UnsupportedError,
  type Channel,
  type ChannelHandler,
  type ChannelTools,
} from '@omni-hub/channel-sdk';
import type { Capabilities, MessageId } from '@omni-hub/contracts';
import { Readable } from 'node:stream';
import { contentTypeOf } from '../checks/samples';
import { SampleClient } from './sample-client';
import {
  answerChallenge,
  parseBody,
  readSample,
  sampleIds,
  scrubSample,
  verifySample,
  type SampleRead,
  type SampleVerify,
} from './sample-inbound';
import { listenToSample } from './sample-listener';
import { sampleCapabilities, SampleConfig } from './sample.models';

/** What a faulty variant of the sample channel does otherwise. */
export interface SampleVariant {
  read?: SampleRead;
  verify?: SampleVerify;
  firstPauseMs?: number;
  /** Claimed by the handler and, unless `channel` tells otherwise, by the channel. */
  capabilities?: Capabilities;
  /** Methods in the place of the good handler's. */
  handler?(good: ChannelHandler, config: SampleConfig, tools: ChannelTools): Partial<ChannelHandler>;
  channel?: Partial<Channel<SampleConfig>>;
}

/** A small channel that keeps every rule: webhooks signed by HMAC, long polling, text and buttons. */
export function sampleChannel(variant: SampleVariant = {}): Channel<SampleConfig> {
  return {
    id: 'sample',
    title: 'Sample',
    configClass: SampleConfig,
    capabilities: { sample: variant.capabilities ?? sampleCapabilities },
    create: (config, tools) => {
      const good = createSampleHandler(config, tools, variant);
      return { ...good, ...variant.handler?.(good, config, tools) };
    },
    ...variant.channel,
  };
}

function createSampleHandler(
  config: SampleConfig,
  { account }: ChannelTools,
  {
    read = readSample,
    verify = verifySample,
    firstPauseMs = 50,
    capabilities = sampleCapabilities,
  }: SampleVariant,
): ChannelHandler {
  const client = new SampleClient(config);
  return {
    capabilities,

    receive: (request) => {
      if (request.method === 'GET') return answerChallenge(config.webhookSecret, request);
      if (!verify(config.webhookSecret, request)) throw new SignatureError('Not signed by the platform');
      return read(parseBody(request.body), account);
    },

    scrub: scrubSample,

    listen: (session, signal) =>
      listenToSample(client, (update) => read(update, account), session, signal, firstPauseMs),

    send: async ({ attempt, chat, part, replyTo }, signal) => {
      const type = contentTypeOf(part);
      if (part.type !== 'text')
        throw new UnsupportedError(`The sample cannot carry "${type}"`, `content.${type}`);
      const [room] = sampleIds.decode(chat);
      const body = {
        room,
        text: part.body.text,
        buttons: part.buttons,
        replyTo,
        ...(attempt > 1 && { attempt }),
      };
      const id = await client.make('/send', body, signal);
      return { platformIds: [sampleIds.encode<MessageId>(room, id)] };
    },

    outsideWindow: (part) => (part.type === 'text' && part.buttons.length === 0 ? part : null),

    edit: async ({ chat, messageId }, part, signal) => {
      const [room, message] = sampleIds.decode(messageId);
      const text = part.type === 'text' ? part.body.text : '';
      const id = await client.make('/edit', { room, message, text }, signal);
      return { platformIds: [sampleIds.encode<MessageId>(sampleIds.decode(chat)[0], id)] };
    },

    typing: async (chat, messageId, signal) => {
      const message = messageId === null ? null : sampleIds.decode(messageId)[1];
      await client.call('POST', '/typing', { room: sampleIds.decode(chat)[0], message }, signal);
    },

    fetchMedia: async (ref, signal) => {
      const { size, data } = (await client.call('GET', `/media/${ref}`, undefined, signal)) as SampleFile;
      return { stream: Readable.from(wholeFile(data, size)), mimeType: 'text/plain', size, filename: null };
    },

    link: async (signal) => {
      const { code } = (await client.call('GET', '/link', undefined, signal)) as { code?: string };
      return code === undefined ? null : { image: null, text: null, code };
    },

    restart: async (signal) => {
      await client.call('POST', '/restart', {}, signal);
    },

    probe: async (signal) => {
      const me = (await client.call('GET', '/me', undefined, signal)) as { id: string };
      const account = { id: String(me.id), name: null, username: null };
      return { account, healthy: true, problem: null, facts: {} };
    },
  };
}

interface SampleFile {
  size: number;
  data: string;
}

/** The bytes, and a failure where they are fewer than the platform said. */
function* wholeFile(data: string, size: number): Generator<string> {
  yield data;
  if (data.length < size) throw new AmbiguousError('The file was cut off: it is fetched again');
}
