import {
  AmbiguousError,
  RejectedError,
  RestrictedError,
  UnsupportedError,
  type ChannelHandler,
  type ChannelTools,
  type FetchedMedia,
  type Link,
  type MessageTarget,
  type OutboundMessage,
  type PaceRule,
  type Part,
  type ProbeResult,
  type Receipt,
  type Received,
  type WebhookRequest,
} from '@omni-hub/channel-sdk';
import type { Capabilities, ChatId, MessageId } from '@omni-hub/contracts';
import { measureMarks } from '../../handler/marks';
import type { WhatsAppConfig } from '../../models/config.models';
import { EvolutionClient } from '../client/evolution.client';
import type { Call } from '../models/api.models';
import { asObject, asText, type Unchecked } from '../models/inbound.models';
import { readWebhook } from './inbound';
import { refusalOf } from './inbound-status';
import { messageId } from './jids';
import { Media } from './media';
import { decodeMediaRef } from './media-ref';
import { toCall, toDeletion, toEdit, toReaction, toRead, toTyping } from './outbound';
import { probe } from './probe';
import { checkProof, secretPath } from './proof';
import { scrub } from './scrub';
import { install, link, logout, remove, restart, uninstall } from './setup';

/** What WhatsApp cuts a text at, UTF-16 code units, marks included. */
export const maxTextLength = 4096;

/** What an ordinary account's number may send without looking like a machine, unless told otherwise. */
const defaultPerSecond = 5;

/** The hub repeats it after 4.5 s; the call is held for as long. */
const typingMs = 3_500;

const alreadyGone = /message not found/i;

/** Of an account with the default `acknowledgeTimeoutMs`. */
export const evolutionCapabilities: Capabilities = {
  content: {
    text: 'native',
    image: 'native',
    video: 'native',
    audio: 'native',
    voice: 'native',
    document: 'native',
    sticker: 'native',
    album: 'fallback',
    location: 'native',
    contact: 'native',
    poll: 'native',
    buttons: 'fallback',
    list: 'fallback',
    template: 'unsupported',
    reaction: 'native',
    edit: 'native',
    delete: 'native',
  },
  maxTextLength,
  captions: ['image', 'video', 'document'],
  maxCaptionLength: 1024,
  textUnit: 'utf16',
  maxActionIdBytes: null,
  maxAlbumItems: 1,
  idempotentSend: false,
  acknowledgesWithinMs: 120_000,
  tellsDeliveryId: false,
  replyWindowMs: null,
  aliases: true,
  abilities: {
    receive: true,
    listen: false,
    typing: true,
    markRead: true,
    edit: true,
    delete: true,
    react: true,
    preview: false,
    acknowledge: false,
    withdraw: false,
    fetchMedia: true,
    install: true,
    uninstall: true,
    probe: true,
    link: true,
    restart: true,
    logout: true,
    remove: true,
  },
};

/** One number that is linked to an Evolution server. */
export class EvolutionHandler implements ChannelHandler {
  readonly capabilities: Capabilities;
  readonly measure = measureMarks;
  private readonly client: EvolutionClient;
  private readonly media: Media;
  private readonly secretPath: string;
  private installedUrl: string | null = null;

  constructor(
    private readonly config: WhatsAppConfig,
    private readonly tools: ChannelTools,
  ) {
    this.capabilities = { ...evolutionCapabilities, acknowledgesWithinMs: config.acknowledgeTimeoutMs };
    this.secretPath = secretPath(config.webhookSecret);
    this.client = new EvolutionClient(config, [this.secretPath]);
    this.media = new Media(this.client);
  }

  receive(request: WebhookRequest): Received {
    checkProof(request, this.config.webhookSecret, this.secretPath);
    return readWebhook(request.body, this.config.instanceName, this.tools.account);
  }

  scrub(body: Buffer): Buffer {
    return scrub(body);
  }

  async send(message: OutboundMessage, signal: AbortSignal): Promise<Receipt> {
    return receiptOf(await this.client.ask(toCall(message), signal));
  }

  pace(chat: ChatId): PaceRule[] {
    const perSecond = this.config.messagesPerSecond ?? defaultPerSecond;
    return [
      { key: 'instance', scope: 'instance', burst: perSecond, perSecond },
      { key: `chat:${chat}`, scope: 'chat', burst: 3, perSecond: 1 },
    ];
  }

  async typing(chat: ChatId, _messageId: MessageId | null, signal: AbortSignal): Promise<void> {
    await this.client.call(toTyping(chat, typingMs), signal);
  }

  async markRead(chat: ChatId, messageId: MessageId, signal: AbortSignal): Promise<void> {
    await this.client.call(toRead(chat, messageId), signal);
  }

  async edit({ chat, messageId }: MessageTarget, part: Part, signal: AbortSignal): Promise<Receipt> {
    if (part.type !== 'text') {
      throw new UnsupportedError('WhatsApp: only the text of a message is edited', 'content.edit');
    }
    await this.client.call(toEdit(chat, messageId, part), signal);
    return { platformIds: [messageId] };
  }

  async delete({ chat, messageId }: MessageTarget, signal: AbortSignal): Promise<Receipt> {
    await this.perform(toDeletion(chat, messageId), signal, alreadyGone);
    return { platformIds: [] };
  }

  async react({ chat, messageId }: MessageTarget, emoji: string, signal: AbortSignal): Promise<Receipt> {
    await this.client.call(toReaction(chat, messageId, emoji), signal);
    return { platformIds: [] };
  }

  async fetchMedia(ref: string, signal: AbortSignal): Promise<FetchedMedia> {
    return this.media.fetch(decodeMediaRef(ref), signal);
  }

  async install(webhookUrl: string | null, signal: AbortSignal): Promise<void> {
    await install(this.client, this.config, webhookUrl, signal);
    this.installedUrl = webhookUrl;
  }

  async uninstall(signal: AbortSignal): Promise<void> {
    await uninstall(this.client, this.config, this.installedUrl, signal);
    this.installedUrl = null;
  }

  probe(signal: AbortSignal): Promise<ProbeResult> {
    return probe(this.client, this.config, this.tools.account, signal);
  }

  link(signal: AbortSignal): Promise<Link | null> {
    return link(this.client, this.config, signal);
  }

  restart(signal: AbortSignal): Promise<void> {
    return restart(this.client, signal);
  }

  logout(signal: AbortSignal): Promise<void> {
    return logout(this.client, signal);
  }

  remove(signal: AbortSignal): Promise<void> {
    return remove(this.client, signal);
  }

  /** What fails because it is `fine` already counts as done. */
  private async perform(call: Call, signal: AbortSignal, fine: RegExp): Promise<void> {
    try {
      await this.client.call(call, signal);
    } catch (error) {
      if (!(error instanceof RejectedError) || !fine.test(error.message)) throw error;
    }
  }
}

/** Evolution answers with the message as it made it: accepted, not yet sent. What became of it follows as `messages.update`. */
function receiptOf(answer: Unchecked): Receipt {
  const refusal = refusalOf(answer);
  if (refusal?.restricted) throw new RestrictedError(refusal.detail, { platformCode: '463' });
  if (refusal) throw new RejectedError(refusal.detail, { platformCode: 'ERROR' });
  const id = asText(asObject(answer.key)?.id);
  if (!id) throw new AmbiguousError("Evolution's answer names no message: it may or may not have been sent");
  return { platformIds: [messageId({ id, fromMe: true, participant: null })] };
}
