import type { InboundFaults } from '../inbound-faults';
import type { Entry, SimulatedChat } from './chat';
import type { Dialect } from './dialect';
import type { SimulatedInstance } from './instance';
import { toldKey } from './message-key';
import { prepared } from './prepared';
import { countIn } from './records';
import { type Fields, onTheWire } from './values';
import type { WebhookSender } from './webhook-sender';

export interface EventsOptions {
  /** Otherwise no contact is remembered, and each is told as a new one. */
  keeps: boolean;
  exposesKey: boolean;
  utcOffsetMinutes: number;
}

/** What instances tell their webhooks. */
export class Events {
  /** The address that the server gives itself. */
  serverUrl = '';
  private lastAt = 0;

  constructor(
    private readonly dialect: Dialect,
    private readonly sender: WebhookSender,
    private readonly inbound: InboundFaults,
    private readonly counts: Record<string, number>,
    private readonly options: EventsOptions,
  ) {}

  /** Tells an event, if the webhook is subscribed to it. Events of one lane leave in order. */
  emit(instance: SimulatedInstance, event: string, data: unknown, lane = ''): void {
    const { webhook } = instance;
    const name = event.replace(/[.-]/g, '_').toUpperCase();
    if (!webhook?.enabled || !webhook.events.includes(name)) return;
    this.post(instance, this.body(instance, event, onTheWire(data, this.dialect)), lane);
  }

  /** Posts a body as it is, now or as the disturbance says. */
  post(instance: SimulatedInstance, body: Fields, lane = ''): void {
    const { webhook } = instance;
    if (!webhook) return;
    const event = String(body.event ?? '');
    countIn(this.counts, event);
    const url = webhook.byEvents
      ? `${webhook.url}/${event.replace(/[._]/g, '-').toLowerCase()}`
      : webhook.url;
    const posted = {
      url,
      headers: webhook.headers,
      body: JSON.stringify(body),
      lane: `${instance.name} ${lane} ${event}`,
    };
    this.inbound.pass(() => this.sender.send(posted));
  }

  message(chat: SimulatedChat, entry: Entry, more: Fields = {}): void {
    const { instance } = chat;
    const key = toldKey(this.dialect, entry.key);
    const data = { ...prepared({ ...entry, key }, this.dialect, instance.id), ...more };
    const base64 = instance.webhook?.base64 && entry.media?.plain.toString('base64');
    if (base64) data.message = { ...(data.message as Fields), base64 };
    this.emit(instance, 'messages.upsert', data, chat.jid);
    if (!entry.key.fromMe) this.contact(instance, entry);
  }

  /** A message that was sent through the API. */
  sent(chat: SimulatedChat, entry: Entry): void {
    this.emit(chat.instance, 'send.message', prepared(entry, this.dialect, chat.instance.id), chat.jid);
  }

  /** What became of a message. */
  update(chat: SimulatedChat, { id, key }: Entry, fields: Fields): void {
    const { remoteJid, fromMe, participant } = key;
    const data = {
      keyId: id,
      remoteJid: fromMe ? chat.jid : remoteJid,
      fromMe,
      ...(participant && { participant }),
      ...fields,
      instanceId: chat.instance.id,
      messageId: `cm${id.slice(-22).toLowerCase()}`,
    };
    this.emit(chat.instance, 'messages.update', data, chat.jid);
  }

  private contact(instance: SimulatedInstance, { key, pushName }: Entry): void {
    const { remoteJid } = key;
    const event = instance.knownContacts.has(remoteJid) ? 'contacts.update' : 'contacts.upsert';
    if (this.options.keeps) instance.knownContacts.add(remoteJid);
    this.emit(
      instance,
      event,
      { remoteJid, pushName, profilePicUrl: null, instanceId: instance.id },
      remoteJid,
    );
  }

  /**
   * `date_time` is the server's local time with a Z that is not true. However quick a test is, no two events are of the same
   * millisecond: what is told twice is not told at the same time.
   */
  private body(instance: SimulatedInstance, event: string, data: unknown): Fields {
    this.lastAt = Math.max(Date.now(), this.lastAt + 1);
    const localTime = this.lastAt + this.options.utcOffsetMinutes * 60_000;
    return {
      event,
      instance: instance.name,
      data,
      destination: instance.webhook?.url,
      date_time: new Date(localTime).toISOString(),
      sender: instance.jid,
      server_url: this.serverUrl,
      apikey: this.options.exposesKey ? instance.token : null,
    };
  }
}
