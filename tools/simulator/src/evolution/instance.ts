import type { Entry, SimulatedChat } from './chat';
import { Contact } from './contact';
import { phoneJid } from './jids';
import { newQrCode, type QrCode } from './qr-code';
import { type InChat, chatOf } from './in-chat';
import { type Acknowledgements } from './acknowledgements';
import type { Fields } from './values';
import type { World } from './world';

export type ConnectionState = 'open' | 'connecting' | 'close';

export interface WebhookSettings {
  id: string;
  enabled: boolean;
  url: string;
  headers: Record<string, string>;
  events: readonly string[];
  byEvents: boolean;
  base64: boolean;
}

/** What WhatsApp does to an account that it restricts. */
export interface Restriction {
  /** Whether chats in which somebody wrote go on. */
  warmStillWorks: boolean;
  /** How `messages.update` tells it: `ERROR` with the stub `463`, the same with the number 0, or `ERROR` alone. */
  tells: 'stub' | 'number' | 'bare';
}

export interface InstanceOptions {
  name?: string;
  /** Digits with the country code; the phone that scans the QR code. */
  number?: string;
  /** Digits of the account's own LID. */
  lid?: string;
  token?: string;
  /** `open` unless told; `close` has never been linked. */
  state?: ConnectionState;
}

/** After these the server does not connect again by itself. */
const finalReasons: readonly number[] = [401, 402, 403, 406];
const connectionClosedReason = 428;
const loggedOutReason = 401;

/** One account that is linked, or waits to be. */
export class SimulatedInstance {
  readonly self: Contact;
  readonly messages = new Map<string, { chat: SimulatedChat; entry: Entry }>();
  readonly chats: SimulatedChat[] = [];
  readonly directChats = new Map<Contact, SimulatedChat>();
  /** Addresses that were told by a `contacts.upsert`. */
  readonly knownContacts = new Set<string>();
  state: ConnectionState = 'close';
  webhook: WebhookSettings | null = null;
  settings: Fields = {};
  restriction: Restriction | null = null;
  acknowledgements: Acknowledgements | null = null;
  qr: QrCode | null = null;
  presence = 'unavailable';
  /** Has a session, so that it opens without a QR code. */
  linked = false;
  private pairingNumber: string | null = null;
  private qrTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly world: World,
    readonly id: string,
    readonly name: string,
    readonly token: string,
    number: string,
    lid: string | null,
    readonly integration = 'WHATSAPP-BAILEYS',
  ) {
    this.self = new Contact(number, lid, name, 'pn');
  }

  /** Its address, as it is told in `sender`. */
  get jid(): string {
    return phoneJid(this.number);
  }

  get number(): string {
    return this.self.phone ?? '';
  }

  /** Takes a state without telling anybody: how a test finds it. */
  begins(state: ConnectionState): void {
    this.state = state;
    this.linked = state === 'open';
    if (state === 'connecting') this.showsQr(null);
  }

  /** What `instance/connect` does. */
  connects(pairingNumber: string | null): void {
    if (this.state === 'open') return;
    if (this.linked) return this.reconnects();
    if (this.qr && pairingNumber === this.pairingNumber) return;
    this.state = 'connecting';
    this.tellsState('connecting');
    this.showsQr(pairingNumber);
  }

  /** Somebody scans the QR code, or types the pairing code in, with the phone of this number. Throws when none is shown. */
  scansQr(number: string = this.number): void {
    if (!this.qr) throw new Error(`There is no QR code of ${this.name} to scan: it is ${this.state}.`);
    this.self.phone = number;
    this.reconnects();
  }

  /** Connects with the session that it has. */
  reconnects(): void {
    this.tellsState('connecting');
    this.opens();
  }

  opens(): void {
    this.hidesQr();
    this.state = 'open';
    this.linked = true;
    this.tellsState('open');
  }

  /** The connection breaks and stays so until `opens`, or until it is asked to connect. 401, 402, 403 and 406 end the session. */
  closes(statusReason = connectionClosedReason): void {
    this.hidesQr();
    this.state = 'close';
    if (finalReasons.includes(statusReason)) {
      this.linked = false;
      this.world.events.emit(this, 'status.instance', {
        instance: this.name,
        status: 'closed',
        disconnectionAt: new Date().toISOString(),
        disconnectionReasonCode: statusReason,
        disconnectionObject: JSON.stringify({ error: { output: { statusCode: statusReason } } }),
      });
    }
    this.tellsState('close', statusReason);
  }

  /** Closes and opens, so many times in a row. */
  flaps(times: number): void {
    for (let time = 0; time < times; time++) {
      this.closes();
      this.reconnects();
    }
  }

  /** The device is removed on the phone. */
  loggedOut(): void {
    this.closes(loggedOutReason);
    this.world.events.emit(this, 'logout.instance', null);
  }

  /** Stops for good: no timer of it is left. */
  ends(): void {
    this.hidesQr();
  }

  /** The account's holder writes on the phone. It is told as a message of `fromMe`. */
  typesOnPhone(to: InChat, text: string): Entry {
    return this.world.received(chatOf(to), 'phone', { message: { conversation: text } });
  }

  /** The chat's holder sends any content from the phone. */
  sendsFromPhone(to: InChat, message: Fields): Entry {
    return this.world.received(chatOf(to), 'phone', { message });
  }

  private showsQr(pairingNumber: string | null): void {
    this.hidesQr();
    this.pairingNumber = pairingNumber;
    this.nextQr(1);
  }

  private nextQr(count: number): void {
    const { everyMs, limit } = this.world.qrTiming;
    if (count > limit) return this.givesUpQr();
    this.qr = newQrCode(this.world.random, count, this.pairingNumber !== null);
    const { pairingCode, code, base64 } = this.qr;
    this.world.events.emit(this, 'qrcode.updated', {
      qrcode: { instance: this.name, pairingCode, code, base64 },
    });
    this.qrTimer = setTimeout(() => this.nextQr(count + 1), everyMs);
    this.qrTimer.unref();
  }

  private givesUpQr(): void {
    this.hidesQr();
    this.state = 'close';
    this.world.events.emit(this, 'qrcode.updated', {
      message: 'QR code limit reached, please login again',
      statusCode: 500,
    });
    this.tellsState('refused', connectionClosedReason);
  }

  private hidesQr(): void {
    if (this.qrTimer) clearTimeout(this.qrTimer);
    this.qrTimer = null;
    this.qr = null;
  }

  private tellsState(state: ConnectionState | 'refused', statusReason = 200): void {
    const profile = { wuid: this.jid, profileName: this.name, profilePictureUrl: null };
    this.world.events.emit(this, 'connection.update', {
      instance: this.name,
      ...(state === 'open' || state === 'refused' ? profile : {}),
      state,
      statusReason,
    });
    this.world.tell({ kind: 'connection', instance: this, state });
  }
}
