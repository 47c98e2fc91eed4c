import type { MessageEntity } from '@grammyjs/types';
import { badRequest } from '../errors';
import type { Params } from '../params';

const parseModes = ['html', 'markdown', 'markdownv2', 'none'];
const entityTypes = new Set(
  (
    'mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler ' +
    'blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time'
  ).split(' '),
);

export interface CheckedText {
  text: string;
  entities?: MessageEntity[];
}

/** The text of a message: 1 to 4096 UTF-16 units. Markup of a parse mode is kept as it was sent. */
export function checkText(params: Params, { mayBeEmpty = false } = {}): CheckedText {
  checkParseMode(params);
  const text = params.text('text') ?? '';
  if (text === '' && !mayBeEmpty) throw badRequest('message text is empty');
  if (text !== '' && text.trim() === '') throw badRequest('text must be non-empty');
  if (text.length > 4096) throw badRequest('message is too long');
  return withEntities(text, params.json<MessageEntity[]>('entities'));
}

/** What a caption adds to a message: at most 1024 UTF-16 units. */
export function checkCaption(params: Params): { caption?: string; caption_entities?: MessageEntity[] } {
  checkParseMode(params);
  return captionFields(params.text('caption') ?? '', params.json<MessageEntity[]>('caption_entities'));
}

export function captionFields(caption: string, entities: MessageEntity[] | undefined) {
  if (caption === '') return {};
  if (caption.length > 1024) throw badRequest('message caption is too long');
  const checked = withEntities(caption, entities);
  return { caption, ...(checked.entities && { caption_entities: checked.entities }) };
}

function checkParseMode(params: Params): void {
  const mode = params.text('parse_mode');
  if (mode && !parseModes.includes(mode.toLowerCase())) throw badRequest('unsupported parse_mode');
}

function withEntities(text: string, entities: MessageEntity[] | undefined): CheckedText {
  if (!entities || entities.length === 0) return { text };
  if (!Array.isArray(entities)) throw badRequest("can't parse entities JSON object");
  for (const entity of entities) checkEntity(text, entity);
  checkNesting(entities);
  return { text, entities };
}

function checkEntity(text: string, entity: MessageEntity): void {
  const { type, offset, length } = entity;
  if (!entityTypes.has(type)) throw badRequest("can't parse MessageEntity: Unsupported type specified");
  if (!Number.isInteger(offset) || offset < 0)
    throw badRequest(`receive an entity with incorrect offset ${offset}`);
  if (!Number.isInteger(length) || length <= 0)
    throw badRequest(`receive an entity with incorrect length ${length}`);
  const end = offset + length;
  if (offset >= text.length)
    throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
  if (end > text.length) {
    throw badRequest(
      `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`,
    );
  }
  if (splitsSymbol(text, offset)) {
    throw badRequest(`entity begins in a middle of a UTF-16 symbol at UTF-16 offset ${offset}`);
  }
  if (splitsSymbol(text, end))
    throw badRequest(`entity ends in a middle of a UTF-16 symbol at UTF-16 offset ${end}`);
  checkExtras(entity);
}

function checkExtras(entity: MessageEntity): void {
  const missing = (field: string) => badRequest(`can't parse MessageEntity: Can't find field "${field}"`);
  if (entity.type === 'text_link') {
    if (entity.url === undefined) throw missing('url');
    checkUrl(entity.url, 'entity URL');
  }
  if (entity.type === 'text_mention' && !entity.user) throw missing('user');
  if (entity.type === 'custom_emoji' && !entity.custom_emoji_id) throw missing('custom_emoji_id');
}

/** Stricter than the real server, which cuts crossing entities apart: what was meant can no longer be seen there. */
function checkNesting(entities: MessageEntity[]): void {
  const open: number[] = [];
  const inOrder = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  for (const { offset, length } of inOrder) {
    while (open.length > 0 && open[open.length - 1] <= offset) open.pop();
    if (open.length > 0 && offset + length > open[open.length - 1]) {
      throw badRequest(
        `can't parse entities: entity at UTF-16 offset ${offset} crosses the end of another one`,
      );
    }
    open.push(offset + length);
  }
}

function splitsSymbol(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

export function checkUrl(url: string, what: string): void {
  const refuse = (why: string) => badRequest(`${what} '${url}' is invalid: ${why}`);
  if (url === '') throw refuse('URL host is empty');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1].toLowerCase();
  if (scheme === 'tg' || scheme === 'ton' || scheme === 'tonsite') return;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    throw refuse('Unsupported URL protocol');
  const address = scheme === undefined ? `http://${url}` : url;
  if (!URL.canParse(address) || !new URL(address).hostname.includes('.')) throw refuse('Wrong HTTP URL');
}
