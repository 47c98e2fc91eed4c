import {
  asNumber,
  asObject,
  asObjects,
  asText,
  PayloadError,
  type Account,
  type Received,
  type Unchecked,
} from '@omni-hub/channel-sdk';
import {
  asTs,
  timeOf,
  type Context,
  type Envelope,
  type InnerEvent,
  type MessageEvent,
  type Reading,
} from '../models/inbound.models';
import { readDeletion, readEdit, readReaction } from './inbound-changes';
import { readMessage } from './inbound-message';
import {
  channelChanges,
  readChannelChange,
  readEnd,
  readMembership,
  readMove,
  readPerson,
  readRateLimit,
  readRemoval,
} from './inbound-places';

/**
 * Reads what the Events API posts: pure, and the same body gives the same answer. Throws PayloadError where it has no kind or no id,
 * nothing else. https://docs.slack.dev/apis/events-api
 */
export function readPosted(body: unknown, account: Account | null): Received {
  const envelope = asObject<Envelope>(body);
  const kind = asText(envelope?.type);
  if (!envelope || kind === null)
    throw new PayloadError('Not an event of Slack: expected a JSON object with the text "type"');
  if (kind === 'url_verification') return answered(envelope);
  if (kind === 'app_rate_limited') return rateLimited(envelope, account);
  const eventId = asText(envelope.event_id);
  if (eventId === null) throw new PayloadError('Not an event of Slack: expected the text "event_id"');
  const event = asObject<InnerEvent>(envelope.event);
  const rawKind = event ? kindOf(event) : kind;
  const context = contextOf(envelope, { eventId, rawKind, ts: event?.event_ts, account });
  const reading = event && kind === 'event_callback' ? readEvent(event, context) : unknownKind(rawKind);
  if (typeof reading !== 'string') return { events: [reading] };
  return { events: [], ignored: [{ eventId, rawKind, reason: reading }] };
}

type Reader = (event: Unchecked<InnerEvent>, context: Context) => Reading;

const readers: Readonly<Record<string, Reader>> = {
  message: readWritten,
  app_mention: readWritten,
  reaction_added: readReaction,
  reaction_removed: readReaction,
  member_joined_channel: readMembership,
  member_left_channel: readMembership,
  channel_left: readRemoval,
  group_left: readRemoval,
  channel_id_changed: readMove,
  user_change: readPerson,
  team_join: readPerson,
  tokens_revoked: readEnd,
  app_uninstalled: readEnd,
  ...Object.fromEntries(Object.keys(channelChanges).map((kind) => [kind, readChannelChange])),
};

function readEvent(event: Unchecked<InnerEvent>, context: Context): Reading {
  const kind = asText(event.type) ?? '';
  return Object.hasOwn(readers, kind) ? readers[kind](event, context) : unknownKind(context.rawKind);
}

function readWritten(event: Unchecked<MessageEvent>, context: Context): Reading {
  if (event.subtype === 'message_changed') return readEdit(event, context);
  if (event.subtype === 'message_deleted') return readDeletion(event, context);
  return readMessage(event, context);
}

/** https://docs.slack.dev/reference/events/url_verification */
function answered({ challenge }: Unchecked<Envelope>): Received {
  const body = asText(challenge);
  if (body === null) throw new PayloadError('Not a verification of Slack: expected the text "challenge"');
  return { events: [], reply: { status: 200, contentType: 'text/plain', body } };
}

/** It has no id of its own: of one minute there is one. */
function rateLimited(envelope: Unchecked<Envelope>, account: Account | null): Received {
  const minute = asNumber(envelope.minute_rate_limited) ?? 0;
  const eventId = `app_rate_limited:${minute}`;
  const context = contextOf(envelope, { eventId, rawKind: 'app_rate_limited', ts: null, account });
  return { events: [readRateLimit({ ...context, at: minute * 1_000 })] };
}

/** Each event names the installation that it is for, so that the account is known before it was probed. */
function contextOf(
  envelope: Unchecked<Envelope>,
  {
    eventId,
    rawKind,
    ts: value,
    account,
  }: Pick<Context, 'eventId' | 'rawKind' | 'account'> & { ts: unknown },
): Context {
  const { authorizations } = envelope as { authorizations?: unknown };
  const installed = asObjects<{ user_id: string; is_bot: boolean }>(authorizations)
    .filter(({ is_bot }) => is_bot === true)
    .map(({ user_id }) => asText(user_id))
    .filter((id) => id !== null);
  const selves = [...(account ? [account.id, ...(account.aliases ?? [])] : []), ...installed];
  const ts = asTs(value);
  const at = ts === null ? (asNumber(envelope.event_time) ?? 0) * 1_000 : timeOf(ts);
  return { eventId, rawKind, at, appId: asText(envelope.api_app_id), selves, account };
}

/** `message.message_changed`: of messages the subtype too. */
function kindOf({ type, subtype }: Unchecked<MessageEvent>): string {
  return [asText(type) ?? 'event_callback', asText(subtype)].filter((word) => word !== null).join('.');
}

function unknownKind(kind: string): string {
  return `The channel does not read the kind of event "${kind}": take it out of the app's subscriptions, or a newer version may read it`;
}
