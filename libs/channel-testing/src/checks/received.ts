import { createIdCodec, type Received } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';
import { isRecord, show } from '../fixtures/compare';

const eventTypes: Record<InboundEvent['type'], true> = {
  message: true,
  edit: true,
  delete: true,
  reaction: true,
  action: true,
  membership: true,
  chat: true,
  delivery: true,
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
  const whole = event as unknown as Record<string, unknown>;
  add('chat.id', whole.chat, 'id');
  add('chat.movedTo', whole, 'movedTo');
  add('sender.id', whole.sender, 'id');
  add('messageId', whole, 'messageId');
  listOf(whole.messageIds).forEach((id, index) => found.push({ path: `messageIds[${index}]`, id }));
  listOf(whole.members).forEach((member, index) => add(`members[${index}].id`, member, 'id'));
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
  if (event.type !== 'delivery' && !isRecord(event.chat)) problems.push(`.chat is ${show(event.chat)}`);
  if (event.type === 'message' || event.type === 'edit') problems.push(...messageProblems(event.message));
  return problems;
}

function messageProblems(message: unknown): string[] {
  if (!isRecord(message)) return [`.message is ${show(message)}`];
  const lists = ['entities', 'attachments', 'mentions'].filter((key) => !Array.isArray(message[key]));
  return [
    ...lists.map((key) => `.message.${key} is ${show(message[key])}, not a list`),
    ...(typeof message.text === 'string' ? [] : [`.message.text is ${show(message.text)}, not a text`]),
    ...(typeof message.fromMe === 'boolean' ? [] : [`.message.fromMe is ${show(message.fromMe)}`]),
  ];
}

/** An id or name is a text of its own, never one that a missing or wrongly typed field was glued into. */
function textProblems(value: unknown, path: string): string[] {
  if (typeof value !== 'string' || value.trim() === '') return [`${path} is ${show(value)}, not a text`];
  const glued = /(^|[:_\-. ])(undefined|NaN|\[object Object\])($|[:_\-. ])/.exec(value);
  return glued && !path.endsWith('reason')
    ? [`${path} is "${value}": made of a value that is not there`]
    : [];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
