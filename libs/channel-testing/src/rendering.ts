import {
  parseMarkdown,
  planParts,
  type ChannelHandler,
  type Part,
  type StyledText,
} from '@omni-hub/channel-sdk';
import fc from 'fast-check';
import { anyMarkdown, families } from './checks/any-markdown';

export interface RenderingOptions<Written> {
  handler: Pick<ChannelHandler, 'capabilities' | 'measure'>;
  /** A text as the channel sends it. */
  write(body: StyledText): Written;
  /** What a person sees of it, by the platform's rules: read anew, not by what wrote it. */
  read(written: Written): string;
  /** How long the platform takes it to be, in its own unit. */
  lengthOf(written: Written): number;
  /** What a person is to see of a text; its characters, styles aside, unless told. */
  shown?(body: StyledText): string;
  /** What else holds of it. Fails by throwing. */
  check?(written: Written): void;
  /** Words that could be taken for markup, where the platform has a way to tell that they are none. */
  signs?: readonly string[];
}

/**
 * Call at the top level of a Jest spec: whatever an agent writes in Markdown is shown whole, in order and within the
 * platform's limits, in as many messages as it takes.
 */
export function describeRendering<Written>({
  handler: { capabilities, measure },
  write,
  read,
  lengthOf,
  shown = ({ text }) => text,
  check = () => undefined,
  signs = [],
}: RenderingOptions<Written>): void {
  const limits = fc.oneof(fc.constant(capabilities.maxTextLength), fc.integer({ min: 80, max: 200 }));
  const partsOf = (markdown: string, maxTextLength: number) =>
    planParts({ type: 'text', text: markdown }, { ...capabilities, maxTextLength }, measure).parts.map(
      (part) => (part as TextPart).body,
    );
  const holds = (test: (markdown: string, limit: number) => void) =>
    fc.assert(fc.property(anyMarkdown(signs), limits, test), { numRuns: 150 });

  describe('any Markdown', () => {
    it('is shown whole and in order', () => {
      holds((markdown, limit) => {
        const seen = partsOf(markdown, limit).map((body) => read(write(body)));
        expect(withoutBlanks(seen.join(''))).toBe(withoutBlanks(shown(parseMarkdown(markdown))));
      });
    });

    it('is within the platform’s limit as it is written', () => {
      holds((markdown, limit) => {
        for (const body of partsOf(markdown, limit)) {
          const written = write(body);
          expect(lengthOf(written)).toBeLessThanOrEqual(limit);
          check(written);
        }
      });
    });

    it('is cut neither within a link nor within a character', () => {
      holds((markdown, limit) => {
        const whole = parseMarkdown(markdown);
        const parts = partsOf(markdown, limit);
        expect(parts.flatMap(labelsOf)).toEqual(labelsOf(whole));
        for (const family of families)
          expect(parts.flatMap(({ text }) => text.split(family).slice(1))).toHaveLength(
            whole.text.split(family).length - 1,
          );
      });
    });
  });
}

type TextPart = Extract<Part, { type: 'text' }>;

function labelsOf({ text, spans }: StyledText): string[] {
  return spans
    .filter(({ style }) => style === 'link')
    .map(({ offset, length }) => text.slice(offset, offset + length));
}

const withoutBlanks = (text: string) => text.replace(/\s/g, '');
