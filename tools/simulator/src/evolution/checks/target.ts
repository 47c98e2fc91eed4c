import type { SimulatedChat } from '../chat';
import { type ApiError, badRequest, connectionClosed, crashed } from '../errors';
import type { SimulatedInstance } from '../instance';
import { createJid, isGroupJid } from '../jids';
import type { InstanceCall } from '../methods';

/** The account's connection to WhatsApp, or the refusal that a send gives without one. */
export function needConnection({ instance }: Pick<InstanceCall, 'instance'>): void {
  if (instance.state !== 'open') throw connectionClosed();
}

/** The same for calls in which nobody catches the error. */
export function needConnectionUncaught({ instance }: Pick<InstanceCall, 'instance'>): void {
  if (instance.state !== 'open') throw crashed('Connection Closed');
}

/** Who a `number` means; refuses whoever is not on WhatsApp. */
export function targetChat({ world, instance }: InstanceCall, number: string): SimulatedChat {
  const chat = world.directory.findChat(instance, number);
  if (chat) return chat;
  if (isGroupJid(createJid(number))) throw badRequest('Error: Group not found');
  throw notOnWhatsApp(number);
}

export const notOnWhatsApp = (number: string): ApiError =>
  badRequest({ jid: createJid(number), exists: false, number });

/** The message with this id, in whichever chat. */
export const storedMessage = (instance: SimulatedInstance, id: string) => instance.messages.get(id);
