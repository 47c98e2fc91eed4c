import type { AccessRule } from '../access/rule-set';
import type { Ignored } from '@omni-hub/channel-sdk';
import type { ChatRef, Content, InboundEvent } from '@omni-hub/contracts';
import type { KnownStatus } from '../flow/trace';
import type { Instances } from '../instances/instances';
import type { ApiKeyRow } from '../storage/repositories/api-keys.repository';
import type { ChatRow, MessageSummaryRow } from '../storage/repositories/chats.repository';
import type { ContactRow } from '../storage/repositories/contacts.repository';
import type { DeadLetterRow } from '../storage/repositories/dead-letters.repository';
import type { MessageStory } from '../storage/repositories/messages.repository';

/** Stored rows as the API shows them. Times are ISO 8601. */

export const iso = (at: number) => new Date(at).toISOString();
export const isoOrNull = (at: number | null) => (at === null ? null : iso(at));
const nameOf = (instanceId: string, instances: Instances) => instances.byId(instanceId)?.name ?? instanceId;

export function toChatView(chat: ChatRow, instances: Instances) {
  const waiting = chat.tailSeq - chat.doneSeq;
  return {
    id: chat.id,
    chatId: chat.externalId,
    instance: nameOf(chat.instanceId, instances),
    kind: chat.kind as ChatRef['kind'],
    title: chat.title,
    lastInboundAt: isoOrNull(chat.lastInboundAt),
    paused: toPauseView(chat),
    lane: {
      waiting,
      waitingSince: waiting > 0 ? iso(chat.waitingSince) : null,
      running: chat.leased === 1,
      attempts: chat.attempts,
      readyAt: isoOrNull(chat.readyAt),
    },
  };
}

/** The agent's pause in a chat while it lasts, else null. */
function toPauseView({ pausedAt, pausedUntil, pausedReason }: ChatRow) {
  if (pausedAt === null || (pausedUntil !== null && pausedUntil <= Date.now())) return null;
  return { since: iso(pausedAt), until: isoOrNull(pausedUntil), reason: pausedReason };
}

export function toContactView(contact: ContactRow, instances: Instances) {
  const { id, externalId: contactId, personId, name, username, phone, locale, updatedAt } = contact;
  return {
    id,
    contactId,
    instance: nameOf(contact.instanceId, instances),
    ...{ personId, name, username, phone, locale },
    updatedAt: iso(updatedAt),
  };
}

export function toAccessRuleView(
  { id, instanceId, action, pattern, createdAt }: AccessRule,
  instances: Instances,
) {
  return {
    id,
    instance: instanceId === null ? null : nameOf(instanceId, instances),
    action,
    pattern,
    createdAt: iso(createdAt),
  };
}

export function toMessageSummary(message: MessageSummaryRow) {
  return {
    id: message.id,
    direction: message.direction,
    type: message.type,
    at: iso(message.at || message.receivedAt),
    storedAt: iso(message.receivedAt),
    senderId: message.senderId,
    turnId: message.turnId,
    content: JSON.parse(message.content) as InboundEvent | Ignored | Content,
    redeliveries: message.redeliveries,
  };
}

export function toMessageView(
  { message, chat, turn, deliveries, media }: MessageStory,
  instances: Instances,
) {
  return {
    ...toMessageSummary(message),
    instance: nameOf(message.instanceId, instances),
    chat: chat && { id: chat.id, chatId: chat.externalId },
    turnId: turn?.id ?? message.turnId,
    raw: message.raw ? Buffer.from(message.raw).toString('utf8') : null,
    deliveries: message.direction === 'out' ? deliveries.map(toDeliveryView) : [],
    media: media.map(toMediaView),
  };
}

function toMediaView({
  position: index,
  status,
  code,
  reason,
  size,
  mimeType,
  transcriptStatus,
  transcript,
  transcriptReason,
}: MessageStory['media'][number]) {
  return { index, status, code, reason, size, mimeType, transcriptStatus, transcript, transcriptReason };
}

export function toDeliveryView(delivery: MessageStory['deliveries'][number]) {
  return {
    id: delivery.id,
    status: delivery.status,
    attempts: delivery.attempts,
    platformIds: delivery.platformIds === null ? [] : (JSON.parse(delivery.platformIds) as string[]),
    errorCode: delivery.errorCode,
    fallback: delivery.fallback,
    statuses: (JSON.parse(delivery.statuses) as KnownStatus[]).map(({ at, ...told }) => ({
      ...told,
      at: isoOrNull(at || null),
    })),
    createdAt: iso(delivery.createdAt),
    expiresAt: iso(delivery.expiresAt),
    finishedAt: isoOrNull(delivery.finishedAt),
  };
}

export function toDeadLetterView(letter: DeadLetterRow, instances: Instances) {
  return {
    id: letter.id,
    kind: letter.kind,
    instance: nameOf(letter.instanceId, instances),
    chat: letter.chatId,
    refId: letter.refId,
    code: letter.code,
    detail: letter.detail,
    body: letter.raw ? Buffer.from(letter.raw).toString('utf8') : null,
    createdAt: iso(letter.createdAt),
    replayedAt: isoOrNull(letter.replayedAt),
  };
}

export function toApiKeyView({ id, name, prefix, scopes, instances, createdAt, lastUsedAt }: ApiKeyRow) {
  return {
    ...{ id, name, prefix, scopes, instances },
    createdAt: iso(createdAt),
    lastUsedAt: isoOrNull(lastUsedAt),
  };
}
