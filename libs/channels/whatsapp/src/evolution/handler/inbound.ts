import { PayloadError, type Account, type Received } from '@omni-hub/channel-sdk';
import { createHash } from 'node:crypto';
import {
  asList,
  asObject,
  asText,
  leftAside,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { readConnection, readLogout, readQrCode, readRemoval, readStatus } from './inbound-account';
import { readContactChange, readGroup, readParticipants } from './inbound-changes';
import { ignoredEvents } from './inbound-ignored';
import { readMessage } from './inbound-message';
import { readOwn } from './inbound-people';
import { readDeletion, readEdited } from './inbound-protocol';
import { readSent, readUpdate } from './inbound-status';
import { scrub } from './scrub';

type Reader = (item: Unchecked, context: Context) => Reading;

/** How each event is read, one element of it at a time. Names as Evolution writes them. */
const readers: Readonly<Record<string, Reader>> = {
  'messages.upsert': readMessage,
  'messages.update': readUpdate,
  'messages.edited': readEdited,
  'messages.delete': readDeletion,
  'send.message': readSent,
  'connection.update': readConnection,
  'status.instance': readStatus,
  'qrcode.updated': readQrCode,
  'logout.instance': (_, context) => readLogout(context),
  'remove.instance': (_, context) => readRemoval(context),
  'contacts.upsert': readContactChange,
  'contacts.update': readContactChange,
  'contacts.set': readContactChange,
  'groups.upsert': readGroup,
  'groups.update': readGroup,
  'group-participants.update': readParticipants,
};

/** Events whose `data` says nothing that is needed, and may be absent. */
const withoutData = new Set(['logout.instance', 'remove.instance']);

/** `MESSAGES_UPSERT`, `messages-upsert` and `messages.upsert` are one event; `GROUP_UPDATE` is what `groups.update` is subscribed by. */
const namesByLetters = new Map([
  ...[...Object.keys(readers), ...Object.keys(ignoredEvents)].map((name) => [lettersOf(name), name] as const),
  ['groupupdate', 'groups.update'],
]);

/**
 * Reads one webhook of an Evolution instance: pure, and the same bytes give the same answer. Throws PayloadError where the body is no
 * JSON object with an `event`, nothing else: fields of the wrong shape are left out, and what cannot do without them is ignored with
 * the reason. The key and the files that Evolution puts into the body are read by nobody.
 */
export function readWebhook(body: Buffer, instanceName: string, account: Account | null): Received {
  const envelope = asObject(parseJson(body));
  const told = asText(envelope?.event);
  if (!envelope || !told) {
    throw new PayloadError('Not a webhook of Evolution API: expected a JSON object with an "event"');
  }
  const event = namesByLetters.get(lettersOf(told)) ?? told;
  const digest = createHash('sha256').update(scrub(body)).digest('hex').slice(0, 32);
  const context: Context = {
    rawKind: event,
    own: readOwn(account, envelope.sender),
    occurrence: `${event}:${digest}`,
  };
  const instance = asText(envelope.instance);
  if (instance !== null && instance !== instanceName) {
    return leftAside(
      context.occurrence,
      context,
      `The event is of another instance of the Evolution server, not of "${instanceName}": set each one's webhook to an instance of its own`,
    );
  }
  return join(readEvent(event, envelope.data, context));
}

function readEvent(event: string, data: unknown, context: Context): Reading[] {
  if (Object.hasOwn(ignoredEvents, event))
    return [leftAside(context.occurrence, context, ignoredEvents[event])];
  if (!Object.hasOwn(readers, event)) {
    const reason =
      'Evolution added this event after this version was made: a newer version of the channel may read it';
    return [leftAside(context.occurrence, context, reason)];
  }
  const read = readers[event];
  if (withoutData.has(event)) return [read({}, context)];
  const items = itemsOf(data);
  if (items.length === 0)
    return [leftAside(context.occurrence, context, 'The event is empty: it holds no "data" to read')];
  return items.map((item, index) => {
    const own = index === 0 ? context : { ...context, occurrence: `${context.occurrence}:${index}` };
    const object = asObject(item);
    return object
      ? read(object, own)
      : leftAside(own.occurrence, own, 'An element of the event is no object, as Evolution documents it');
  });
}

/** One object, a list of them, or a list inside an object, as other programs over Baileys write it. */
function itemsOf(data: unknown): readonly unknown[] {
  if (Array.isArray(data)) return data;
  const object = asObject(data);
  if (!object) return data === undefined || data === null ? [] : [data];
  const inside = ['messages', 'contacts', 'keys']
    .map((field) => asList(object[field]))
    .find((list) => list.length > 0);
  return inside && !('key' in object) ? inside : [object];
}

/** Where two elements of one webhook are the same, one is enough. */
function join(readings: Reading[]): Received {
  const seen = new Set<string>();
  const isNew = ({ eventId }: { eventId: string }) => !seen.has(eventId) && seen.add(eventId);
  const events = readings.flatMap((reading) => reading.events).filter(isNew);
  const ignored = readings.flatMap((reading) => reading.ignored).filter(isNew);
  return { events, ignored };
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new PayloadError('The body is not JSON: only Evolution API should call this address');
  }
}
