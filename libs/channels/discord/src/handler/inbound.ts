import { PayloadError, type Account, type Received } from '@omni-hub/channel-sdk';
import {
  asCount,
  asObject,
  asSnowflake,
  asText,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { reactionReader, readBulkDeletion, readDeletion } from './inbound-changes';
import { ignoredKinds } from './inbound-ignored';
import { readEdit, readNew } from './inbound-message';
import {
  chatChangeReader,
  readGuild,
  readGuildLeft,
  readMemberAdd,
  readMemberRemove,
  readThreadCreate,
} from './inbound-places';
import { rawKindOf, readInteraction } from './interactions';

/** An event of the gateway as it is read: the frame's own fields, and the session that it came in. */
export interface ReadableDispatch {
  session: string;
  t: string;
  s: number;
  d: unknown;
}

type Reader = (data: Unchecked<object>, context: Context) => Reading;

/** How each kind of event is read. */
const readers: Record<string, Reader> = {
  MESSAGE_CREATE: readNew,
  MESSAGE_UPDATE: readEdit,
  MESSAGE_DELETE: readDeletion,
  MESSAGE_DELETE_BULK: readBulkDeletion,
  MESSAGE_REACTION_ADD: reactionReader('added'),
  MESSAGE_REACTION_REMOVE: reactionReader('removed'),
  MESSAGE_REACTION_REMOVE_EMOJI: reactionReader('removed'),
  THREAD_CREATE: readThreadCreate,
  THREAD_UPDATE: chatChangeReader('thread changed'),
  THREAD_DELETE: chatChangeReader('thread deleted'),
  CHANNEL_CREATE: chatChangeReader('created', true),
  CHANNEL_UPDATE: chatChangeReader('changed'),
  CHANNEL_DELETE: chatChangeReader('deleted'),
  GUILD_CREATE: readGuild,
  GUILD_DELETE: readGuildLeft,
  GUILD_MEMBER_ADD: readMemberAdd,
  GUILD_MEMBER_REMOVE: readMemberRemove,
  INTERACTION_CREATE: (data, context) => readInteraction(data, context, false),
};

/**
 * Reads one event of the gateway: pure, and the same event gives the same answer, also where a session that goes on tells it
 * again. Throws PayloadError where it has no kind, no number or no session, nothing else: fields of the wrong shape are left out,
 * and what cannot do without them is ignored with the reason.
 */
export function readDispatch(body: unknown, account: Account | null): Received {
  const dispatch = asObject<ReadableDispatch>(body);
  const session = asText(dispatch?.session);
  const kind = asText(dispatch?.t);
  const sequence = asCount(dispatch?.s);
  if (!dispatch || session === null || kind === null || sequence === null)
    throw new PayloadError(
      'Not an event of the Discord gateway: expected "t", "s" and the session that it came in',
    );
  const data = asObject<object>(dispatch.d);
  const context: Context = {
    eventId: eventIdOf(kind, data, `${session}:${sequence}`),
    rawKind: nameOf(kind, data),
    account,
  };
  const reading = read(kind, data, context);
  if (typeof reading !== 'string') return { events: [reading], ignored: [] };
  return { events: [], ignored: [{ eventId: context.eventId, rawKind: context.rawKind, reason: reading }] };
}

type Named = Unchecked<{ id: string; edited_timestamp: string; type: number }>;

/** Messages have ids of their own, so that they are one event however they come; everything else is known by its place in the session. */
function eventIdOf(kind: string, data: Named | null, place: string): string {
  const id = asSnowflake(data?.id);
  if (id === null) return place;
  if (kind === 'MESSAGE_CREATE' || kind === 'INTERACTION_CREATE') return id;
  if (kind === 'MESSAGE_DELETE') return `${id}:delete`;
  const edited = asText(data?.edited_timestamp);
  return kind === 'MESSAGE_UPDATE' && edited !== null ? `${id}:edit:${edited}` : place;
}

/** `MESSAGE_CREATE.7`: a message that Discord itself wrote is named by its type. */
function nameOf(kind: string, data: Named | null): string {
  if (kind === 'INTERACTION_CREATE') return rawKindOf(data?.type);
  const type = asCount(data?.type);
  return kind === 'MESSAGE_CREATE' && type !== null && type !== 0 ? `${kind}.${type}` : kind;
}

function read(kind: string, data: Unchecked<object> | null, context: Context): Reading {
  if (Object.hasOwn(ignoredKinds, kind)) return ignoredKinds[kind];
  if (!Object.hasOwn(readers, kind))
    return `Discord added the event "${kind}" after this version was made: a newer version of the channel may read it`;
  return data ? readers[kind](data, context) : `The event ${kind} holds no object, as Discord documents it`;
}
