import type { Capabilities, Content, ContentType, ListContent, MessageId } from '@omni-hub/contracts';
import type { Part, StyledText } from './parts';
import { buttonsAsText, contactAsText, listAsText, locationAsText, pollAsText } from './plan/fallback-text';
import { planAlbum, planMedia } from './plan/media';
import { texts, unsupported, type Plan, type PlanContext, type TextPart } from './plan/text';
import { parseMarkdown } from './text/markdown';
import { splitAsSaid } from './text/said';
import { splitOnce, utf16Length, type Measure } from './text/split';

export type { Plan } from './plan/text';

/**
 * Content as parts that the channel can send: text parsed and split, captions that are too long continued as text, albums
 * cut to the channel's size, and the defined fallback where the channel lacks a kind. `measure` counts a text as the
 * channel will render it; by default its characters in `capabilities.textUnit`. Pure. Throws UnsupportedError, which
 * names the capability, where there is no fallback.
 */
export function planParts(
  content: Content,
  capabilities: Capabilities,
  measure: Measure = measureIn[capabilities.textUnit],
): Plan {
  const context = { capabilities, measure };
  requireSupport(content.type, capabilities);
  const native = capabilities.content[content.type] === 'native';
  switch (content.type) {
    case 'text':
      return plan(texts(parseMarkdown(content.text), context));
    case 'image':
    case 'video':
    case 'audio':
    case 'voice':
    case 'document':
    case 'sticker':
      return planMedia(content, context);
    case 'album':
      return planAlbum(content, context);
    case 'location':
      return native
        ? plan([content])
        : textual(locationAsText(content), 'location as text with a map link', context);
    case 'contact':
      return native ? plan([content]) : textual(contactAsText(content), 'contact as text', context);
    case 'poll':
      return native ? plan([content]) : textual(pollAsText(content), 'poll as numbered text', context);
    case 'buttons':
      return native
        ? plan(
            withLast(texts(parseMarkdown(content.text), context), (part) => ({
              ...part,
              buttons: content.buttons,
            })),
          )
        : textual(buttonsAsText(content), 'buttons as numbered text', context);
    case 'list':
      return native
        ? plan(withLast(texts(parseMarkdown(content.text), context), ({ body }) => listPart(content, body)))
        : textual(listAsText(content), 'list as numbered text', context);
    case 'template':
    case 'reaction':
    case 'delete':
      return plan([content]);
    case 'edit':
      return plan(planEdit(content.messageId, parseMarkdown(content.text), context));
  }
}

/**
 * A text as parts that are said one after the other, as people do (`splitAsSaid`); what is longer than one message of
 * the channel goes on in the next. `measure` as for `planParts`. Pure.
 */
export function planSaid(
  text: string,
  capabilities: Capabilities,
  measure: Measure = measureIn[capabilities.textUnit],
): Part[] {
  return splitAsSaid(text).flatMap((said) => texts(said, { capabilities, measure }));
}

/** What has no meaning in another shape is sent as it is or not at all. */
const withoutFallback: readonly ContentType[] = ['text', 'template', 'reaction', 'edit', 'delete'];

function requireSupport(type: ContentType, capabilities: Capabilities): void {
  const support = capabilities.content[type];
  if (support === 'unsupported' || (support === 'fallback' && withoutFallback.includes(type)))
    throw unsupported(type);
}

function plan(parts: Part[]): Plan {
  return { parts, fallback: null };
}

function textual(body: StyledText, fallback: string, context: PlanContext): Plan {
  return { parts: texts(body, context), fallback };
}

function withLast(parts: TextPart[], change: (last: TextPart) => Part): Part[] {
  return parts.map((part, index) => (index === parts.length - 1 ? change(part) : part));
}

function listPart({ button, sections }: ListContent, body: StyledText): Part {
  return { type: 'list', body, button, sections };
}

/** The message can grow to its limit; what is more follows as new ones. */
function planEdit(messageId: MessageId, body: StyledText, context: PlanContext): Part[] {
  const [head, rest] = splitOnce(body, context.capabilities.maxTextLength, context.measure);
  return [{ type: 'edit', messageId, body: head }, ...(rest ? texts(rest, context) : [])];
}

const measureIn: Record<Capabilities['textUnit'], Measure> = {
  utf16: utf16Length,
  codepoint: ({ text }) => [...text].length,
  byte: ({ text }) => Buffer.byteLength(text),
};
