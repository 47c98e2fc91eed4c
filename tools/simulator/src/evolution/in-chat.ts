import type { SimulatedChat } from './chat';

/** A chat, or whoever has one: a person's direct chat, a group. */
export type InChat = SimulatedChat | { chat: SimulatedChat };

export const chatOf = (where: InChat): SimulatedChat => ('chat' in where ? where.chat : where);
