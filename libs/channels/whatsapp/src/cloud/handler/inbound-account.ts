import type { AccountChanged, AccountConnection } from '@omni-hub/contracts';
import { toFailedDelivery } from '../client/failures';
import { asNumber, asObject, asObjects, asText, firstText, type Unchecked } from '../models/inbound.models';

/** What an account event says, without the frame that all share. */
type Said = Pick<AccountChanged, 'what' | 'detail'> &
  Partial<Pick<AccountChanged, 'connection' | 'restricted'>> & { event?: string | null };

type Reader = (value: Unchecked) => Said;

/** What of an account's webhook fields is told to the operator: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference. */
const readers: Readonly<Record<string, Reader>> = {
  account_update: readAccount,
  account_alerts: (value) => ({
    what: 'standing',
    event: asText(value.alert_type),
    detail: sentence('Meta warns', [value.alert_severity, value.alert_type, value.alert_description]),
  }),
  account_review_update: (value) => ({
    what: 'standing',
    event: asText(value.decision),
    detail: sentence("The account's review ended", [value.decision]),
  }),
  business_capability_update: (value) => ({
    what: 'quality',
    detail: sentence("The account's limits changed", [
      count(value.max_daily_conversation_per_phone, 'conversations a day for each number'),
      count(value.max_daily_conversations_per_business, 'conversations a day'),
      count(value.max_phone_numbers_per_business, 'numbers'),
    ]),
  }),
  business_username_update: (value) => ({
    what: 'standing',
    event: asText(value.status),
    detail: sentence("The business' username changed", [value.username, value.status]),
  }),
  phone_number_name_update: (value) => ({
    what: 'standing',
    event: asText(value.decision),
    detail: sentence("The number's display name was reviewed", [
      value.requested_verified_name,
      value.decision,
      value.rejection_reason,
    ]),
  }),
  phone_number_quality_update: (value) => ({
    what: 'quality',
    event: asText(value.event),
    detail: sentence("The number's quality or messaging limit changed", [
      value.event,
      value.old_limit && `was ${String(value.old_limit)}`,
      value.current_limit && `is ${String(value.current_limit)}`,
      count(value.max_daily_conversations_per_business, 'conversations a day'),
    ]),
  }),
  security: (value) => ({
    what: 'standing',
    event: asText(value.event),
    detail: sentence('The two-step verification of the number changed', [value.event]),
  }),
  message_template_status_update: (value) => ({
    what: 'template',
    event: asText(value.event),
    detail: sentence(`The template ${templateOf(value)} changed`, [
      value.event,
      value.reason === 'NONE' ? null : value.reason,
      asObject(value.other_info)?.description,
    ]),
  }),
  message_template_quality_update: (value) => ({
    what: 'template',
    detail: sentence(`The quality of the template ${templateOf(value)} changed`, [
      value.previous_quality_score && `was ${String(value.previous_quality_score)}`,
      value.new_quality_score && `is ${String(value.new_quality_score)}`,
    ]),
  }),
  message_template_components_update: (value) => ({
    what: 'template',
    detail: `The template ${templateOf(value)} was edited: compare what is sent with its new form`,
  }),
  template_category_update: (value) => ({
    what: 'template',
    detail: sentence(`The category of the template ${templateOf(value)} changed`, [
      value.previous_category && `was ${String(value.previous_category)}`,
      value.new_category && `is ${String(value.new_category)}`,
    ]),
  }),
};

/** The fields that speak of the account, not of a chat. */
export function isAccountField(field: string): boolean {
  return Object.hasOwn(readers, field);
}

export function readAccountChange(
  field: string,
  value: Unchecked,
  eventId: string,
  at: number,
): AccountChanged {
  const { what, event, detail, connection = null, restricted = null } = readers[field](value);
  const rawKind = event ? `${field}.${event}` : field;
  return { type: 'account', eventId, at, rawKind, what, detail, connection, restricted };
}

/** An error that belongs to no message: the account's own. */
export function readAccountError(error: Unchecked, eventId: string, at: number): AccountChanged {
  const { detail, restricted } = toFailedDelivery([error]);
  return {
    type: 'account',
    eventId,
    at,
    rawKind: 'messages.errors',
    what: 'standing',
    detail: `WhatsApp reports an error: ${detail}`,
    connection: null,
    restricted: restricted ? true : null,
  };
}

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_update */
function readAccount(value: Unchecked): Said {
  const event = asText(value.event);
  const said = (detail: string, changes: Partial<Said> = {}): Said => ({
    what: 'standing',
    event,
    detail,
    ...changes,
  });
  const connection = (state: AccountConnection, detail: string) =>
    said(detail, { what: 'connection', connection: state });
  switch (event) {
    case 'ACCOUNT_RESTRICTION':
      return said(restrictionOf(value), { restricted: stopsConversations(value) ? true : null });
    case 'ACCOUNT_VIOLATION': {
      const violation = asObject(value.violation_info)?.violation_type;
      return said(sentence('Meta sees a violation of its policy', [violation], quality));
    }
    case 'DISABLED_UPDATE':
      return readBan(value, said);
    case 'ACCOUNT_DELETED':
      return connection('unlinked', 'The WhatsApp Business Account was deleted: connect another');
    case 'ACCOUNT_OFFBOARDED':
      return connection(
        'unlinked',
        'The number left the Cloud API after a change of its phone or a new registration: onboard it again',
      );
    case 'PARTNER_REMOVED': {
      const reason = asObject(value.disconnection_info)?.reason;
      return connection(
        'unlinked',
        sentence(
          'The account is no longer shared with the app',
          [reason],
          'Share it again in Meta Business Suite',
        ),
      );
    }
    case 'ACCOUNT_RECONNECTED':
      return connection('open', 'The number is back at the Cloud API');
    default:
      return said(sentence('The account changed', [event, value.country]));
  }
}

function readBan(value: Unchecked, said: (detail: string, changes?: Partial<Said>) => Said): Said {
  const { waba_ban_state: state, waba_ban_date: date } = asObject(value.ban_info) ?? {};
  if (state === 'DISABLE') {
    return said(sentence('Meta disabled the account', [date], quality), {
      what: 'connection',
      connection: 'banned',
    });
  }
  if (state === 'REINSTATE') {
    return said(sentence('Meta opened the account again', [date]), {
      what: 'connection',
      connection: 'open',
      restricted: false,
    });
  }
  return said(sentence('Meta is about to disable the account', [state, date], quality));
}

const quality = 'Look at Account Quality in WhatsApp Manager and ask for a review there';

function restrictionOf(value: Unchecked): string {
  const restrictions = asObjects(value.restriction_info).map(({ restriction_type, expiration }) => {
    const until = asNumber(expiration);
    const valid = until !== null && Math.abs(until) < 8.64e12;
    return `${asText(restriction_type) ?? 'unknown'}${valid ? ` until ${new Date(until * 1000).toISOString()}` : ''}`;
  });
  return sentence('Meta restricts the account', restrictions, quality);
}

/** The account may not write first; an answer within 24 hours may be allowed still. */
function stopsConversations(value: Unchecked): boolean {
  return asObjects(value.restriction_info).some(({ restriction_type }) =>
    /_INITIATED_MESSAGING$/.test(asText(restriction_type) ?? ''),
  );
}

function templateOf(value: Unchecked): string {
  const name = firstText(value.message_template_name) ?? 'without a name';
  const language = asText(value.message_template_language);
  return language === null ? `"${name}"` : `"${name}" (${language})`;
}

function count(value: unknown, of: string): string | null {
  const number = asNumber(value);
  return number === null ? null : `${number} ${of}`;
}

function sentence(beginning: string, details: unknown[], advice: string | null = null): string {
  const told = details
    .map((detail) => asText(detail)?.replace(/\.$/, ''))
    .filter((detail) => detail !== undefined);
  const fact = told.length === 0 ? beginning : `${beginning}: ${told.join(', ')}`;
  return advice === null ? fact : `${fact}. ${advice}`;
}
