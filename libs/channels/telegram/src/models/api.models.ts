import type { ApiMethods, ApiResponse, Opts } from '@grammyjs/types';
import type { FormFile } from '@omni-hub/channel-sdk';

/** The Bot API as its documentation states it. A file in a parameter is `attach://<name of an upload>`. */
type Methods = ApiMethods<string>;

export type Method = Extract<
  keyof Methods,
  | 'answerCallbackQuery'
  | 'deleteBusinessMessages'
  | 'deleteMessage'
  | 'deleteWebhook'
  | 'editMessageCaption'
  | 'editMessageText'
  | 'getFile'
  | 'getMe'
  | 'getUpdates'
  | 'getWebhookInfo'
  | 'sendAnimation'
  | 'sendAudio'
  | 'sendChatAction'
  | 'sendContact'
  | 'sendDocument'
  | 'sendLocation'
  | 'sendMediaGroup'
  | 'sendMessage'
  | 'sendMessageDraft'
  | 'sendPhoto'
  | 'sendPoll'
  | 'sendSticker'
  | 'sendVenue'
  | 'sendVideo'
  | 'sendVoice'
  | 'setMessageReaction'
  | 'setWebhook'
>;

export type Params<M extends Method> = Opts<string>[M];

export type Result<M extends Method> = ReturnType<Methods[M]>;

/** One request to the Bot API. With `files` it is sent as a form, else as JSON. */
export interface CallOf<M extends Method> {
  method: M;
  params: Params<M>;
  files?: Record<string, FormFile>;
}

export type Call = { [M in Method]: CallOf<M> }[Method];

/** What every answer of the Bot API looks like: https://core.telegram.org/bots/api#making-requests. */
export type Answer = ApiResponse<unknown>;

/** One answer to `getUpdates`. */
export interface Batch {
  updates: unknown[];
  /** The answer's exact bytes. */
  raw: Buffer;
}
