import {
  asObject,
  asText,
  ChatMovedError,
  parseMarkdown,
  PayloadError,
  RejectedError,
  splitStyled,
  UnsupportedError,
  type ChannelHandler,
  type ChannelTools,
  type FetchedMedia,
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
import type { ChatId, MessageId } from '@omni-hub/contracts';
import { isSaid } from '../client/failures';
import { madeMessage, SlackClient } from '../client/slack.client';
import type { Call, MessageContent } from '../models/api.models';
import type { SlackConfig } from '../models/config.models';
import { slackCapabilities } from './capabilities';
import { toName } from './emoji';
import { chatId, isDirect, messageId, parseChat, parseMessage } from './ids';
import { readPosted } from './inbound';
import { readForm } from './interactions';
import { openMedia } from './media';
import {
  placeOf,
  toContent,
  toDeletion,
  toDirectMessages,
  toEdit,
  toMessage,
  toUpload,
  type Place,
} from './outbound';
import { ownReactions, toReaction, toReading, toRemoval } from './reactions';
import { measureNotice } from './rich-text';
import { scrubbed } from './scrub';
import { probe } from './setup';
import { isCertificateCheck, verify } from './signature';

const gone = 'message_not_found';
/** Edits have a limit of their own, for the whole workspace: an answer need not wait for it. */
const tooManyEdits = 'ratelimited';
/** Why a preview cannot become the answer, which is a message of its own then. https://docs.slack.dev/reference/methods/chat.update#errors */
const notEditable = [gone, tooManyEdits, 'edit_window_closed', 'cant_update_message'];

/** One app in one workspace. */
export class SlackHandler implements ChannelHandler {
  readonly capabilities = slackCapabilities;
  readonly measure = measureNotice;
  readonly repliesInThread = true;
  private readonly client: SlackClient;

  constructor(
    private readonly config: SlackConfig,
    private readonly tools: ChannelTools,
  ) {
    this.client = new SlackClient(config);
  }

  receive({ headers, query, body }: WebhookRequest): Received {
    const text = body.toString('utf8');
    if (isCertificateCheck(query, text)) return { events: [], reply: { status: 200 } };
    const timestamp = headers['x-slack-request-timestamp'] ?? '';
    verify(this.config, timestamp, headers['x-slack-signature'] ?? '', body);
    if (text.trimStart().startsWith('{')) return readPosted(parseJson(text), this.tools.account);
    return readForm(text, timestamp);
  }

  scrub(body: Buffer): Buffer {
    return scrubbed(body);
  }

  /** A person is written to in a channel of their own, which has to be opened: it is the chat from then on. */
  async send(message: OutboundMessage, signal: AbortSignal): Promise<Receipt> {
    const content = toContent(message.part);
    const address = parseChat(message.chat);
    if ('user' in address) return this.moveToDirectMessages(message.chat, address.user, signal);
    const place = placeOf(address.channel, address.thread, message.replyTo);
    return content === null
      ? this.sendFiles(place, message, signal)
      : this.sendWords(place, content, message, signal);
  }

  /** One message a second in each channel, some hundreds a minute in a workspace. https://docs.slack.dev/apis/web-api/rate-limits */
  pace(chat: ChatId): PaceRule[] {
    const address = parseChat(chat);
    const channel = 'user' in address ? address.user : address.channel;
    return [
      { key: 'instance', scope: 'instance', burst: 20, perSecond: 5 },
      { key: `chat:${channel}`, scope: 'chat', burst: 3, perSecond: 1 },
    ];
  }

  async edit({ messageId: id }: MessageTarget, part: Part, signal: AbortSignal): Promise<Receipt> {
    const content = part.type === 'text' ? toContent(part) : null;
    if (content === null)
      throw new UnsupportedError('Slack: only the text of a message is edited', 'content.edit');
    await this.client.call(toEdit(id, content), signal);
    return { platformIds: [id] };
  }

  async delete({ messageId: id }: MessageTarget, signal: AbortSignal): Promise<Receipt> {
    await this.perform(toDeletion(id), signal, gone);
    return { platformIds: [] };
  }

  /** Slack lets an app react with many emoji; the account has one, so that of before is taken back. */
  async react({ messageId: id }: MessageTarget, emoji: string, signal: AbortSignal): Promise<Receipt> {
    const { channel, ts } = parseMessage(id);
    if (emoji !== '') await this.perform(toReaction(channel, ts, emoji), signal, 'already_reacted');
    const account = this.tools.account ?? (await this.client.identity(signal)).account;
    const told = await this.client.call(toReading(channel, ts), signal);
    for (const other of ownReactions(told, account.id, toName(emoji)))
      await this.perform(toRemoval(channel, ts, other), signal, 'no_reaction');
    return { platformIds: [] };
  }

  /**
   * A message that is edited as the answer grows. None at the top of a channel: what is said there without a thread answers a command,
   * and that at the address which the command brought.
   */
  async preview({ chat, text, previewId, replyTo }: Preview, signal: AbortSignal): Promise<MessageId | null> {
    const address = parseChat(chat);
    const body = parseMarkdown(text);
    if (body.text.trim() === '' || 'user' in address) return previewId;
    const place = placeOf(address.channel, address.thread, replyTo);
    if (place.thread === undefined && !isDirect(place.channel)) return previewId;
    const [beginning] = splitStyled(body, this.capabilities.maxTextLength, this.measure);
    const content = toContent({ type: 'text', body: beginning, buttons: [] })!;
    if (previewId === null) return this.post(place, content, signal);
    if (await this.perform(toEdit(previewId, content), signal, tooManyEdits)) return previewId;
    throw new RejectedError(
      'Slack takes no more edits for now: the answer grows no further, and comes whole',
      {
        platformCode: tooManyEdits,
      },
    );
  }

  fetchMedia(ref: string, signal: AbortSignal): Promise<FetchedMedia> {
    return openMedia(this.client, ref, signal);
  }

  probe(signal: AbortSignal): Promise<ProbeResult> {
    return probe(this.client, signal);
  }

  private async sendWords(
    place: Place,
    content: MessageContent,
    { answers, part, replaces }: OutboundMessage,
    signal: AbortSignal,
  ): Promise<Receipt> {
    const answered = answers !== null && (await this.answer(answers, place, content, signal));
    if (answered) {
      await this.takeBack(replaces, signal);
      return { platformIds: [] };
    }
    if (replaces !== null && part.type === 'text') {
      const isReplaced = await this.perform(toEdit(replaces, content), signal, ...notEditable);
      if (isReplaced) return { platformIds: [replaces] };
    }
    const id = await this.post(place, content, signal);
    await this.takeBack(replaces, signal);
    return { platformIds: [id] };
  }

  private async sendFiles(place: Place, message: OutboundMessage, signal: AbortSignal): Promise<Receipt> {
    const ts = await this.client.share(toUpload(place, message), signal);
    await this.takeBack(message.replaces, signal);
    return { platformIds: ts === null ? [] : [messageId(place.channel, ts)] };
  }

  private async post(place: Place, content: MessageContent, signal: AbortSignal): Promise<MessageId> {
    const { channel, ts } = madeMessage(await this.client.call(toMessage(place, content), signal));
    return messageId(channel, ts);
  }

  /** False where the command can no longer be answered where it was given: then an ordinary message is sent. */
  private async answer(
    address: string,
    { thread }: Place,
    content: MessageContent,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      await this.client.respond(address, { thread_ts: thread, ...content }, signal);
      return true;
    } catch (error) {
      if (isSaid(error, 'expired_url', 'used_url')) return false;
      throw error;
    }
  }

  /** Has the chat follow to the direct messages with a person. */
  private async moveToDirectMessages(chat: ChatId, user: string, signal: AbortSignal): Promise<never> {
    const opened = await this.client.call(toDirectMessages(user), signal);
    const channel = asText(asObject<{ id: string }>(opened.channel)?.id);
    if (channel === null)
      throw new RejectedError(`Slack opens no direct messages with ${chat}: check the id`);
    throw new ChatMovedError(`Slack: the direct messages with ${chat} are ${channel}`, chatId(channel));
  }

  /** One request. A refusal with one of the codes counts as done, and is told by false. */
  private async perform(call: Call, signal: AbortSignal, ...fine: string[]): Promise<boolean> {
    try {
      await this.client.call(call, signal);
      return true;
    } catch (error) {
      if (!isSaid(error, ...fine)) throw error;
      return false;
    }
  }

  /** The answer is sent by now: a preview that stays is a blemish, not a failure. */
  private async takeBack(preview: MessageId | null, signal: AbortSignal): Promise<void> {
    if (preview === null) return;
    await this.perform(toDeletion(preview), signal, gone).catch((error: Error) =>
      this.tools.log.warn('a preview could not be removed', { error: error.message }),
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PayloadError('The body is not JSON: only Slack should call this address');
  }
}
