import type { Account } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';

/** What the Events API posts. https://docs.slack.dev/apis/events-api#event-type-structure */
export interface Envelope {
  type: string;
  /** `Ev…`, the same at every redelivery. */
  event_id: string;
  /** Epoch seconds. */
  event_time: number;
  api_app_id: string;
  event: unknown;
  /** Only of `url_verification`. */
  challenge: string;
  /** Only of `app_rate_limited`: epoch seconds. */
  minute_rate_limited: number;
}

/** What all inner events share, as far as they have it. */
export interface InnerEvent {
  type: string;
  event_ts: string;
  user: unknown;
  channel: unknown;
  channel_type: string;
}

/** https://docs.slack.dev/reference/events/message */
export interface MessageEvent extends InnerEvent {
  subtype: string;
  ts: string;
  thread_ts: string;
  parent_user_id: string;
  text: string;
  bot_id: string;
  app_id: string;
  username: string;
  user_profile: unknown;
  bot_profile: unknown;
  edited: unknown;
  files: unknown;
  attachments: unknown;
  /** Of a change: the message as it is now. */
  message: unknown;
  previous_message: unknown;
  deleted_ts: string;
}

/** https://docs.slack.dev/reference/objects/file-object */
export interface FileObject {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  size: number;
  /** `external` files are kept elsewhere, a `tombstone` is what is left of a deleted one. */
  mode: string;
  /** `slack_audio` and `slack_video` are clips that were recorded in Slack. */
  subtype: string;
  url_private: string;
  url_private_download: string;
  external_url: string;
  duration_ms: number;
  original_w: number;
  original_h: number;
}

/** https://docs.slack.dev/reference/objects/user-object */
export interface UserObject {
  id: string;
  name: string;
  real_name: string;
  is_bot: boolean;
  locale: string;
  profile: unknown;
}

/** https://docs.slack.dev/reference/interaction-payloads */
export interface InteractionPayload {
  type: string;
  user: unknown;
  channel: unknown;
  message: unknown;
  /** Where the message is, also where `message` is not told. */
  container: unknown;
  actions: unknown;
  callback_id: string;
  action_ts: string;
  response_url: string;
}

/** What an event is read with. */
export interface Context {
  eventId: string;
  rawKind: string;
  /** Epoch milliseconds, where the event itself has no better time. */
  at: number;
  /** The app that the events are for: what it wrote is the account's own. */
  appId: string | null;
  /** Ids by which the account itself is named: its user, its bot. */
  selves: readonly string[];
  account: Account | null;
}

/** The event, or the sentence that says why it is left aside. */
export type Reading = InboundEvent | string;

/** Slack's name of a message within its channel. https://docs.slack.dev/messaging/retrieving-messages */
export function asTs(value: unknown): string | null {
  return typeof value === 'string' && /^\d{1,12}\.\d{1,9}$/.test(value) ? value : null;
}

/** `1700000000.000100` as epoch milliseconds. */
export function timeOf(ts: string): number {
  const [seconds, fraction] = ts.split('.');
  return Number(seconds) * 1_000 + Math.trunc(Number(`0.${fraction}`) * 1_000);
}

/** Slack's ids are capital letters and digits; null for anything else. */
export function asId(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Z][A-Z0-9]{1,30}$/.test(value) ? value : null;
}
