import { createHmac } from 'node:crypto';
import { InboundFaults } from '../inbound-faults';
import { seededRandom } from '../random';
import { type Delivery, fastTiming, type Queued, WebhookSender } from '../webhook-sender';
import type { Json, SlackApp, SlackChannel, SlackEntry, SlackFile, Workspace } from './workspace';

interface Posted extends Queued {
  number: number;
  body: string;
  contentType: string;
  attempts: number;
}

/** After the first attempt. https://docs.slack.dev/apis/events-api#retries */
const mostRetries = 3;
const hourMs = 3_600_000;

/** `v0=…`. https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signatureOf({ signingSecret }: SlackApp, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/** What one app is told, signed, to the address that it was given. What happens before it has one is not told. */
export class EventFeed {
  readonly faults = new InboundFaults(seededRandom(1));
  readonly deliveries: Delivery[] = [];
  private sender: WebhookSender<Posted> | null = null;
  private lastNumber = 0;

  constructor(private readonly app: SlackApp) {}

  deliversTo(url: string): void {
    const dialect = {
      number: ({ number }: Posted) => number,
      body: ({ body }: Posted) => body,
      headers: (posted: Posted) => this.headersOf(posted),
      keepsOrder: false,
    };
    const record = (delivery: Delivery) => void this.deliveries.push(delivery);
    this.sender = new WebhookSender({ url, maxConnections: 8 }, fastTiming, dialect, record, () => undefined);
  }

  /** https://docs.slack.dev/apis/events-api#event-type-structure */
  event(event: Json, lane: string): void {
    const number = ++this.lastNumber;
    const user_id = this.app.userId;
    const body = {
      team_id: 'T00000001',
      api_app_id: this.app.id,
      event: {
        event_ts: event.ts ?? `${Math.floor(Date.now() / 1000)}.${String(number).padStart(6, '0')}`,
        ...event,
      },
      type: 'event_callback',
      event_id: `Ev${this.app.id}${number}`,
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [{ enterprise_id: null, team_id: 'T00000001', user_id, is_bot: true }],
    };
    this.post(number, JSON.stringify(body), 'application/json', lane);
  }

  /** Interactions and commands. */
  form(fields: Record<string, string>, lane: string): void {
    const body = new URLSearchParams(fields).toString();
    this.post(++this.lastNumber, body, 'application/x-www-form-urlencoded', lane);
  }

  async close(): Promise<void> {
    await this.sender?.stop();
  }

  private post(number: number, body: string, contentType: string, lane: string): void {
    const expiresAt = Date.now() + hourMs;
    this.faults.pass(() => this.sender?.enqueue({ lane, expiresAt, number, body, contentType, attempts: 0 }));
  }

  private headersOf(posted: Posted): Record<string, string> {
    const retry = posted.attempts++;
    if (retry === mostRetries) posted.expiresAt = 0;
    const timestamp = String(Math.floor(Date.now() / 1000));
    return {
      'content-type': posted.contentType,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signatureOf(this.app, timestamp, posted.body),
      ...(retry > 0 && { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_error' }),
    };
  }
}

/** https://docs.slack.dev/reference/events/message */
export function messageOf(
  { names }: Workspace,
  channel: SlackChannel,
  { ts, threadTs, user, app, text, blocks, files, edits }: SlackEntry,
  url: string,
): Json {
  const parent = channel.entries.find((entry) => entry.ts === threadTs);
  return {
    type: 'message',
    user,
    text,
    ts,
    ...(blocks.length > 0 && { blocks }),
    ...(threadTs !== null && { thread_ts: threadTs, parent_user_id: parent?.user }),
    ...(app && { bot_id: app.botId, app_id: app.id, bot_profile: { id: app.botId, name: app.name } }),
    ...(!app && { user_profile: { name: names.get(user)?.toLowerCase(), display_name: names.get(user) } }),
    ...(files.length > 0 && { subtype: 'file_share', files: files.map((file) => fileOf(file, url)) }),
    ...(edits > 0 && {
      edited: { user, ts: `${Math.floor(Date.now() / 1000)}.${String(edits).padStart(6, '0')}` },
    }),
  };
}

/** https://docs.slack.dev/reference/objects/file-object */
export function fileOf({ id, name, mimetype, bytes, subtype }: SlackFile, url: string): Json {
  const address = `${url}/files-pri/${id}/${encodeURIComponent(name)}`;
  const size = bytes?.length ?? 0;
  return {
    id,
    name,
    title: name,
    mimetype,
    size,
    mode: 'hosted',
    url_private: address,
    ...(subtype && { subtype }),
  };
}
