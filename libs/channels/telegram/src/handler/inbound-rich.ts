import type { RichMessage } from '@grammyjs/types';
import { asList, asObject, asText, type Unchecked } from '../models/inbound.models';

/**
 * The fields in which blocks and styled texts hold what is to be read (https://core.telegram.org/bots/api#richblock).
 * Each block has some of them, in this order; a block of a later version is read by them too.
 */
interface RichNode {
  type: string;
  label: unknown;
  summary: unknown;
  text: unknown;
  blocks: unknown;
  items: unknown;
  cells: unknown;
  caption: unknown;
  credit: unknown;
  button: unknown;
  has_checkbox: boolean;
  is_checked: boolean;
  alternative_text: string;
  expression: string;
  url: string;
  language: string;
  user: unknown;
}

interface RichEntity {
  type: string;
  offset: number;
  length: number;
  url?: unknown;
  language?: unknown;
  user?: unknown;
}

export interface RichReading {
  text: string;
  /** In the shape of MessageEntity, to be read like those of a plain text. */
  entities: RichEntity[];
  /** The blocks that are no text: media and maps. They have the fields of a message with the same content. */
  blocks: Unchecked<Record<string, unknown>>[];
}

interface Draft extends RichReading {
  atLineStart: boolean;
}

/** Styles that plain messages have under the same name, or under the one given here. */
const entityTypes: Record<string, string> = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strikethrough: 'strikethrough',
  spoiler: 'spoiler',
  code: 'code',
  pre: 'pre',
  url: 'text_link',
  email_address: 'email',
  phone_number: 'phone_number',
  mention: 'mention',
  text_mention: 'text_mention',
  hashtag: 'hashtag',
  cashtag: 'cashtag',
  bot_command: 'bot_command',
  date_time: 'date_time',
  blockquote: 'blockquote',
  expandable_blockquote: 'expandable_blockquote',
};

const mediaTypes = new Set(['photo', 'video', 'animation', 'audio', 'document', 'voice_note', 'map']);

/** What is still to be done, the next at the end. A list instead of recursion: the depth is the sender's choice. */
type Step = { read: unknown } | { write: string } | { newLine: true } | { close: RichEntity };

/** Writes a rich message as plain text: blocks on lines of their own, cells of a table divided by ` | `. */
export function readRichMessage(value: unknown): RichReading {
  const draft: Draft = { text: '', atLineStart: true, entities: [], blocks: [] };
  const steps: Step[] = onLines(asList(asObject<RichMessage>(value)?.blocks)).reverse();
  for (let step = steps.pop(); step; step = steps.pop()) {
    if ('write' in step) write(step.write, draft);
    else if ('newLine' in step) startLine(draft);
    else if ('close' in step)
      draft.entities.push({ ...step.close, length: draft.text.length - step.close.offset });
    else for (const next of open(step.read, draft).reverse()) steps.push(next);
  }
  const text = draft.text.trimEnd();
  return { text, entities: draft.entities.map((entity) => clipped(entity, text)), blocks: draft.blocks };
}

function write(words: string, draft: Draft): void {
  if (words === '') return;
  draft.text += words;
  draft.atLineStart = words.endsWith('\n');
}

function startLine(draft: Draft): void {
  if (!draft.atLineStart) write('\n', draft);
}

function clipped(entity: RichEntity, text: string): RichEntity {
  return { ...entity, length: Math.min(entity.length, text.length - entity.offset) };
}

/** The steps that a node is made of. */
function open(node: unknown, draft: Draft): Step[] {
  if (typeof node === 'string') return [{ write: node }];
  if (Array.isArray(node)) return node.map((read) => ({ read }));
  const rich = asObject<RichNode>(node);
  if (!rich) return [];
  const type = asText(rich.type) ?? '';
  if (mediaTypes.has(type)) draft.blocks.push(rich);
  const steps = contents(rich);
  const entityType = Object.hasOwn(entityTypes, type) ? entityTypes[type] : undefined;
  if (entityType === undefined) return steps;
  const { url, language, user } = rich;
  steps.push({ close: { type: entityType, offset: draft.text.length, length: 0, url, language, user } });
  return steps;
}

function contents(rich: Unchecked<RichNode>): Step[] {
  const leaf = asText(rich.alternative_text) ?? asText(rich.expression);
  const label = asText(rich.label);
  const checkbox = rich.has_checkbox === true ? `[${rich.is_checked === true ? 'x' : ' '}] ` : '';
  return [
    ...(leaf === null ? [] : [{ write: leaf }]),
    ...(label === null && checkbox === ''
      ? []
      : [{ write: `${label === null ? '' : `${label} `}${checkbox}` }]),
    ...line(rich.summary),
    { read: rich.text },
    { read: rich.button },
    ...onLines(asList(rich.blocks)),
    ...onLines(asList(rich.items)),
    ...asList(rich.cells).flatMap(row),
    ...line(rich.caption),
    ...line(rich.credit),
  ];
}

function line(read: unknown): Step[] {
  return read === undefined || read === null ? [] : [{ newLine: true }, { read }, { newLine: true }];
}

/** The first goes on where the line is: behind the label of a list's item. */
function onLines(nodes: readonly unknown[]): Step[] {
  return nodes.flatMap((read, index): Step[] => (index === 0 ? [{ read }] : [{ newLine: true }, { read }]));
}

function row(cells: unknown): Step[] {
  return [
    { newLine: true },
    ...asList(cells).flatMap((read, index): Step[] => [{ write: index === 0 ? '' : ' | ' }, { read }]),
  ];
}
