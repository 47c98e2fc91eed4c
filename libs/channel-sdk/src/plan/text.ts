import type { Capabilities, ContentType } from '@omni-hub/contracts';
import { UnsupportedError } from '../errors/errors';
import type { Part, StyledText } from '../parts';
import { splitStyled, type Measure } from '../text/split';

/** What a content becomes on one channel. */
export interface Plan {
  /** In the order in which they are sent; each within the channel's limits and of a kind that it carries natively. */
  parts: Part[];
  /** In a few words what is shown instead of what was asked for; null when nothing is lost. */
  fallback: string | null;
}

/** What a plan is made for. */
export interface PlanContext {
  capabilities: Capabilities;
  measure: Measure;
}

export type TextPart = Extract<Part, { type: 'text' }>;

/** A text longer than one message goes on in the next. */
export function texts(body: StyledText, { capabilities, measure }: PlanContext): TextPart[] {
  return splitStyled(body, capabilities.maxTextLength, measure).map((piece) => ({
    type: 'text',
    body: piece,
    buttons: [],
  }));
}

export function unsupported(type: ContentType): UnsupportedError {
  return new UnsupportedError(
    `The channel cannot send "${type}": send another kind of content`,
    `content.${type}`,
  );
}
