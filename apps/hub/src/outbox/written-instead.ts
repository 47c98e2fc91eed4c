import type { Part } from '@omni-hub/channel-sdk';
import type { Content } from '@omni-hub/contracts';
import { planOutbound } from '../flow/plan-outbound';
import type { LiveInstance } from '../instances/live-instance';
import type { Store } from '../storage/open-store';
import type { ClaimedDelivery } from '../storage/store';
import type { Conclusion } from './attempt';

/**
 * Writes what was to be spoken where the platform takes no voice message, as from people who want none: they get the answer all the
 * same. Call before the refusal is written down: after a crash in between, the same text is found there already. Answers whether it
 * was written.
 */
export async function writeInstead(
  store: Pick<Store, 'messages' | 'chats' | 'hot'>,
  instance: LiveInstance,
  delivery: ClaimedDelivery,
  { outcome, reason }: Conclusion,
  now: number,
): Promise<boolean> {
  if (outcome !== 'dead' || (reason?.code !== 'REJECTED' && reason?.code !== 'UNSUPPORTED')) return false;
  const part = JSON.parse(delivery.part) as Part;
  if (part.type !== 'media' || part.kind !== 'voice') return false;
  const said = await store.messages.source(delivery.messageId);
  const content = said && (JSON.parse(said.content) as Content);
  const chat = await store.chats.get(delivery.chatId);
  if (!chat || content?.type !== 'voice' || !content.spoken) return false;
  const { message } = planOutbound(
    {
      instanceId: delivery.instanceId,
      turnId: said!.turnId,
      eventId: `written:${delivery.id}`,
      content: { type: 'text', text: content.spoken },
      replyTo: delivery.replyTo,
      answers: delivery.answers,
      replaces: null,
      now,
      expiresAt: delivery.expiresAt,
      scheduled: delivery.scheduled,
      inMessages: false,
    },
    instance.handler,
  );
  const { externalId, kind, title } = chat;
  await store.hot.enqueue({ chat: { id: chat.id, externalId, seenAddress: null, kind, title }, message });
  return true;
}
