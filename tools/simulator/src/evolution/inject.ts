import { Contact } from './contact';
import type { SimulatedInstance } from './instance';
import { isGroupJid, isLidJid, localPart, withoutDevice } from './jids';
import type { MessageKey } from './message-key';
import { readableText } from './prepared';
import type { Fields } from './values';
import type { World } from './world';

/** A recorded body of a webhook. */
export interface RecordedBody {
  event: string;
  instance?: string;
  data?: unknown;
  [more: string]: unknown;
}

interface RecordedMessage {
  key: MessageKey;
  pushName?: string;
  message?: Fields;
  messageTimestamp?: number;
}

/** Posts a recorded body as it is; the sender of a message exists from then on, so that they can be answered. */
export function injectBody(world: World, instance: SimulatedInstance, body: RecordedBody): void {
  const message = body.event === 'messages.upsert' ? asMessage(body.data) : null;
  if (message && world.keeps) learn(world, instance, message);
  world.events.post(instance, body, message?.key.remoteJid);
}

function asMessage(data: unknown): RecordedMessage | null {
  const { key } = (data ?? {}) as Partial<RecordedMessage>;
  return typeof key?.remoteJid === 'string' && typeof key.id === 'string' ? (data as RecordedMessage) : null;
}

function learn(world: World, instance: SimulatedInstance, recorded: RecordedMessage): void {
  const { key, message = {}, pushName, messageTimestamp } = recorded;
  const jid = withoutDevice(key.remoteJid);
  const chat = isGroupJid(jid)
    ? world.directory.sharedChat(instance, jid)
    : (world.directory.findChat(instance, jid) ??
      world.directory.directChat(
        instance,
        world.directory.addContact(contactOf(key, pushName ?? `Person ${localPart(jid)}`)),
      ));
  if (instance.messages.has(key.id)) return;
  const entry = chat.add({
    id: key.id,
    key,
    text: readableText(message),
    message,
    author: key.fromMe ? `${instance.name} (phone)` : (pushName ?? chat.title),
    pushName: pushName ?? '',
    byApi: false,
    at: messageTimestamp ?? Math.floor(Date.now() / 1000),
    source: 'unknown',
    contextInfo: null,
    quotes: null,
    status: 'DELIVERY_ACK',
    seen: false,
    versions: [],
    deleted: false,
    reactions: new Map(),
    votes: new Map(),
    media: null,
  });
  world.tell({ kind: 'message', chat, entry });
}

function contactOf(key: MessageKey, name: string): Contact {
  const named = [key.remoteJid, key.remoteJidAlt, key.senderPn, key.senderLid].filter(
    (jid) => jid !== undefined,
  );
  const lid = named.find(isLidJid);
  const phone = named.find((jid) => !isLidJid(jid));
  const digits = (jid?: string) => (jid === undefined ? null : localPart(jid));
  return new Contact(digits(phone), digits(lid), name, isLidJid(key.remoteJid) ? 'lid' : 'pn');
}
