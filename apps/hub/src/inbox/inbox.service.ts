import { Injectable } from '@nestjs/common';
import type { Ignored, Received } from '@omni-hub/channel-sdk';
import type { AccountChanged, ChatRef, ContactRef, DeliveryUpdated, InboundEvent } from '@omni-hub/contracts';
import { newId } from '../flow/ids';
import { Intake } from '../flow/intake';
import { Activity } from '../flow/activity';
import { mediaJobs } from '../flow/media-jobs';
import { Metrics } from '../flow/metrics';
import { Wakeups } from '../flow/wakeups';
import { ConnectionsService } from '../instances/connections.service';
import { InstanceStates } from '../instances/instance-states';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { StatusUpdate } from '../storage/repositories/delivery-status.repository';
import type { IngestResult, NewChat, NewContact, NewEvent } from '../storage/store';
import { Aliases } from './aliases';
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
    private readonly aliases: Aliases,
    private readonly instances: Instances,
    private readonly states: InstanceStates,
    private readonly connections: ConnectionsService,
  ) {}

  async accept(instance: LiveInstance, received: Received, raw: Buffer): Promise<void> {
    const told = await this.aliases.apply(instance, received.events);
    const events = [
      ...told.map((event) => this.toNewEvent(instance, event)),
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
    await this.keepFiles(instance, told, stored);
    await this.recordStatuses(instance, told);
    for (const [index, event] of told.entries()) {
      if (event.type === 'account' && !stored[index].duplicate) await this.applyState(instance, event);
    }
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
    const sender = 'sender' in event ? event.sender : event.type === 'contact' ? event.contact : null;
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
      heardAt: heardAt(event),
      settleMs: settleMs(instance, event),
    };
  }

  /** Also for repeated events, as below: each file has one job, however often it is told of. */
  private async keepFiles(
    instance: LiveInstance,
    told: InboundEvent[],
    stored: IngestResult[],
  ): Promise<void> {
    const files = told.flatMap((event, index) => mediaJobs(instance, stored[index].id, event));
    if (files.length === 0) return;
    await this.store.media.add(files);
    this.wakeups.wake('media');
  }

  /** Also for repeated events: the hub may have ended between their commit and this. */
  private async recordStatuses(instance: LiveInstance, events: InboundEvent[]): Promise<void> {
    const updates = events.filter((event) => event.type === 'delivery');
    if (updates.length === 0) return;
    const cleared = await this.store.deliveryStatus.record(instance.id, updates.map(toStatusUpdate));
    if (cleared) this.wakeups.wake('deliveries');
    const restricted = updates.find((update) => update.restricted);
    if (restricted) {
      await this.states.restrict(instance.id, restricted.errorCode ?? 'RESTRICTED', restricted.detail ?? '');
    }
  }

  /** An account that a person has to link again waits; one that works again goes on by itself. */
  private async applyState(instance: LiveInstance, event: AccountChanged): Promise<void> {
    const { connection, detail, restricted } = event;
    const before = this.states.of(instance.id).connection?.state ?? null;
    if (connection) await this.states.connection(instance.id, connection, detail);
    if (connection === 'unlinked' || connection === 'banned') {
      await this.instances.pause(instance.id, { code: connection.toUpperCase(), reason: detail });
    }
    if (connection === 'unlinked') void this.connections.checkUnlinked(instance);
    if (connection === 'open' && waitsForLink(instance)) await this.instances.resume(instance.id);
    if (connection === 'open' && before !== 'open') void this.connections.learnAccount(instance);
    if (restricted === true) await this.states.restrict(instance.id, 'RESTRICTED', detail);
    if (restricted === false) await this.states.lift(instance.id);
  }
}

const waitsForLink = ({ paused }: LiveInstance) => paused?.code === 'UNLINKED' || paused?.code === 'BANNED';

function toStatusUpdate({
  messageId,
  deliveryId,
  status,
  at,
  errorCode,
  detail,
}: DeliveryUpdated): StatusUpdate {
  return { platformId: messageId, deliveryId, status, at, code: errorCode, detail };
}

/** What people say or press opens a channel's window for replies; their reactions, edits and what the account says do not. */
function heardAt(event: InboundEvent): number | null {
  const heard = event.type === 'action' || (event.type === 'message' && !event.message.fromMe);
  return heard ? event.at || Date.now() : null;
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
    heardAt: null,
    settleMs: 0,
  };
}

function toNewChat(chat: ChatRef): NewChat {
  const { id: externalId, address: seenAddress = null, kind, title } = chat;
  return { id: newId(), externalId, seenAddress, kind, title };
}

function toNewContact(sender: ContactRef): NewContact {
  const { name, username, phone, locale } = sender;
  return { id: newId(), externalId: sender.id, name, username, phone, locale };
}
