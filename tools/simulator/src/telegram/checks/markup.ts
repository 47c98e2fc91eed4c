import type { InlineKeyboardButton, InlineKeyboardMarkup } from '@grammyjs/types';
import { badRequest } from '../errors';
import type { Params } from '../params';
import { checkUrl } from './text';

const actions = [
  'url',
  'callback_data',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
  'disabled',
] as const;

const maxButtons = 100;

/** The keyboard that a message shows, or nothing. Reply keyboards are not part of the message. */
export function checkMarkup(params: Params): { reply_markup?: InlineKeyboardMarkup } {
  const markup = params.json<Record<string, unknown>>('reply_markup');
  if (!markup) return {};
  if ('inline_keyboard' in markup) return inlineKeyboard(markup.inline_keyboard);
  if ('keyboard' in markup) checkReplyKeyboard(markup.keyboard);
  for (const field of ['force_reply', 'remove_keyboard', 'is_persistent', 'one_time_keyboard', 'selective']) {
    if (field in markup && typeof markup[field] !== 'boolean') {
      throw badRequest(`field "${field}" must be of type Boolean`);
    }
  }
  return {};
}

function inlineKeyboard(rows: unknown): { reply_markup?: InlineKeyboardMarkup } {
  if (!Array.isArray(rows)) throw badRequest('field "inline_keyboard" must be of type Array');
  for (const row of rows) {
    if (!Array.isArray(row)) throw badRequest("can't parse inline keyboard: expected an Array of Array");
    for (const button of row) checkButton(button);
  }
  const keyboard = rows as InlineKeyboardButton[][];
  if (keyboard.flat().length > maxButtons) throw badRequest('reply markup is too long');
  return keyboard.flat().length > 0 ? { reply_markup: { inline_keyboard: keyboard } } : {};
}

function checkButton(button: Record<string, unknown>): void {
  if (typeof button?.text !== 'string') {
    throw badRequest('can\'t parse inline keyboard button: Can\'t find field "text"');
  }
  const chosen = actions.filter((action) => button[action] !== undefined && button[action] !== '');
  if (chosen.length === 0) {
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  }
  if (chosen.length > 1) {
    throw badRequest("can't parse inline keyboard button: exactly one action must be used");
  }
  if (button.callback_data !== undefined) checkCallbackData(button.callback_data);
  if (button.url !== undefined) checkUrl(String(button.url), 'inline keyboard button URL');
}

function checkCallbackData(data: unknown): void {
  const bytes = Buffer.byteLength(String(data));
  if (typeof data !== 'string' || bytes < 1 || bytes > 64) throw badRequest('BUTTON_DATA_INVALID');
}

function checkReplyKeyboard(rows: unknown): void {
  if (!Array.isArray(rows)) throw badRequest('field "keyboard" must be of type Array');
  for (const button of rows.flat()) {
    const label = typeof button === 'string' ? button : button?.text;
    if (typeof label !== 'string') throw badRequest('can\'t parse keyboard button: Can\'t find field "text"');
  }
}
