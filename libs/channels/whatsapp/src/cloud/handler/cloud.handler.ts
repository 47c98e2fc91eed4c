import {
  PayloadError,
  RejectedError,
  safeEqual,
  SignatureError,
  verifyHmacSha256,
  type ChannelHandler,
  type ChannelTools,
  type FetchedMedia,
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
import { codec, fileId, parseChat } from '../../handler/ids';
import { measureMarks } from '../../handler/marks';
import type { WhatsAppConfig } from '../../models/config.models';
import { CloudClient } from '../client/cloud.client';
import type { Message, MessageContent } from '../models/api.models';
import { cloudCapabilities } from './capabilities';
import { checked, sha256Of } from './checked-stream';
import { readWebhook } from './inbound';
import { decodeMediaRef } from './media-ref';
import { toOutgoing, toReaction, toRecipient, toWamid, toWindowTemplate } from './outbound';
import { install, probe, uninstall } from './setup';

export { cloudCapabilities } from './capabilities';

/** What a number may send in a second unless Meta has raised it, and to one person: …/whatsapp/throughput. */
const numberPerSecond = 80;
const pair = { burst: 45, perSecond: 1 / 6 };

/** One number at Meta's Cloud API: https://developers.facebook.com/documentation/business-messaging/whatsapp. */
export class CloudHandler implements ChannelHandler {
  readonly capabilities: Capabilities;
  readonly measure = measureMarks;
  private readonly client: CloudClient;
  private installedUrl: string | null = null;

  constructor(
    private readonly config: WhatsAppConfig,
    private readonly tools: ChannelTools,
  ) {
    this.client = new CloudClient(config);
    this.capabilities = { ...cloudCapabilities, acknowledgesWithinMs: config.acknowledgeTimeoutMs };
  }

  receive({ method, headers, query, body }: WebhookRequest): Received {
    if (method === 'GET') return this.proveWebhook(query);
    const [, signature = ''] = /^sha256=(.*)$/.exec(headers['x-hub-signature-256'] ?? '') ?? [];
    if (!verifyHmacSha256(this.config.appSecret, body, signature)) {
      throw new SignatureError(
        "The request is not signed with the Meta app's secret: check that appSecret is that of the app whose webhook this is",
      );
    }
    const { phoneNumberId } = this.config;
    return readWebhook(parseJson(body), { phoneNumberId, account: this.tools.account });
  }

  /** One message. A file is uploaded first, as often as it takes: nobody sees that. */
  async send(
    { deliveryId, chat, part, files, replyTo, attempt }: OutboundMessage,
    signal: AbortSignal,
  ): Promise<Receipt> {
    const recipient = toRecipient(chat);
    const outgoing = toOutgoing(part, files, recipient);
    const content =
      'file' in outgoing
        ? outgoing.use({ id: await this.client.upload(outgoing.file, signal) })
        : outgoing.message;
    const whole: Message = {
      messaging_product: 'whatsapp',
      ...recipient,
      ...replyContext(replyTo, content),
      ...content,
      biz_opaque_callback_data: deliveryId,
    };
    return { platformIds: [codec.encode(await this.client.send(whole, attempt, signal))] };
  }

  pace(chat: ChatId): PaceRule[] {
    const perSecond = this.config.messagesPerSecond ?? numberPerSecond;
    const rules: PaceRule[] = [{ key: 'instance', scope: 'instance', burst: perSecond, perSecond }];
    const handle = parseChat(chat);
    if (handle.kind === 'group') return rules;
    return [...rules, { key: `pair:${fileId(handle)}`, scope: 'chat', ...pair }];
  }

  outsideWindow(part: Part): Part | null {
    const { windowTemplate } = this.config;
    return windowTemplate ? toWindowTemplate(part, windowTemplate) : null;
  }

  /** Meta shows it for 25 seconds at most and marks the message as read: …/whatsapp/typing-indicators. */
  async typing(_chat: ChatId, messageId: MessageId | null, signal: AbortSignal): Promise<void> {
    if (messageId === null) return;
    await this.client.read({ ...readReceipt(messageId), typing_indicator: { type: 'text' } }, signal);
  }

  async markRead(_chat: ChatId, messageId: MessageId, signal: AbortSignal): Promise<void> {
    await this.client.read(readReceipt(messageId), signal);
  }

  async react(
    { deliveryId, chat, messageId }: MessageTarget,
    emoji: string,
    signal: AbortSignal,
  ): Promise<Receipt> {
    const whole: Message = {
      messaging_product: 'whatsapp',
      ...toRecipient(chat),
      ...toReaction(messageId, emoji),
      biz_opaque_callback_data: deliveryId,
    };
    return { platformIds: [codec.encode(await this.client.send(whole, 1, signal))] };
  }

  /** The address that Graph API names lives for five minutes; one that has expired is asked for once more. */
  async fetchMedia(ref: string, signal: AbortSignal): Promise<FetchedMedia> {
    const { id, sha256, mimeType, filename } = decodeMediaRef(ref);
    for (let tries = 1; tries <= 2; tries++) {
      const info = await this.client.media(id, signal);
      const file = await this.client.download(info.url, signal);
      if (!file) continue;
      const size = info.size ?? file.size;
      const expected = { size, sha256: sha256Of(sha256) ?? sha256Of(info.sha256) };
      return { stream: checked(file.stream, expected), mimeType: mimeType ?? info.mimeType, size, filename };
    }
    throw new RejectedError(
      'WhatsApp does not give the file at the address that it names: ask for it to be sent again',
    );
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

  /** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint#get-requests */
  private proveWebhook(query: WebhookRequest['query']): Received {
    const given = query['hub.verify_token'] ?? '';
    const challenge = query['hub.challenge'];
    const isRight = safeEqual(given, this.config.verifyToken);
    if (!isRight || query['hub.mode'] !== 'subscribe' || challenge === undefined) {
      throw new SignatureError(
        "The request has not the verifyToken: set the same one in the Meta app's webhook, or connect the instance, which sets it",
      );
    }
    return { events: [], reply: { status: 200, contentType: 'text/plain', body: challenge } };
  }
}

function readReceipt(messageId: MessageId) {
  return { messaging_product: 'whatsapp', status: 'read', message_id: toWamid(messageId) } as const;
}

/** A message of the other provider has an id that WhatsApp's cloud does not know: such a reply is sent without its reference. */
function replyContext(replyTo: MessageId | null, { type }: MessageContent): Pick<Message, 'context'> {
  if (replyTo === null || type === 'reaction') return {};
  const [id, ...rest] = codec.decode(replyTo);
  return rest.length === 0 ? { context: { message_id: id } } : {};
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new PayloadError('The body is not JSON: only Meta should call this address');
  }
}
