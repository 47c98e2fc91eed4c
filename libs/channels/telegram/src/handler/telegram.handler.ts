import {
  AmbiguousError,
  parseMarkdown,
  PayloadError,
  RejectedError,
  safeEqual,
  SignatureError,
  splitStyled,
  UnsupportedError,
  type ChannelHandler,
  type ChannelTools,
  type FetchedMedia,
  type ListenSession,
  type MessageTarget,
  type OutboundMessage,
  type PaceRule,
  type Part,
  type Preview,
  type ProbeResult,
  type Receipt,
  type Received,
  type WebhookRequest,
} from '@omni-hub/channel-sdk';
import type { ActionChosen, ChatId, MessageId } from '@omni-hub/contracts';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { isSaid } from '../client/failures';
import { TelegramClient } from '../client/telegram.client';
import type { Call, Method } from '../models/api.models';
import type { TelegramConfig } from '../models/config.models';
import { telegramCapabilities } from './capabilities';
import { messageId, parseChat, type Address } from './ids';
import { readUpdate } from './inbound';
import { listen } from './listener';
import { decodeMediaRef } from './media-ref';
import { hasDrafts, isPrivate, toCall, toDeletion, toDraft, toEdit, toReaction } from './outbound';
import { requireSizes } from './outbound-media';
import { secondForm } from './second-form';
import { install, probe, uninstall } from './setup';

const alreadySo = /message is not modified/i;
const notThere = /message to delete not found|message_id_invalid/i;
const previewLost = /message to edit not found|message can't be edited|message_id_invalid/i;

/** One bot. */
export class TelegramHandler implements ChannelHandler {
  readonly capabilities = telegramCapabilities;
  /** Only one poller for a bot is allowed, wherever it runs: the digits of a token are the bot's id. */
  readonly listenKey: string | undefined;
  private readonly client: TelegramClient;
  /** Whether Telegram's own servers are asked. */
  private readonly isOfficial: boolean;
  private installedUrl: string | null = null;

  constructor(
    private readonly config: TelegramConfig,
    private readonly tools: ChannelTools,
  ) {
    this.client = new TelegramClient(config);
    this.isOfficial = new URL(config.apiUrl).hostname === 'api.telegram.org';
    this.listenKey = config.mode === 'polling' ? config.token.split(':')[0] : undefined;
  }

  receive({ headers, body }: WebhookRequest): Received {
    const { webhookSecret } = this.config;
    const given = headers['x-telegram-bot-api-secret-token'];
    if (!webhookSecret || given === undefined || !safeEqual(given, webhookSecret)) {
      throw new SignatureError(
        'The request has not the secret that Telegram was given: connect the instance to set it again',
      );
    }
    return readUpdate(parseJson(body), this.tools.account);
  }

  /** A bot with a webhook has nothing to listen to: then this only waits for the end. */
  async listen(session: ListenSession, signal: AbortSignal): Promise<void> {
    if (this.config.mode === 'polling') return listen(this.client, this.tools.account, session, signal);
    if (signal.aborted) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  async send(message: OutboundMessage, signal: AbortSignal): Promise<Receipt> {
    const { chat, part, files, replaces } = message;
    if (this.isOfficial) requireSizes(part, files);
    if (replaces === null) return receiptOf(parseChat(chat), await this.perform(toCall(message), signal));
    if (part.type === 'text') {
      const edited = await this.replace(replaces, part, signal);
      if (edited) return edited;
    }
    const receipt = receiptOf(parseChat(chat), await this.perform(toCall(message), signal));
    if (part.type !== 'text') await this.takeBack(replaces, signal);
    return receipt;
  }

  pace(chat: ChatId): PaceRule[] {
    const { chatId } = parseChat(chat);
    const { messagesPerSecond } = this.config;
    const rules: PaceRule[] = [
      { key: 'instance', scope: 'instance', burst: messagesPerSecond, perSecond: messagesPerSecond },
      { key: `chat:${chatId}`, scope: 'chat', burst: 3, perSecond: 1 },
    ];
    if (isPrivate(chatId)) return rules;
    return [...rules, { key: `group:${chatId}`, scope: 'chat', burst: 20, perSecond: 20 / 60 }];
  }

  async typing(chat: ChatId, _messageId: MessageId | null, signal: AbortSignal): Promise<void> {
    const { chatId, threadId, businessConnectionId } = parseChat(chat);
    const params = {
      business_connection_id: businessConnectionId,
      chat_id: chatId,
      message_thread_id: threadId,
      action: 'typing' as const,
    };
    await this.perform({ method: 'sendChatAction', params }, signal);
  }

  async edit(target: MessageTarget, part: Part, signal: AbortSignal): Promise<Receipt> {
    if (part.type !== 'text')
      throw new UnsupportedError('Telegram: only the text of a message is edited', 'content.edit');
    await this.perform(toEdit(target.messageId, part), signal, alreadySo);
    return { platformIds: [target.messageId] };
  }

  async delete(target: MessageTarget, signal: AbortSignal): Promise<Receipt> {
    await this.perform(toDeletion(target.messageId), signal, notThere);
    return { platformIds: [] };
  }

  async react(target: MessageTarget, emoji: string, signal: AbortSignal): Promise<Receipt> {
    await this.perform(toReaction(target.messageId, emoji), signal);
    return { platformIds: [] };
  }

  /** In a private chat a draft that vanishes by itself (https://core.telegram.org/bots/api#sendmessagedraft), elsewhere a message that is edited. */
  async preview(
    { turnId, chat, text, previewId, replyTo }: Preview,
    signal: AbortSignal,
  ): Promise<MessageId | null> {
    const address = parseChat(chat);
    const body = parseMarkdown(text);
    if (body.text.trim() === '') return previewId;
    const chunks = splitStyled(body, this.capabilities.maxTextLength);
    if (hasDrafts(address)) {
      await this.perform(toDraft(address, draftId(turnId), chunks[chunks.length - 1]), signal);
      return null;
    }
    const part = { type: 'text' as const, body: chunks[0], buttons: [] };
    if (previewId !== null) {
      await this.perform(toEdit(previewId, part), signal, alreadySo);
      return previewId;
    }
    const sent = await this.perform(toCall({ chat, part, files: [], replyTo }), signal);
    return receiptOf(address, sent).platformIds[0] ?? null;
  }

  async acknowledge({ ackRef }: ActionChosen, signal: AbortSignal): Promise<void> {
    if (ackRef === null) return;
    await this.perform({ method: 'answerCallbackQuery', params: { callback_query_id: ackRef } }, signal);
  }

  async fetchMedia(ref: string, signal: AbortSignal): Promise<FetchedMedia> {
    const { fileId, mimeType, filename } = decodeMediaRef(ref);
    const file = await this.client.call({ method: 'getFile', params: { file_id: fileId } }, signal);
    if (!file.file_path)
      throw new RejectedError('Telegram has the file no more: ask for it to be sent again');
    const served = await this.client.download(file.file_path, signal);
    return {
      stream: served.stream,
      mimeType: mimeType ?? served.mimeType,
      size: served.size ?? file.file_size ?? null,
      filename: filename ?? basename(file.file_path),
    };
  }

  async install(webhookUrl: string | null, signal: AbortSignal): Promise<void> {
    await install(this.client, this.config, webhookUrl, signal);
    this.installedUrl = webhookUrl;
  }

  async uninstall(signal: AbortSignal): Promise<void> {
    await uninstall(this.client, signal);
    this.installedUrl = null;
  }

  probe(signal: AbortSignal): Promise<ProbeResult> {
    return probe(this.client, this.config, this.installedUrl, signal);
  }

  /** One request, and where Telegram refuses its form alone, the form that it takes. What is `fine` counts as done. */
  private async perform(call: Call, signal: AbortSignal, fine?: RegExp): Promise<unknown> {
    try {
      return await this.client.call<Method>(call, signal);
    } catch (error) {
      if (fine && isSaid(error, fine)) return true;
      const other = secondForm(call, error);
      if (!other) throw error;
      this.tools.log.info('Telegram refused the form of a message; it is sent in another', {
        method: call.method,
      });
      return this.perform(other, signal, fine);
    }
  }

  /** Null where the preview is gone: then the answer has to be sent anew. */
  private async replace(
    preview: MessageId,
    part: Extract<Part, { type: 'text' }>,
    signal: AbortSignal,
  ): Promise<Receipt | null> {
    try {
      await this.perform(toEdit(preview, part), signal, alreadySo);
      return { platformIds: [preview] };
    } catch (error) {
      if (isSaid(error, previewLost)) return null;
      throw error;
    }
  }

  /** The answer is sent by now: a preview that stays is a blemish, not a failure. */
  private async takeBack(preview: MessageId, signal: AbortSignal): Promise<void> {
    await this.perform(toDeletion(preview), signal, notThere).catch((error: Error) =>
      this.tools.log.warn('a preview could not be removed', { error: error.message }),
    );
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new PayloadError('The body is not JSON: only Telegram should call this address');
  }
}

/** The same for one turn, and never 0. */
function draftId(turnId: string): number {
  return createHash('sha256').update(turnId).digest().readUInt32BE() >>> 1 || 1;
}

/** What Telegram made: a message or an album of them. A message that it only scheduled has the number 0 and no id yet. */
function receiptOf(address: Address, result: unknown): Receipt {
  const numbers = [result].flat().map((message) => (message as { message_id?: unknown } | null)?.message_id);
  if (!numbers.every((number): number is number => Number.isSafeInteger(number))) {
    throw new AmbiguousError("Telegram's answer names no message: it may or may not have been sent");
  }
  return { platformIds: numbers.filter((number) => number > 0).map((number) => messageId(address, number)) };
}
