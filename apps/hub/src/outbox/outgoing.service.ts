import { Injectable } from '@nestjs/common';
import { newId } from '../flow/ids';
import { UnknownRecipientError, type Outgoing, type SendOrder, type SendOutcome } from '../flow/outgoing';
import { planOutbound } from '../flow/plan-outbound';
import { Wakeups } from '../flow/wakeups';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { EnqueueRequest, NewChat } from '../storage/store';

/** Commits what an application or an agent wants to say of its own accord. */
@Injectable()
export class OutgoingService implements Outgoing {
  constructor(
    private readonly store: Store,
    private readonly wakeups: Wakeups,
  ) {}

  async send(instance: LiveInstance, order: SendOrder): Promise<SendOutcome> {
    const now = Date.now();
    const leavesAt = Math.max(now, order.sendAt ?? now);
    const { message, actionTokens } = planOutbound(
      {
        instanceId: instance.id,
        turnId: order.turnId,
        eventId: `send:${order.idempotencyKey ?? newId()}`,
        content: order.content,
        replyTo: order.replyTo,
        replaces: null,
        now,
        expiresAt: leavesAt + instance.settings.replyTtlMs,
      },
      instance.channel.capabilities,
    );
    const request: EnqueueRequest = { chat: await this.recipient(instance, order.to), message };
    if (actionTokens.length > 0) await this.store.actionTokens.put(instance.id, actionTokens);

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

  /** Puts scheduled messages that are due into their lanes. Safe on any number of processes. */
  async releaseDue(now: number): Promise<void> {
    const due = await this.store.scheduled.due(now, 100);
    for (const { id, request } of due) {
      await this.store.hot.enqueue(request);
      await this.store.scheduled.remove(id);
    }
    if (due.length > 0) this.wakeups.wake('deliveries');
  }

  private async recipient(instance: LiveInstance, to: string): Promise<NewChat> {
    const known = await this.store.chats.findTarget(instance.id, to);
    if (known) return { id: newId(), externalId: known.externalId, kind: known.kind, title: known.title };
    if (to.startsWith(`${instance.channel.id}:`))
      return { id: newId(), externalId: to, kind: 'direct', title: null };
    throw new UnknownRecipientError(
      `"${to}" is no chat, contact, phone number or username that ${instance.name} knows; a chat id starts with "${instance.channel.id}:"`,
    );
  }
}
