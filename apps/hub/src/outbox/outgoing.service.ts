import { Injectable } from '@nestjs/common';
import { WindowClosedError, type Part } from '@omni-hub/channel-sdk';
import type { Content } from '@omni-hub/contracts';
import { newId } from '../flow/ids';
import { UnknownRecipientError, type Outgoing, type SendOrder, type SendOutcome } from '../flow/outgoing';
import { FileError, OutgoingFiles } from '../flow/outgoing-files';
import { planOutbound } from '../flow/plan-outbound';
import { Wakeups } from '../flow/wakeups';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { EnqueueRequest, NewChat, NewDelivery } from '../storage/store';
import { closedWindow } from './window';

/** Commits what an application or an agent wants to say of its own accord. */
@Injectable()
export class OutgoingService implements Outgoing {
  constructor(
    private readonly store: Store,
    private readonly wakeups: Wakeups,
    private readonly files: OutgoingFiles,
  ) {}

  async send(instance: LiveInstance, order: SendOrder): Promise<SendOutcome> {
    const now = Date.now();
    const leavesAt = Math.max(now, order.sendAt ?? now);
    const content = await this.kept(instance, order.content);
    const plan = planOutbound(
      {
        instanceId: instance.id,
        turnId: order.turnId,
        eventId: `send:${order.idempotencyKey ?? newId()}`,
        content,
        replyTo: order.replyTo,
        answers: null,
        replaces: null,
        now,
        expiresAt: leavesAt + instance.settings.replyTtlMs,
        scheduled: leavesAt > now,
        inMessages: false,
      },
      instance.handler,
    );
    const { message, actionTokens } = plan;
    const chat = await this.recipient(instance, order.to);
    if (leavesAt === now) await this.requireOpenWindow(instance, chat, message.deliveries);
    const request: EnqueueRequest = { chat, message };
    if (actionTokens.length > 0) await this.store.actionTokens.put(instance.id, actionTokens);
    await this.files.pin([plan]);

    const fallback = message.deliveries[0]?.fallback ?? null;
    if (leavesAt > now) {
      const { id, duplicate } = await this.store.scheduled.add(request, leavesAt);
      return {
        id,
        deliveries: message.deliveries.map((delivery) => delivery.id),
        fallback,
        scheduledAt: leavesAt,
        duplicate,
      };
    }
    const { messageId, deliveryIds, duplicate } = await this.store.hot.enqueue(request);
    this.wakeups.wake('deliveries');
    return { id: messageId, deliveries: deliveryIds, fallback, scheduledAt: null, duplicate };
  }

  /** Throws a FileError where a file of it cannot be had. */
  private async kept(instance: LiveInstance, content: Content): Promise<Content> {
    const [kept] = await this.files.keep(instance, [content]);
    if ('content' in kept) return kept.content;
    throw new FileError(kept.refused.code, kept.refused.detail, false);
  }

  /** Puts scheduled messages that are due into their lanes. Safe on any number of processes. */
  async releaseDue(now: number): Promise<void> {
    const due = await this.store.scheduled.due(now, 100);
    for (const { id, request } of due) {
      await this.store.hot.enqueue(request);
      await this.store.scheduled.remove(id);
    }
    if (due.length > 0) this.wakeups.wake('deliveries');
  }

  /** Refuses at once what could not leave anyway, so that its sender learns of it. Throws WindowClosedError. */
  private async requireOpenWindow(
    instance: LiveInstance,
    chat: NewChat,
    parts: NewDelivery[],
  ): Promise<void> {
    if (instance.handler.capabilities.replyWindowMs === null) return;
    const heardAt = await this.store.chats.heardAt(instance.id, chat.externalId);
    for (const { part } of parts) {
      const refused = closedWindow(instance.handler, JSON.parse(part) as Part, heardAt, Date.now());
      if (typeof refused === 'string') throw new WindowClosedError(refused);
    }
  }

  private async recipient(instance: LiveInstance, to: string): Promise<NewChat> {
    const meant = instance.channel.recipient?.(to) ?? null;
    const filed = meant && (await this.store.aliases.resolve(instance.id, meant.id));
    const known =
      (filed && (await this.store.chats.findTarget(instance.id, filed))) ??
      (await this.store.chats.findTarget(instance.id, to));
    if (known) {
      const { externalId, kind, title } = known;
      return { id: newId(), externalId, seenAddress: null, kind, title };
    }
    if (meant && filed) {
      const { kind, title, address: seenAddress = null } = meant;
      return { id: newId(), externalId: filed, seenAddress, kind, title };
    }
    if (!instance.channel.recipient && to.startsWith(`${instance.channel.id}:`))
      return { id: newId(), externalId: to, seenAddress: null, kind: 'direct', title: null };
    throw new UnknownRecipientError(
      `"${to}" is no chat, contact, phone number or username that ${instance.name} knows; a chat id starts with "${instance.channel.id}:"`,
    );
  }
}
