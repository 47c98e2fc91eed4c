import { planParts, splitStyled, UnsupportedError, type Part, type StyledText } from '@omni-hub/channel-sdk';
import type { Button, ButtonsContent, Capabilities, ListContent } from '@omni-hub/contracts';
import { measureMarks, toMarks } from '../../handler/marks';
import type { Interactive, MessageContent, Row } from '../models/api.models';

type TextPart = Extract<Part, { type: 'text' }>;
type ListPart = Extract<Part, { type: 'list' }>;
type ListRow = ListPart['sections'][number]['rows'][number];
type Reply = Extract<Button, { id: string }>;
type Link = Extract<Button, { url: string }>;

/**
 * Meta's limits, in characters:
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages and
 * …/interactive-list-messages, …/interactive-cta-url-messages.
 */
const limits = {
  buttons: { count: 3, title: 20, id: 256, body: 1024 },
  list: {
    rows: 10,
    sections: 10,
    sectionTitle: 24,
    title: 24,
    description: 72,
    id: 200,
    button: 20,
    body: 4096,
  },
};

/** What opens a list that stands in for buttons: the same word in many languages. */
const listButton = 'Menu';

/**
 * A text with buttons in the best shape that holds them: up to three reply buttons; a single link button; a list, where they are
 * more or their labels longer; null where none does and the choices have to be told as numbered text.
 */
export function toButtons({ body, buttons }: TextPart): MessageContent | null {
  const text = toMarks(body);
  const replies = buttons.filter((button): button is Reply => 'id' in button);
  if (replies.length === buttons.length) {
    return toReplyButtons(text, replies) ?? toRows(text, listButton, [{ rows: replies }]);
  }
  return buttons.length === 1 ? toLinkButton(text, buttons[0] as Link) : null;
}

/** A list within Meta's limits; null where it is not and has to be told as numbered text. */
export function toList({ body, button, sections }: ListPart): MessageContent | null {
  return toRows(toMarks(body), button, sections);
}

/** Choices in words, as `channel-sdk` puts them for channels without buttons. */
export function asNumberedText(part: TextPart | ListPart, capabilities: Capabilities): StyledText {
  const content: ButtonsContent | ListContent =
    part.type === 'list'
      ? { type: 'list', text: '', button: part.button, sections: part.sections }
      : { type: 'buttons', text: '', buttons: part.buttons };
  const inWords: Capabilities = {
    ...capabilities,
    maxTextLength: Infinity,
    content: { ...capabilities.content, [content.type]: 'fallback' },
  };
  const [choices] = planParts(content, inWords, measureMarks).parts as TextPart[];
  return append(part.body, choices.body);
}

/**
 * Choices in words that one message holds: as they are, else without their descriptions, else with labels as short as those of a
 * list. Throws UnsupportedError where even that is too much beside the text.
 */
export function asOneText(part: TextPart | ListPart, capabilities: Capabilities): StyledText {
  const { maxTextLength } = capabilities;
  const fitting = [part, withoutDescriptions(part), withShortLabels(part)]
    .map((shorter) => asNumberedText(shorter, capabilities))
    .find((text) => measureMarks(text) <= maxTextLength);
  if (fitting) return fitting;
  throw new UnsupportedError(
    `The text and its choices are more than the ${maxTextLength} characters of one message: send the text first, the choices with a short text after it, or fewer of them`,
    `content.${part.type === 'list' ? 'list' : 'buttons'}`,
  );
}

function withoutDescriptions(part: TextPart | ListPart): TextPart | ListPart {
  return part.type === 'list' ? withRows(part, ({ id, label }) => ({ id, label })) : part;
}

function withShortLabels(part: TextPart | ListPart): TextPart | ListPart {
  if (part.type === 'list') return withRows(part, ({ id, label }) => ({ id, label: shorten(label) }));
  return { ...part, buttons: part.buttons.map((button) => ({ ...button, label: shorten(button.label) })) };
}

function withRows(part: ListPart, change: (row: ListRow) => ListRow): ListPart {
  return {
    ...part,
    sections: part.sections.map((section) => ({ ...section, rows: section.rows.map(change) })),
  };
}

/** Cut between words, where there are any. */
function shorten(label: string): string {
  const { title } = limits.list;
  if (label.length <= title) return label;
  return `${splitStyled({ text: label, spans: [] }, title - 1)[0].text}…`;
}

function toReplyButtons(text: string, buttons: Reply[]): MessageContent | null {
  const { count, title, id, body } = limits.buttons;
  const fits =
    buttons.length <= count &&
    isWithin(text, body) &&
    areDistinct(buttons.map((button) => button.id)) &&
    areDistinct(buttons.map(({ label }) => label)) &&
    buttons.every((button) => isWithin(button.label, title) && isWithin(button.id, id));
  if (!fits) return null;
  return interactive({
    type: 'button',
    body: { text },
    action: { buttons: buttons.map(({ id, label }) => ({ type: 'reply', reply: { id, title: label } })) },
  });
}

function toLinkButton(text: string, { label, url }: Link): MessageContent | null {
  const { title, body } = limits.buttons;
  if (!isWithin(text, body) || !isWithin(label, title) || !/^https?:\/\//i.test(url)) return null;
  const parameters = { display_text: label, url };
  return interactive({ type: 'cta_url', body: { text }, action: { name: 'cta_url', parameters } });
}

function toRows(text: string, button: string, sections: ListPart['sections']): MessageContent | null {
  const { list } = limits;
  const rows = sections.flatMap((section) => section.rows);
  const fits =
    isWithin(text, list.body) &&
    isWithin(button, list.button) &&
    rows.length > 0 &&
    rows.length <= list.rows &&
    sections.length <= list.sections &&
    sections.every((section) => section.rows.length > 0 && hasGoodTitle(section, sections.length)) &&
    areDistinct(rows.map(({ id }) => id)) &&
    rows.every(isGoodRow);
  if (!fits) return null;
  return interactive({
    type: 'list',
    body: { text },
    action: {
      button,
      sections: sections.map(({ title, rows }) => ({ ...(title && { title }), rows: rows.map(toRow) })),
    },
  });
}

/** Several sections need a title each. */
function hasGoodTitle({ title }: ListPart['sections'][number], count: number): boolean {
  return title ? isWithin(title, limits.list.sectionTitle) : count === 1;
}

function isGoodRow({ id, label, description }: ListRow): boolean {
  const { list } = limits;
  return (
    isWithin(id, list.id) &&
    isWithin(label, list.title) &&
    (!description || isWithin(description, list.description))
  );
}

function toRow({ id, label, description }: ListRow): Row {
  return { id, title: label, ...(description && { description }) };
}

function interactive(content: Interactive): MessageContent {
  return { type: 'interactive', interactive: content };
}

function isWithin(text: string, limit: number): boolean {
  return text.trim() !== '' && text.length <= limit;
}

function areDistinct(values: string[]): boolean {
  return new Set(values).size === values.length;
}

function append(first: StyledText, second: StyledText): StyledText {
  if (first.text === '') return second;
  const shift = first.text.length + 2;
  return {
    text: `${first.text}\n\n${second.text}`,
    spans: [...first.spans, ...second.spans.map((span) => ({ ...span, offset: span.offset + shift }))],
  };
}
