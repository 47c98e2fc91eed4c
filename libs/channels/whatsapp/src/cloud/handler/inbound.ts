import { PayloadError, type Account, type Ignored, type Received } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';
import { createHash } from 'node:crypto';
import {
  asList,
  asObject,
  asObjects,
  asText,
  asTime,
  type Reading,
  type Surroundings,
  type Unchecked,
} from '../models/inbound.models';
import { isAccountField, readAccountChange, readAccountError } from './inbound-account';
import { readGroup } from './inbound-groups';
import { ignoredFields, otherNumber, unknownField } from './inbound-ignored';
import { readEcho, readMessage } from './inbound-message';
import { indexContacts } from './inbound-people';
import { readStatus, statusId } from './inbound-status';
import { readUserIdUpdate } from './inbound-system';

/** Whose webhook it is. */
export interface Recipient {
  phoneNumberId: string;
  /** Null before the first probe: then only the id tells numbers apart. */
  account: Account | null;
}

/** A list of a webhook field, what reads one element of it, and by what an element is known again. */
interface ElementList {
  name: string;
  read(element: Unchecked, id: string, surroundings: Surroundings): Reading;
  /** Null for an element that lacks it. Absent where Meta gives none. */
  id?(element: Unchecked): string | null;
}

const wamid = ({ id }: Unchecked) => asText(id);

const groups = (field: string): ElementList[] => [
  { name: 'groups', read: (group, id, surroundings) => readGroup(field, group, id, surroundings) },
];

const lists: Readonly<Record<string, readonly ElementList[]>> = {
  messages: [
    { name: 'messages', read: readMessage, id: wamid },
    { name: 'statuses', read: readStatus, id: statusId },
  ],
  smb_message_echoes: [{ name: 'message_echoes', read: readEcho, id: wamid }],
  user_id_update: [{ name: 'user_id_update', read: readUserIdUpdate }],
  group_lifecycle_update: groups('group_lifecycle_update'),
  group_participants_update: groups('group_participants_update'),
  group_settings_update: groups('group_settings_update'),
  group_status_update: groups('group_status_update'),
};

/**
 * Reads a webhook, of up to a thousand updates: pure, and the same bytes give the same answer. Each element is judged by itself:
 * what is broken or not of use is ignored with the reason and costs nothing else. Throws PayloadError where it is no webhook of a
 * WhatsApp account, nothing else. https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
 */
export function readWebhook(body: unknown, recipient: Recipient): Received {
  const webhook = asObject(body);
  if (!webhook || !Array.isArray(webhook.entry)) {
    throw new PayloadError(
      'Not a webhook of the WhatsApp Business Platform: expected a JSON object with a list "entry"',
    );
  }
  const collected = new Collected();
  for (const entry of webhook.entry)
    readEntry(asText(webhook.object) ?? 'unknown', entry, recipient, collected);
  return { events: collected.events, ignored: collected.ignored };
}

/** What came of a webhook. Two people who are told to be one are told so once, however many statuses say it. */
class Collected {
  readonly events: InboundEvent[] = [];
  readonly ignored: Ignored[] = [];
  private readonly contacts = new Set<string>();

  get count(): number {
    return this.events.length + this.ignored.length;
  }

  add(reading: Reading, eventId: string, rawKind: string): void {
    if (typeof reading === 'string') {
      this.ignored.push({ eventId, rawKind, reason: reading });
      return;
    }
    for (const event of reading) {
      if (event.type === 'contact' && this.contacts.has(event.eventId)) continue;
      if (event.type === 'contact') this.contacts.add(event.eventId);
      this.events.push(event);
    }
  }
}

function readEntry(object: string, value: unknown, recipient: Recipient, collected: Collected): void {
  const entry = asObject(value);
  const changes = entry?.changes;
  if (object !== 'whatsapp_business_account') {
    const reason = `This is about a "${object}" and not about a WhatsApp account: take its webhook of the Meta app to another address`;
    return collected.add(reason, hashId('entry', value), object);
  }
  if (!entry || !Array.isArray(changes)) {
    return collected.add(
      'The entry has no list of changes. Meta always sends one',
      hashId('entry', value),
      'entry',
    );
  }
  for (const change of changes) readChange(entry, change, recipient, collected);
}

function readChange(entry: Unchecked, change: unknown, recipient: Recipient, collected: Collected): void {
  const value = asObject(asObject(change)?.value);
  const field = asText(asObject(change)?.field);
  if (field !== null && value && Object.hasOwn(lists, field)) {
    return readLists(field, entry, value, recipient, collected);
  }
  const id = hashId(field ?? 'change', [entry.id, entry.time, change]);
  collected.add(readWhole(field, value, id, asTime(entry.time), recipient), id, field ?? 'change');
}

/** A change that is one piece, not a list of elements. */
function readWhole(
  field: string | null,
  value: Unchecked | null,
  id: string,
  at: number,
  recipient: Recipient,
): Reading {
  if (field === null || !value) return 'The change names no field or has no value. Meta always sends both';
  if (Object.hasOwn(ignoredFields, field)) return ignoredFields[field];
  if (!isAccountField(field)) return unknownField(field);
  if (isOfAnotherNumber(value, recipient)) {
    return `This is for the number ${String(value.display_phone_number)}, which is not this instance's: make an instance for it where it is to be answered`;
  }
  return [readAccountChange(field, value, id, at)];
}

/** The elements of a change, and the errors that belong to none of them. */
function readLists(
  field: string,
  entry: Unchecked,
  value: Unchecked,
  { phoneNumberId }: Recipient,
  collected: Collected,
): void {
  const addressed = asText(asObject(value.metadata)?.phone_number_id);
  const surroundings = surroundingsOf(value, phoneNumberId);
  const before = collected.count;
  for (const list of lists[field]) {
    for (const item of asList(value[list.name])) {
      const element = asObject(item);
      const known = element && (list.id?.(element) ?? null);
      const eventId = known ?? hashId(list.name, [entry.id, entry.time, addressed, item]);
      const refusal = refusalOf(list, element, known) ?? addressProblem(field, addressed, phoneNumberId);
      const reading = refusal ?? list.read(element as Unchecked, eventId, surroundings);
      collected.add(reading, eventId, rawKindOf(field, list, element));
    }
  }
  for (const error of addressed === phoneNumberId ? surroundings.errors : []) {
    const eventId = hashId('errors', [entry.id, entry.time, error, value.messages]);
    collected.add([readAccountError(error, eventId, asTime(entry.time))], eventId, 'messages.errors');
  }
  if (collected.count === before) {
    const reason = 'The change holds nothing that can be read. Meta always sends a list of elements';
    collected.add(reason, hashId(field, [entry.id, entry.time, value]), field);
  }
}

function surroundingsOf(value: Unchecked, phoneNumberId: string): Surroundings {
  const number = asText(asObject(value.metadata)?.display_phone_number)?.replace(/\D/g, '');
  return {
    own: number ? [phoneNumberId, number] : [phoneNumberId],
    contacts: indexContacts(asObjects(value.contacts)),
    errors: asObjects(value.errors),
  };
}

function refusalOf(
  { name, id }: ElementList,
  element: Unchecked | null,
  known: string | null,
): string | null {
  if (!element) return `An element of "${name}" is no object, as Meta documents it`;
  if (id === undefined || known !== null) return null;
  return `An element of "${name}" has no id, so it cannot be told from others. Meta always sends one`;
}

/** A person's new id concerns the whole account and may name no number. */
function addressProblem(field: string, addressed: string | null, phoneNumberId: string): string | null {
  if (addressed === phoneNumberId || (addressed === null && field === 'user_id_update')) return null;
  if (addressed !== null) return otherNumber(addressed);
  return 'The element does not say which number it is for. Meta always sends metadata.phone_number_id';
}

/** `messages.text`, `statuses.read`: what it is called where it is ignored. */
function rawKindOf(field: string, { name }: ElementList, element: Unchecked | null): string {
  const kind = asText(name === 'statuses' ? element?.status : element?.type);
  const list = field === 'messages' ? name : field;
  return kind === null ? list : `${list}.${kind}`;
}

/** Events of the account name their number as it is shown. */
function isOfAnotherNumber({ display_phone_number }: Unchecked, { account }: Recipient): boolean {
  const number = asText(display_phone_number)?.replace(/\D/g, '');
  const own = account?.aliases ?? [];
  return number !== undefined && number !== '' && own.length > 0 && !own.includes(number);
}

/** For what Meta gives no id: the same for the same words. */
function hashId(name: string, value: unknown): string {
  return `${name}:${createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex')
    .slice(0, 32)}`;
}
