import type { Chat, Message, Update } from '@grammyjs/types';
import type { SimulatedBot } from './bot';
import { laneOf, type World } from './world';

/** A recorded update. Without an id it gets the next one of the bot. */
export type RecordedUpdate = Omit<Update, 'update_id'> & { update_id?: number };

interface Payload {
  message_id?: number;
  chat?: Chat;
  from?: { id: number };
  message?: { chat?: Chat };
  id?: string;
  data?: string;
}

/** Lets an update happen as it was recorded: its chat, topic and message exist from then on, so that they can be answered. */
export function injectUpdate(world: World, bot: SimulatedBot, update: RecordedUpdate): void {
  const [kind, payload] = payloadOf(update);
  const chat = payload.chat ?? payload.message?.chat;
  if (chat && world.keeps) learn(world, bot, chat, kind, payload);
  if (kind === 'callback_query' && payload.id && world.keeps) {
    bot.presses.set(payload.id, { id: payload.id, data: payload.data ?? '', answer: null });
  }
  const lane = kind === 'callback_query' ? `${payload.from?.id}:${kind}` : laneOf(kind, chat?.id ?? 0);
  bot.updates.inject(update, lane);
}

function payloadOf(update: RecordedUpdate): [kind: string, payload: Payload] {
  const [kind, value] = Object.entries(update).find(([key]) => key !== 'update_id') ?? ['unknown', {}];
  return [kind, typeof value === 'object' && value !== null ? (value as Payload) : {}];
}

function learn(world: World, bot: SimulatedBot, info: Chat, kind: string, payload: Payload): void {
  const chat = info.type === 'private' ? world.privateChat(bot, info) : world.sharedChat(info, bot);
  const message = payload as Message;
  if (message.message_thread_id !== undefined) chat.topics.set(message.message_thread_id, '');
  const isNew = (kind === 'message' || kind === 'channel_post') && !chat.find(message.message_id);
  if (!isNew) return;
  const entry = chat.add(message, false);
  world.tell({ kind: 'message', chat, entry });
}
