import type { ChannelHandler, MessageTarget, OutboundMessage, Receipt } from './channel';
import { UnsupportedError } from './errors/errors';

/**
 * Carries out one part: edits, deletions and reactions by the handler's method of that name, all else by `send`. One
 * attempt. Throws UnsupportedError where the handler lacks the method, else what the handler throws.
 */
export async function perform(
  handler: ChannelHandler,
  message: OutboundMessage,
  signal: AbortSignal,
): Promise<Receipt> {
  const { part } = message;
  switch (part.type) {
    case 'edit':
      if (!handler.edit) throw missing('edit');
      return handler.edit(target(message, part), { type: 'text', body: part.body, buttons: [] }, signal);
    case 'delete':
      if (!handler.delete) throw missing('delete');
      return handler.delete(target(message, part), signal);
    case 'reaction':
      if (!handler.react) throw missing('react');
      return handler.react(target(message, part), part.emoji, signal);
    default:
      return handler.send(message, signal);
  }
}

function target(message: OutboundMessage, { messageId }: Pick<MessageTarget, 'messageId'>): MessageTarget {
  return { deliveryId: message.deliveryId, chat: message.chat, messageId };
}

function missing(ability: string): UnsupportedError {
  return new UnsupportedError(`The channel cannot do this: it has no "${ability}"`, `abilities.${ability}`);
}
