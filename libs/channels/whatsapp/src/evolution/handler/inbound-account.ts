import type { AccountChanged, AccountConnection } from '@omni-hub/contracts';
import {
  asLong,
  asObject,
  asText,
  happened,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';

/** What each reason of a closed connection means: https://github.com/WhiskeySockets/Baileys/blob/master/src/Types/index.ts, `DisconnectReason`. */
const closings: Readonly<Record<number, readonly [AccountConnection, string]>> = {
  401: ['unlinked', 'the phone removed this device, or WhatsApp did. Link the number again by its QR code'],
  402: ['banned', 'WhatsApp has closed the account. Open WhatsApp on the phone and ask for a review'],
  403: ['banned', 'WhatsApp has banned the account. Open WhatsApp on the phone and ask for a review'],
  406: ['banned', 'WhatsApp has banned the account. Open WhatsApp on the phone and ask for a review'],
  408: [
    'closed',
    'the connection was lost. Evolution connects anew by itself; restart the instance if it does not',
  ],
  411: ['closed', "the phone's WhatsApp is too old for linked devices. Update it, then restart the instance"],
  428: [
    'closed',
    'the connection was closed. Evolution connects anew by itself; restart the instance if it does not',
  ],
  440: ['closed', 'another program took over this link. Stop the other one, then restart the instance'],
  500: [
    'closed',
    'the session is damaged. Restart the instance; if that does not help, log it out and link it again',
  ],
  503: ['closed', 'WhatsApp is not available. Evolution connects anew by itself'],
  515: [
    'closed',
    'WhatsApp asks for a new connection, as it does after linking. Evolution makes it by itself',
  ],
};

/** `connection.update`. https://doc.evolution-api.com/v2/en/configuration/webhooks */
export function readConnection(data: Unchecked, context: Context): Reading {
  const state = asText(data.state);
  const reason = asLong(data.statusReason);
  switch (state) {
    case 'open':
      return connection('open', opened(data), context);
    case 'connecting':
      return connection(
        'connecting',
        'Evolution connects the number to WhatsApp; nothing is to be done',
        context,
      );
    case 'refused':
      return connection(
        'unlinked',
        'The QR code was not scanned in time: ask for a new one and scan it on the phone, under Linked devices',
        context,
      );
    case 'close':
      return closed(reason, context);
    default:
      return account(
        {
          what: 'connection',
          detail: `Evolution tells a state that is not known (${state?.slice(0, 40) ?? 'none'})`,
          connection: null,
        },
        context,
      );
  }
}

/** `status.instance`: Evolution gave the session up. */
export function readStatus(data: Unchecked, context: Context): Reading {
  return closed(asLong(data.disconnectionReasonCode), context);
}

/** `qrcode.updated`: the code itself links whoever scans it, so it is fetched where it is shown and never kept. */
export function readQrCode(data: Unchecked, context: Context): Reading {
  const limit = asObject(data.qrcode) === null;
  return account(
    {
      what: 'link',
      detail: limit
        ? 'No more QR codes are made for now, because none was scanned: ask for the QR code again'
        : 'The number waits to be linked: scan the QR code on the phone, under Linked devices',
      connection: 'unlinked',
    },
    context,
  );
}

/** `logout.instance`. */
export function readLogout(context: Context): Reading {
  return connection(
    'unlinked',
    'The number was logged out at Evolution: link it again by its QR code',
    context,
  );
}

/** `remove.instance`. */
export function readRemoval(context: Context): Reading {
  return connection(
    'unlinked',
    'The instance was deleted at the Evolution server: connect this instance to make it anew, then link the number',
    context,
  );
}

function opened(data: Unchecked): string {
  const name = asText(data.profileName);
  return name ? `The number is connected as "${name.slice(0, 80)}"` : 'The number is connected';
}

function closed(reason: number | null, context: Context): Reading {
  const known = reason !== null && Object.hasOwn(closings, reason) ? closings[reason] : null;
  const [state, meaning] = known ?? [
    'closed' as const,
    'no known reason was given. Evolution connects anew by itself; restart the instance if it does not',
  ];
  return connection(state, `The number is not connected (${reason ?? 'no code'}): ${meaning}`, context);
}

function connection(state: AccountConnection, detail: string, context: Context): Reading {
  return account({ what: 'connection', detail, connection: state }, context);
}

function account(
  change: Pick<AccountChanged, 'what' | 'detail' | 'connection'>,
  { rawKind, occurrence }: Context,
): Reading {
  return happened({ type: 'account', eventId: occurrence, at: 0, rawKind, ...change, restricted: null });
}
