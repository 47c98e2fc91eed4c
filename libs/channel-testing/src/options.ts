import type { Account, Channel, Received, WebhookReply, WebhookRequest } from '@omni-hub/channel-sdk';
import type { PlatformAnswer } from './fixtures/fixtures';
import type { RuleId, Tier } from './rules/rule';

/** What a channel tells the kit about itself. */
export interface ConformanceOptions {
  channel: Channel;
  /** A valid configuration whose API is at `apiUrl`. Its values must be made up, and its secrets listed in `secrets`. */
  config(apiUrl: string): Record<string, unknown>;
  /** The absolute path of the folder that holds `inbound/` and `outbound/`. */
  fixtures: string;
  /**
   * The request as the platform would sign it for `config`: a copy with headers or query added, or with its path set or
   * extended. Must not change the body. Required where the channel has `receive`.
   */
  sign?(request: WebhookRequest): WebhookRequest;
  /** Every secret of `config`, as text. */
  secrets: string[];
  /** Who the instance is at the platform; handed to the channel as `tools.account`. */
  account?: Account;
  /** Rules that cannot hold for this platform, each with the reason. */
  exempt?: Partial<Record<RuleId, string>>;
  /** `complete` unless told. A channel is registered only when it holds `required`. */
  tier?: Tier;
  /** IN-7: a body of a kind that the channel does not know. */
  unknown?: object;
  /** IN-8: the requests by which the platform proves the webhook, by name. */
  handshakes?: Record<string, Handshake>;
  /** OUT-2: answers in the platform's own words, where a bare status would not be understood. */
  refusals?: Partial<Record<400 | 401 | 429 | 500, Omit<PlatformAnswer, 'status'>>>;
  /** LIVE-1: required where the channel has `listen`. */
  listen?: ListenOptions;
}

/** A request by which the platform proves a webhook, and the answer that it must get. */
export interface Handshake {
  method: 'GET' | 'POST';
  /** Empty unless told. */
  path?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  /** JSON, or text when it is a string. Empty unless told. */
  body?: unknown;
  /** True for a `POST` and false for a `GET`, unless told. */
  signed?: boolean;
  /** The reply, or the code of the error where the handshake is a false one. */
  expect: WebhookReply | { error: 'SIGNATURE' | 'PAYLOAD' };
}

/** How the kit plays the platform that a listener connects to. */
export interface ListenOptions {
  /** Laid over `config` while the listener runs. */
  config?: Record<string, unknown>;
  /** Starts a stand-in of the platform on loopback: `startPollingPlatform` for long polling, `startGatewayPlatform` for a WebSocket. */
  start(): Promise<LivePlatform>;
  /**
   * Two inbound fixtures with events (`inbound/text.json`), as the platform would send them: the later one with the higher
   * sequence number, where it has such numbers.
   */
  deliveries: readonly [string, string];
  /** The pure function by which the listener reads one body. Required where inbound fixtures come `via` `listen`. */
  read?(body: unknown, account: Account | null): Received;
}

/** A stand-in of the platform, as a listener sees it. */
export interface LivePlatform {
  /** Becomes `apiUrl`. */
  readonly url: string;
  /** Offers a body, now or as soon as the listener is connected, and again after a drop until it is confirmed. */
  deliver(body: unknown): void;
  /** How many delivered bodies the listener has let go of: by its offset, its acknowledgement or its sequence number. */
  confirmed(): number;
  /** Breaks every connection and refuses new ones until `restore`. */
  drop(): void;
  restore(): void;
  /** Connections or polls that were tried since the start, refused ones included. */
  attempts(): number;
  close(): Promise<void>;
}
