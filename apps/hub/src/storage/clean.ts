import type { NewEvent } from './store';

/** PostgreSQL stores no NUL in a text. */
export const withoutNul = <Text extends string | null>(text: Text): Text | string =>
  text?.includes('\0') ? text.replaceAll('\0', '') : text;

/**
 * Takes NUL characters out of what people name things, so that no name keeps a message out of the log. Ids are left alone:
 * one with a NUL is a DataError on PostgreSQL. JSON needs nothing, it holds them escaped.
 */
export function clean(event: NewEvent): NewEvent {
  if (event.chat) event.chat.title = withoutNul(event.chat.title);
  if (event.contact) {
    event.contact.name = withoutNul(event.contact.name);
    event.contact.username = withoutNul(event.contact.username);
    event.contact.phone = withoutNul(event.contact.phone);
    event.contact.locale = withoutNul(event.contact.locale);
  }
  return event;
}
