import type {
  AmbiguousError,
  ChatMovedError,
  ConfigError,
  RateLimitedError,
  RecipientGoneError,
  RejectedError,
  RestrictedError,
  UnauthorizedError,
  UnreachableError,
  UnsupportedError,
  WindowClosedError,
} from '@omni-hub/channel-sdk';
import type { AccountChanged, AccountConnection, DeliveryUpdated, InboundEvent } from '@omni-hub/contracts';
import { isRecord, show } from '../fixtures/compare';

type SendErrorCode = (
  | AmbiguousError
  | ChatMovedError
  | ConfigError
  | RateLimitedError
  | RecipientGoneError
  | RejectedError
  | RestrictedError
  | UnauthorizedError
  | UnreachableError
  | UnsupportedError
  | WindowClosedError
)['code'];

/** What is wrong with the fields that an event has for its type; empty when it is sound. Each begins with the path. */
export function shapeProblems(event: InboundEvent): string[] {
  switch (event.type) {
    case 'delivery':
      return deliveryProblems(event);
    case 'contact':
      return refProblems(event.contact, '.contact');
    case 'account':
      return accountProblems(event);
    case 'message':
    case 'edit':
      return [
        ...refProblems(event.chat, '.chat'),
        ...refProblems(event.sender, '.sender'),
        ...messageProblems(event.message),
      ];
    default:
      return refProblems(event.chat, '.chat');
  }
}

/** An id or name is a text of its own, never one that a missing or wrongly typed field was glued into. */
export function textProblems(value: unknown, path: string): string[] {
  if (typeof value !== 'string' || value.trim() === '') return [`${path} is ${show(value)}, not a text`];
  const glued = /(^|[:_\-. ])(undefined|NaN|\[object Object\])($|[:_\-. ])/.exec(value);
  return glued && !/reason$|detail$/.test(path)
    ? [`${path} is "${value}": made of a value that is not there`]
    : [];
}

function refProblems(ref: unknown, path: string): string[] {
  if (!isRecord(ref)) return [`${path} is ${show(ref)}`];
  const { id, aliases = [] } = ref;
  return [
    ...(id === null || id === undefined ? [`${path}.id is ${show(id)}, not a text`] : []),
    ...(Array.isArray(aliases) ? [] : [`${path}.aliases is ${show(aliases)}, not a list`]),
  ];
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

const statuses: Record<DeliveryUpdated['status'], true> = {
  accepted: true,
  sent: true,
  delivered: true,
  read: true,
  failed: true,
};

/** A reason belongs to a failure, and a failure has one. */
function deliveryProblems(event: DeliveryUpdated): string[] {
  const { messageId, status, errorCode, detail, deliveryId, restricted } = event;
  const failed = status === 'failed';
  return [
    ...textProblems(messageId, '.messageId'),
    ...(String(status) in statuses ? [] : [`.status is ${show(status)}, no status of a delivery`]),
    ...(failed ? codeProblems(errorCode) : nullProblems(errorCode, '.errorCode')),
    ...(failed ? textProblems(detail, '.detail') : nullProblems(detail, '.detail')),
    ...(deliveryId === null ? [] : textProblems(deliveryId, '.deliveryId')),
    ...(restricted === false || (failed && restricted === true)
      ? []
      : [`.restricted is ${show(restricted)} of "${status}": only a failure shows a restriction`]),
  ];
}

const errorCodes: Record<SendErrorCode, true> = {
  CONFIG: true,
  UNREACHABLE: true,
  AMBIGUOUS: true,
  RATE_LIMITED: true,
  UNAUTHORIZED: true,
  RECIPIENT_GONE: true,
  WINDOW_CLOSED: true,
  RESTRICTED: true,
  REJECTED: true,
  CHAT_MOVED: true,
  UNSUPPORTED: true,
};

function codeProblems(code: string | null): string[] {
  return typeof code === 'string' && code in errorCodes
    ? []
    : [`.errorCode is ${show(code)}, not a code of the closed list of errors`];
}

const connections: Record<AccountConnection, true> = {
  open: true,
  connecting: true,
  closed: true,
  unlinked: true,
  banned: true,
};

function accountProblems({ what, detail, connection, restricted }: AccountChanged): string[] {
  return [
    ...textProblems(what, '.what'),
    ...textProblems(detail, '.detail'),
    ...(connection === null || String(connection) in connections
      ? []
      : [`.connection is ${show(connection)}, no state of a connection`]),
    ...(restricted === null || typeof restricted === 'boolean'
      ? []
      : [`.restricted is ${show(restricted)}, not true, false or null`]),
  ];
}

function nullProblems(value: unknown, path: string): string[] {
  return value === null ? [] : [`${path} is ${show(value)}, and the delivery did not fail`];
}
