import { isSaid } from '../client/failures';
import type { Call } from '../models/api.models';

const entitiesRefused = /can't parse (caption )?entities|entit(y|ies)_/i;
const threadUnknown = /message thread not found/i;
const noText = /there is no text in the message to edit/i;

/**
 * The same message in a form that Telegram takes, when it refused `call` for its form alone; null when there is none. A
 * refused request had no effect, so the second form is no second message. Each form drops something: at most three follow. Pure.
 */
export function secondForm(call: Call, error: unknown): Call | null {
  if (isSaid(error, entitiesRefused)) return withoutEntities(call);
  if (isSaid(error, threadUnknown)) return withoutPrivateTopic(call);
  if (isSaid(error, noText)) return asCaption(call);
  return null;
}

interface Styled {
  entities?: unknown;
  caption_entities?: unknown;
  media?: unknown;
}

/** Styles that Telegram does not understand must not cost the text. */
function withoutEntities(call: Call): Call | null {
  const params = call.params as Styled;
  const items = Array.isArray(params.media) ? (params.media as Styled[]) : [];
  if (![params, ...items].some(isStyled)) return null;
  const media = items.length > 0 ? { media: items.map(plain) } : {};
  return { ...call, params: { ...plain(params), ...media } } as Call;
}

function isStyled({ entities, caption_entities }: Styled): boolean {
  return entities !== undefined || caption_entities !== undefined;
}

function plain({ entities: _entities, caption_entities: _captionEntities, ...rest }: Styled): object {
  return rest;
}

/** Some Bot API servers do not find the topics of private chats: https://github.com/tdlib/telegram-bot-api/issues/847. */
function withoutPrivateTopic(call: Call): Call | null {
  const { message_thread_id: topic, ...rest } = call.params as {
    message_thread_id?: number;
    chat_id?: number | string;
  };
  if (topic === undefined || !(Number(rest.chat_id) > 0)) return null;
  return { ...call, params: rest } as Call;
}

/** Whether a message has a text or a caption only Telegram knows. */
function asCaption(call: Call): Call | null {
  if (call.method !== 'editMessageText') return null;
  const { text, entities, ...rest } = call.params;
  return { method: 'editMessageCaption', params: { ...rest, caption: text, caption_entities: entities } };
}
