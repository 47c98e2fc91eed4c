import {
  ChatMovedError,
  parseMarkdown,
  PayloadError,
  SendError,
  SignatureError,
  splitStyled,
  UnsupportedError,
  verifyEd25519,
  type Account,
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
import { DiscordClient, madeChannel, madeMessage } from '../client/discord.client';
import { isSaid } from '../client/failures';
import type { Call } from '../models/api.models';
import type { DiscordConfig } from '../models/config.models';
import { snowflakeTime } from '../models/inbound.models';
import { decodeAckRef, encodeAckRef, type AckRef } from './ack-ref';
import { Acknowledgements } from './acknowledgements';
import { discordCapabilities } from './capabilities';
import { openFile } from './files';
import { chatId, messageId, parseChannel, parseChat, parseMessage } from './ids';
import { toAcknowledgement } from './interaction-answers';
import { readPosted } from './interactions';
import { listen } from './listener';
import { measureMarkdown } from './markdown';
import {
  toAnswer,
  toCreation,
  toDeletion,
  toDirectMessages,
  toEdit,
  toReading,
  toTyping,
  toWithdrawal,
} from './outbound';
import { ownReactions, toReaction } from './reactions';
import { install, probe, uninstall } from './setup';

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const unknownChannel = 10003;
const unknownMessage = 10008;
const tokenEnded = [10015, 10062, 50027];

/** An interaction can be answered for 15 minutes; the last one is left for the way. */
const answerableMs = 14 * 60_000;

/** One bot. */
export class DiscordHandler implements ChannelHandler {
  readonly capabilities = discordCapabilities;
  readonly measure = measureMarkdown;
  /** One connection for a bot, wherever it runs: the first part of a token is the bot's id. */
  readonly listenKey: string | undefined;
  private readonly client: DiscordClient;
  private readonly account: Account;
  private readonly acknowledgements: Acknowledgements;
  private installedUrl: string | null = null;

  constructor(
    private readonly config: DiscordConfig,
    private readonly tools: ChannelTools,
  ) {
    const botId = Buffer.from(config.token.split('.')[0], 'base64').toString('utf8');
    this.client = new DiscordClient(config);
    this.acknowledgements = new Acknowledgements(this.client);
    this.account = tools.account ?? { id: botId, name: null, username: null };
    this.listenKey = config.mode === 'interactions' ? undefined : botId;
  }

  receive({ headers, body }: WebhookRequest): Received {
    const signature = headers['x-signature-ed25519'] ?? '';
    const timestamp = headers['x-signature-timestamp'] ?? '';
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    if (timestamp === '' || !verifyEd25519(this.config.publicKey, signed, signature)) {
      throw new SignatureError(
        'The request is not signed by the application: check publicKey, and whether this is the address of this application',
      );
    }
    return readPosted(parseJson(body));
  }

  /** Where interactions come by webhook alone there is nothing to listen to: then this only waits for the end. */
  async listen(session: ListenSession, signal: AbortSignal): Promise<void> {
    const { client, acknowledgements, config, account } = this;
    if (config.mode !== 'interactions')
      return listen({ client, acknowledgements, config, account, session, signal });
    if (signal.aborted) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  /** A person is written to in a channel of their own, which has to be opened: it is the chat from then on. */
  async send(message: OutboundMessage, signal: AbortSignal): Promise<Receipt> {
    const address = parseChat(message.chat);
    if ('user' in address) return this.moveToDirectMessages(message.chat, address.user, signal);
    try {
      return await this.sendTo(address.channel, message, signal);
    } catch (error) {
      // The id of a contact reads like that of a channel.
      if (!isSaid(error, unknownChannel)) throw error;
      return this.moveToDirectMessages(message.chat, address.channel, signal, error);
    }
  }

  /** What one channel takes; how much a bucket really holds Discord tells with every answer, and the client heeds it. */
  pace(chat: ChatId): PaceRule[] {
    return [
      { key: 'instance', scope: 'instance', burst: 50, perSecond: 50 },
      { key: chat, scope: 'chat', burst: 5, perSecond: 1 },
    ];
  }

  async typing(chat: ChatId, _messageId: MessageId | null, signal: AbortSignal): Promise<void> {
    await this.client.call(toTyping(parseChannel(chat)), signal);
  }

  async edit(target: MessageTarget, part: Part, signal: AbortSignal): Promise<Receipt> {
    if (part.type !== 'text')
      throw new UnsupportedError('Discord: only the text of a message is edited', 'content.edit');
    return receiptOf(await this.client.call(toEdit(target.messageId, part), signal));
  }

  async delete(target: MessageTarget, signal: AbortSignal): Promise<Receipt> {
    await this.perform(toDeletion(target.messageId), signal, unknownMessage);
    return { platformIds: [] };
  }

  /** Discord lets a bot react with many emoji; the account has one, so that of before is taken back. */
  async react({ messageId: id }: MessageTarget, emoji: string, signal: AbortSignal): Promise<Receipt> {
    const { channel, message } = parseMessage(id);
    if (emoji !== '') await this.client.call(toReaction('PUT', channel, message, emoji), signal);
    const told = await this.client.call(toReading(channel, message), signal).catch((error: unknown) => {
      if (emoji === '' || (error instanceof SendError && error.retryable)) throw error;
      this.tools.log.info('the reaction of before stays: the bot may not read the message', {});
      return null;
    });
    for (const other of ownReactions(told, emoji)) {
      await this.perform(toReaction('DELETE', channel, message, other), signal, unknownMessage);
    }
    return { platformIds: [] };
  }

  /** A message that is edited as the answer grows. */
  async preview(
    { turnId, chat, text, previewId, replyTo }: Preview,
    signal: AbortSignal,
  ): Promise<MessageId | null> {
    const channel = parseChannel(chat);
    const body = parseMarkdown(text);
    if (body.text.trim() === '') return previewId;
    const [beginning] = splitStyled(body, this.capabilities.maxTextLength, this.measure);
    const part = { type: 'text' as const, body: beginning, buttons: [] };
    if (previewId !== null) {
      await this.client.call(toEdit(previewId, part), signal);
      return previewId;
    }
    const call = toCreation(channel, { deliveryId: `preview:${turnId}`, part, files: [], replyTo });
    return receiptOf(await this.client.call(call, signal)).platformIds[0] ?? null;
  }

  /** What came by the gateway is acknowledged as it comes: here only where that failed. */
  async acknowledge(event: ActionChosen, signal: AbortSignal): Promise<void> {
    const call = toAcknowledgement(event);
    if (call) await this.acknowledgements.make(call, signal);
  }

  /** "is thinking…" would stay for 15 minutes. What a button or list stands under is left alone. */
  async withdraw({ ackRef }: ActionChosen, signal: AbortSignal): Promise<void> {
    const ref = ackRef === null ? null : decodeAckRef(ackRef);
    if (!ref || !this.isShown(ref)) return;
    await this.acknowledged(ref);
    await this.perform(toWithdrawal(ref), signal, unknownMessage, ...tokenEnded);
  }

  fetchMedia(ref: string, signal: AbortSignal): Promise<FetchedMedia> {
    return openFile(this.client, ref, signal);
  }

  async install(webhookUrl: string | null, signal: AbortSignal): Promise<void> {
    await install(this.client, this.config, webhookUrl, signal);
    this.installedUrl = webhookUrl;
  }

  async uninstall(signal: AbortSignal): Promise<void> {
    await uninstall(this.client, this.config, signal);
    this.installedUrl = null;
  }

  probe(signal: AbortSignal): Promise<ProbeResult> {
    return probe(this.client, this.config, this.installedUrl, signal);
  }

  private async sendTo(channel: string, message: OutboundMessage, signal: AbortSignal): Promise<Receipt> {
    const { answers, part, replaces } = message;
    const answered = answers === null ? null : await this.answer(answers, message, signal);
    if (answered === null && replaces !== null && part.type === 'text') {
      const edited = await this.replace(replaces, part, signal);
      if (edited) return edited;
    }
    const receipt = answered ?? receiptOf(await this.client.call(toCreation(channel, message), signal));
    if (replaces !== null && (answered !== null || part.type !== 'text'))
      await this.takeBack(replaces, signal);
    return receipt;
  }

  /** Opens the direct messages with a user and has the chat follow there; where there is no such user, what was `refused` stands. */
  private async moveToDirectMessages(
    chat: ChatId,
    user: string,
    signal: AbortSignal,
    refused?: unknown,
  ): Promise<never> {
    const opened = await this.client.call(toDirectMessages(user), signal).catch((error: unknown) => {
      throw refused !== undefined && error instanceof SendError && !error.retryable ? refused : error;
    });
    const channel = chatId(madeChannel(opened));
    throw new ChatMovedError(`Discord: the direct messages with ${chat} are ${channel}`, channel);
  }

  /** One request. A refusal with one of the codes counts as done. */
  private async perform(call: Call, signal: AbortSignal, ...fine: number[]): Promise<void> {
    await this.client.call(call, signal).catch((error: unknown) => {
      if (!isSaid(error, ...fine)) throw error;
    });
  }

  /** Null where the interaction can no longer be answered, or needs no answer in its place: then an ordinary message is sent. */
  private async answer(
    ackRef: string,
    message: OutboundMessage,
    signal: AbortSignal,
  ): Promise<Receipt | null> {
    const ref = decodeAckRef(ackRef);
    if (!ref || !this.isShown(ref)) return null;
    await this.acknowledged(ref);
    try {
      return receiptOf(await this.client.call(toAnswer(ref, message), signal));
    } catch (error) {
      if (!isSaid(error, ...tokenEnded, unknownMessage)) throw error;
      return null;
    }
  }

  /** Whether people may see that an answer to the interaction is being written. */
  private isShown({ id, deferred }: AckRef): boolean {
    return deferred === 'message' && Date.now() - snowflakeTime(id) <= answerableMs;
  }

  /** Resolves when the first answer to the interaction is not on its way any more. */
  private async acknowledged(ref: AckRef): Promise<void> {
    const acknowledgement = toAcknowledgement({ ackRef: encodeAckRef(ref) });
    if (acknowledgement) await this.acknowledgements.settled(acknowledgement);
  }

  /** Null where the preview is gone: then the answer has to be sent anew. */
  private async replace(
    preview: MessageId,
    part: Extract<Part, { type: 'text' }>,
    signal: AbortSignal,
  ): Promise<Receipt | null> {
    try {
      return receiptOf(await this.client.call(toEdit(preview, part), signal));
    } catch (error) {
      if (isSaid(error, unknownMessage)) return null;
      throw error;
    }
  }

  /** The answer is sent by now: a preview that stays is a blemish, not a failure. */
  private async takeBack(preview: MessageId, signal: AbortSignal): Promise<void> {
    await this.perform(toDeletion(preview), signal, unknownMessage).catch((error: Error) =>
      this.tools.log.warn('a preview could not be removed', { error: error.message }),
    );
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new PayloadError('The body is not JSON: only Discord should call this address');
  }
}

function receiptOf(answer: unknown): Receipt {
  const { channel, id } = madeMessage(answer);
  return { platformIds: [messageId(channel, id)] };
}
