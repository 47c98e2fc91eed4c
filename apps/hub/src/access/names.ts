import type { Channel } from '@omni-hub/channel-sdk';

/** All that is known to name one contact or chat. */
export interface Known {
  id: string;
  aliases: readonly string[];
  phone: string | null;
}

/** A phone number, or the beginning of one, as people write it: `+` and its digits. Null for what is none. Pure. */
export function readPhone(text: string): string | null {
  if (!/^[+(\d]/.test(text)) return null;
  const [, digits] = /^\+?(\d{1,15})$/.exec(text.replace(/[\s().-]/g, '')) ?? [];
  return digits === undefined ? null : `+${digits}`;
}

/**
 * Everything that a rule may call somebody by: their ids, and their phone numbers as `+` and digits, both as they were told and in
 * the form under which the channel files them. Pure.
 */
export function namesOf({ id, aliases, phone }: Known, channel: Channel): string[] {
  const ids = [id, ...aliases];
  const told = phone === null ? null : readPhone(phone);
  const phones = [told, told && filedPhone(told, channel), ...ids.map((one) => phoneOfId(one, channel))];
  return unique([...ids, ...phones]);
}

/** Everything that the pattern of one contact or chat stands for on a channel. Pure. */
export function namesMeant(text: string, channel: Channel): string[] {
  const phone = readPhone(text);
  const id = channel.recipient?.(text)?.id ?? null;
  return unique([phone ?? text, phone && filedPhone(phone, channel), id]);
}

function filedPhone(phone: string, channel: Channel): string | null {
  const id = channel.recipient?.(phone)?.id ?? null;
  return id && phoneOfId(id, channel);
}

/** The number of an id that is one on this channel: what the channel makes of that number is the id again. */
function phoneOfId(id: string, channel: Channel): string | null {
  const prefix = `${channel.id}:`;
  const phone = id.startsWith(prefix) ? readPhone(id.slice(prefix.length)) : null;
  return phone !== null && channel.recipient?.(phone)?.id === id ? phone : null;
}

function unique(names: (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))];
}
