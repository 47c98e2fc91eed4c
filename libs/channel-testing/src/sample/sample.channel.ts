import {
  SignatureError,
  UnsupportedError,
  type Channel,
  type ChannelHandler,
  type ChannelTools,
} from '@omni-hub/channel-sdk';
import type { MessageId } from '@omni-hub/contracts';
import { contentTypeOf } from '../checks/samples';
import { SampleClient } from './sample-client';
import {
  answerChallenge,
  parseBody,
  readSample,
  sampleIds,
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
    capabilities: sampleCapabilities,
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
  { read = readSample, verify = verifySample, firstPauseMs = 50 }: SampleVariant,
): ChannelHandler {
  const client = new SampleClient(config);
  return {
    receive: (request) => {
      if (request.method === 'GET') return answerChallenge(config.webhookSecret, request);
      if (!verify(config.webhookSecret, request)) throw new SignatureError('Not signed by the platform');
      return read(parseBody(request.body), account);
    },

    listen: (session, signal) =>
      listenToSample(client, (update) => read(update, account), session, signal, firstPauseMs),

    send: async ({ chat, part, replyTo }, signal) => {
      const type = contentTypeOf(part);
      if (part.type !== 'text')
        throw new UnsupportedError(`The sample cannot carry "${type}"`, `content.${type}`);
      const [room] = sampleIds.decode(chat);
      const body = { room, text: part.body.text, buttons: part.buttons, replyTo };
      const id = await client.make('/send', body, signal);
      return { platformIds: [sampleIds.encode<MessageId>(room, id)] };
    },

    edit: async ({ chat, messageId }, part, signal) => {
      const [room, message] = sampleIds.decode(messageId);
      const text = part.type === 'text' ? part.body.text : '';
      const id = await client.make('/edit', { room, message, text }, signal);
      return { platformIds: [sampleIds.encode<MessageId>(sampleIds.decode(chat)[0], id)] };
    },

    typing: async (chat, signal) => {
      await client.call('POST', '/typing', { room: sampleIds.decode(chat)[0] }, signal);
    },

    probe: async (signal) => {
      const me = (await client.call('GET', '/me', undefined, signal)) as { id: string };
      const account = { id: String(me.id), name: null, username: null };
      return { account, healthy: true, problem: null, facts: {} };
    },
  };
}
