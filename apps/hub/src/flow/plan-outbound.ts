import { planParts, planSaid, type ChannelHandler, type Part } from '@omni-hub/channel-sdk';
import type { Content } from '@omni-hub/contracts';
import { createHash } from 'node:crypto';
import type { NewDelivery, NewOutbound } from '../storage/store';
import { newId } from './ids';

export interface OutboundPlan {
  message: NewOutbound;
  /** What the message's deliveries carry, in their order. */
  parts: Part[];
  /** Action ids too long for the channel, and the tokens that stand for them. */
  actionTokens: { token: string; value: string }[];
}

export interface OutboundOrder {
  instanceId: string;
  turnId: string | null;
  /** Unique for the instance. */
  eventId: string;
  content: Content;
  replyTo: string | null;
  /** The `ackRef` of the press or command that is answered. */
  answers: string | null;
  /** A preview that the first part replaces. */
  replaces: string | null;
  now: number;
  expiresAt: number;
  scheduled: boolean;
  /** True where a text is said in several messages, as people do. */
  inMessages: boolean;
}

/**
 * Cuts one message into what the channel can carry: its parts in order, each one call at the platform. Pure but for new
 * ids. Throws UnsupportedError for content that the channel cannot carry and has no fallback for.
 */
export function planOutbound(
  order: OutboundOrder,
  {
    capabilities,
    measure,
    repliesInThread,
  }: Pick<ChannelHandler, 'capabilities' | 'measure' | 'repliesInThread'>,
): OutboundPlan {
  const { content, actionTokens } = shortenActions(order.content, capabilities.maxActionIdBytes);
  const { parts, fallback } =
    order.inMessages && content.type === 'text'
      ? { parts: planSaid(content.text, capabilities, measure), fallback: null }
      : planParts(content, capabilities, measure);
  const deliveries = parts.map(
    (part, index): NewDelivery => ({
      id: newId(),
      part: JSON.stringify(part),
      replyTo: index === 0 || repliesInThread ? order.replyTo : null,
      answers: index === 0 ? order.answers : null,
      replaces: index === 0 && canReplace(part) ? order.replaces : null,
      expiresAt: order.expiresAt,
      fallback,
      scheduled: order.scheduled,
      waitMs: null,
      typingFor: null,
    }),
  );
  return {
    message: {
      id: newId(),
      instanceId: order.instanceId,
      turnId: order.turnId,
      eventId: order.eventId,
      type: order.content.type,
      at: order.now,
      content: JSON.stringify(order.content),
      deliveries,
    },
    parts,
    actionTokens,
  };
}

const canReplace = (part: Part) => part.type === 'text' && part.buttons.length === 0;

function shortenActions(content: Content, maxBytes: number | null) {
  const actionTokens: OutboundPlan['actionTokens'] = [];
  const shorten = <Item extends object>(item: Item): Item => {
    if (!('id' in item) || typeof item.id !== 'string') return item;
    if (Buffer.byteLength(item.id) <= maxBytes! && !item.id.startsWith(tokenPrefix)) return item;
    const token = tokenFor(item.id);
    actionTokens.push({ token, value: item.id });
    return { ...item, id: token };
  };
  if (maxBytes === null) return { content, actionTokens };
  if (content.type === 'buttons')
    return { content: { ...content, buttons: content.buttons.map(shorten) }, actionTokens };
  if (content.type === 'list') {
    const sections = content.sections.map((section) => ({ ...section, rows: section.rows.map(shorten) }));
    return { content: { ...content, sections }, actionTokens };
  }
  return { content, actionTokens };
}

const tokenPrefix = 'omni:';

/** The same id always has the same token: sending a menu twice stores nothing new. */
const tokenFor = (actionId: string) =>
  tokenPrefix + createHash('sha256').update(actionId).digest('base64url').slice(0, 27);

/** Whether an action id that a platform told back stands for a longer one. */
export const isActionToken = (actionId: string) => actionId.startsWith(tokenPrefix);
