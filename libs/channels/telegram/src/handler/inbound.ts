import type { Message, Update } from '@grammyjs/types';
import { PayloadError, type Account, type Received } from '@omni-hub/channel-sdk';
import {
  asInteger,
  asObject,
  type Context,
  type Reading,
  type Unchecked,
  type UpdateKind,
} from '../models/inbound.models';
import { readConnection, readDeletion, readMember, readPress, readReaction } from './inbound-changes';
import { ignoredUpdates } from './inbound-ignored';
import { readEdit, readNew } from './inbound-message';
import { serviceField } from './inbound-service';

type Reader = (payload: Unchecked<object>, context: Context) => Reading;

/** How each kind of update is read, or why it is left aside. */
const readers: Record<UpdateKind, Reader | string> = {
  ...ignoredUpdates,
  message: readNew,
  channel_post: readNew,
  business_message: readNew,
  edited_message: readEdit,
  edited_channel_post: readEdit,
  edited_business_message: readEdit,
  deleted_business_messages: readDeletion,
  message_reaction: readReaction,
  callback_query: readPress,
  my_chat_member: readMember,
  chat_member: readMember,
  business_connection: readConnection,
};

/**
 * Reads one update of the Bot API: pure, and the same update gives the same answer. An update is one event or one
 * ignored entry, under `update_id`. Throws PayloadError when `update` is no object or has no `update_id`, nothing else:
 * fields of the wrong shape are left out, and what cannot do without them is ignored with the reason.
 */
export function readUpdate(update: unknown, account: Account | null): Received {
  const body = asObject<Update>(update);
  const id = asInteger(body?.update_id);
  if (!body || id === null) {
    throw new PayloadError(
      'Not an update of the Telegram Bot API: expected a JSON object with an integer "update_id"',
    );
  }
  const kind = kindOf(body);
  const context: Context = { eventId: String(id), rawKind: rawKindOf(kind, body), account };
  const reading = read(kind, body, context);
  if (typeof reading !== 'string') return { events: [reading], ignored: [] };
  return { events: [], ignored: [{ eventId: context.eventId, rawKind: context.rawKind, reason: reading }] };
}

/** An update has one kind. Where a later version should add a field beside it, the known one counts. */
function kindOf(body: Unchecked<Update>): string {
  const fields = Object.keys(body).filter((field) => field !== 'update_id');
  return fields.find(isKnown) ?? fields[0] ?? 'empty';
}

function isKnown(kind: string): kind is UpdateKind {
  return Object.hasOwn(readers, kind);
}

/** `message.new_chat_title`: a service message is named by what it tells. */
function rawKindOf(kind: string, body: Unchecked<Update>): string {
  if (!isKnown(kind) || readers[kind] !== readNew) return kind;
  const field = serviceField(asObject<Message>(body[kind]) ?? {});
  return field ? `${kind}.${field}` : kind;
}

function read(kind: string, body: Unchecked<Update>, context: Context): Reading {
  if (kind === 'empty') return 'The update holds nothing but its number';
  if (!isKnown(kind)) {
    return `Telegram added the kind of update "${kind}" after this version was made: a newer version of the channel may read it`;
  }
  const reader = readers[kind];
  if (typeof reader === 'string') return reader;
  const payload = asObject<object>(body[kind]);
  return payload
    ? reader(payload, context)
    : `The update's "${kind}" is no object, as the Bot API documents it`;
}
