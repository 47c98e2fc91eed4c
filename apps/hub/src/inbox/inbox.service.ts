import { Injectable } from '@nestjs/common';
import type { Ignored, Received } from '@omni-hub/channel-sdk';
import type { ChatRef, ContactRef, InboundEvent } from '@omni-hub/contracts';
import { newId } from '../flow/ids';
import { Intake } from '../flow/intake';
import { Activity } from '../flow/activity';
import { Metrics } from '../flow/metrics';
import { Wakeups } from '../flow/wakeups';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { NewChat, NewContact, NewEvent } from '../storage/store';
import { KnownContacts } from './known-contacts';

/** Items of an album come one by one, and nothing marks the last: the chat must be quiet this long. */
const albumSettleMs = 1_000;

/** Commits what a platform sent, each event once, before anyone says that it was received. */
@Injectable()
export class InboxService implements Intake {
  private readonly known = new KnownContacts();

  constructor(
    private readonly store: Store,
    private readonly wakeups: Wakeups,
    private readonly metrics: Metrics,
    private readonly activity: Activity,
  ) {}

  async accept(instance: LiveInstance, received: Received, raw: Buffer): Promise<void> {
    const events = [
      ...received.events.map((event) => this.toNewEvent(instance, event)),
      ...(received.ignored ?? []).map((ignored) => toIgnoredEvent(instance, ignored)),
    ];
    if (events.length === 0) return;
    events[0].raw = raw;
    for (const event of events) event.rawId = events[0].id;

    const stored = await Promise.all(events.map((event) => this.store.hot.ingest(event)));

    this.activity.inbound(instance.id);
    stored.forEach(({ duplicate }, index) => {
      const event = events[index];
      this.metrics.received(instance.channel.id, event.type, duplicate);
      if (event.contact) this.known.remember(instance.id, event.contact);
    });
    await this.recordStatuses(instance, received.events);
    this.wakeups.wake('turns');
  }

  async reject(instance: LiveInstance, detail: string, raw: Buffer): Promise<void> {
    const id = newId();
    this.metrics.received(instance.channel.id, 'rejected', false);
    await this.store.deadLetters.add({
      id,
      kind: 'webhook',
      instanceId: instance.id,
      chatId: null,
      refId: id,
      code: 'PAYLOAD',
      detail,
      raw,
      createdAt: Date.now(),
    });
  }

  private toNewEvent(instance: LiveInstance, event: InboundEvent): NewEvent {
    const chat = 'chat' in event ? toNewChat(event.chat) : null;
    const sender = 'sender' in event ? event.sender : null;
    const contact = sender ? toNewContact(sender) : null;
    return {
      id: newId(),
      instanceId: instance.id,
      eventId: event.eventId,
      type: event.type,
      at: event.at,
      receivedAt: Date.now(),
      chat,
      contact: contact && !this.known.has(instance.id, contact) ? contact : null,
      senderId: sender?.id ?? null,
      event: JSON.stringify(event),
      raw: null,
      rawId: '',
      settleMs: settleMs(instance, event),
    };
  }

  private async recordStatuses(instance: LiveInstance, events: InboundEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'delivery') {
        await this.store.deliveryStatus.record(instance.id, event.messageId, event.status, event.errorCode);
      }
    }
  }
}

function settleMs(instance: LiveInstance, event: InboundEvent): number {
  const inAlbum = event.type === 'message' && event.message.albumId !== null;
  return Math.max(instance.settings.settleMs, inAlbum ? albumSettleMs : 0);
}

function toIgnoredEvent(instance: LiveInstance, ignored: Ignored): NewEvent {
  const now = Date.now();
  return {
    id: newId(),
    instanceId: instance.id,
    eventId: ignored.eventId,
    type: 'ignored',
    at: now,
    receivedAt: now,
    chat: null,
    contact: null,
    senderId: null,
    event: JSON.stringify(ignored),
    raw: null,
    rawId: '',
    settleMs: 0,
  };
}

function toNewChat(chat: ChatRef): NewChat {
  return { id: newId(), externalId: chat.id, kind: chat.kind, title: chat.title };
}

function toNewContact(sender: ContactRef): NewContact {
  const { name, username, phone, locale } = sender;
  return { id: newId(), externalId: sender.id, name, username, phone, locale };
}
