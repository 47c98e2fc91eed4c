import { createIdCodec, type Received } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';
import { isRecord, show } from '../fixtures/compare';
import { shapeProblems, textProblems } from './event-shapes';

const eventTypes: Record<InboundEvent['type'], true> = {
  message: true,
  edit: true,
  delete: true,
  reaction: true,
  action: true,
  membership: true,
  chat: true,
  delivery: true,
  contact: true,
  account: true,
};

/** An id in an event, and where it stands. */
export interface FoundId {
  path: string;
  id: unknown;
}

/** Every id of a chat, contact or message in an event. */
export function idsOf(event: InboundEvent): FoundId[] {
  const found: FoundId[] = [];
  const add = (path: string, holder: unknown, key: string) => {
    if (isRecord(holder) && holder[key] !== null && holder[key] !== undefined)
      found.push({ path, id: holder[key] });
  };
  const addAll = (path: string, holder: unknown) => {
    add(`${path}.id`, holder, 'id');
    if (!isRecord(holder)) return;
    listOf(holder.aliases).forEach((id, index) => found.push({ path: `${path}.aliases[${index}]`, id }));
  };
  const whole = event as unknown as Record<string, unknown>;
  addAll('chat', whole.chat);
  add('chat.address', whole.chat, 'address');
  add('chat.movedTo', whole, 'movedTo');
  addAll('sender', whole.sender);
  addAll('contact', whole.contact);
  add('messageId', whole, 'messageId');
  listOf(whole.messageIds).forEach((id, index) => found.push({ path: `messageIds[${index}]`, id }));
  listOf(whole.members).forEach((member, index) => addAll(`members[${index}]`, member));
  if (!isRecord(whole.message)) return found;
  add('message.id', whole.message, 'id');
  add('message.replyTo.id', whole.message.replyTo, 'id');
  listOf(whole.message.mentions).forEach((item, index) =>
    add(`message.mentions[${index}]`, item, 'contactId'),
  );
  listOf(whole.message.entities).forEach((item, index) =>
    add(`message.entities[${index}]`, item, 'contactId'),
  );
  return found;
}

/** Why an id is not one of the channel's; empty when it is. */
export function idProblems(id: unknown, channelId: string): string[] {
  if (typeof id !== 'string' || !id.startsWith(`${channelId}:`)) {
    return [`${show(id)} does not begin with "${channelId}:"`];
  }
  const codec = createIdCodec(channelId);
  const again = codec.encode(...codec.decode(id));
  return again === id ? [] : [`"${id}" does not survive the id codec: it becomes "${again}"`];
}

/** What makes a result of `receive` unusable for the hub, whatever the payload was; empty when it is sound. */
export function receivedProblems(received: unknown): string[] {
  if (!isRecord(received) || !Array.isArray(received.events))
    return [`returned ${show(received)}, not {events: […]}`];
  const { events, ignored = [], reply } = received as unknown as Received;
  if (!Array.isArray(ignored)) return [`ignored is ${show(ignored)}, not a list`];
  return [
    ...events.flatMap((event, index) => eventProblems(event).map((problem) => `events[${index}]${problem}`)),
    ...ignored.flatMap((entry, index) =>
      ['eventId', 'rawKind', 'reason'].flatMap((key) =>
        textProblems((entry as unknown as Record<string, unknown>)[key], `ignored[${index}].${key}`),
      ),
    ),
    ...(reply !== undefined && !Number.isInteger(reply.status)
      ? [`reply.status is ${show(reply.status)}`]
      : []),
  ];
}

function eventProblems(event: InboundEvent): string[] {
  if (!isRecord(event) || !(String(event.type) in eventTypes)) return [` is no known event: ${show(event)}`];
  const problems = [
    ...textProblems(event.eventId, '.eventId'),
    ...textProblems(event.rawKind, '.rawKind'),
    ...(Number.isFinite(event.at) ? [] : [`.at is ${show(event.at)}, not epoch milliseconds`]),
    ...idsOf(event).flatMap(({ path, id }) => textProblems(id, `.${path}`)),
  ];
  return [...problems, ...shapeProblems(event)];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
