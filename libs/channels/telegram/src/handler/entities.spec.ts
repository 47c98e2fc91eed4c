import type { Span, SpanStyle } from '@omni-hub/channel-sdk';
import fc from 'fast-check';
import { toEntities } from './entities';

const styles: SpanStyle[] = [
  'bold',
  'italic',
  'underline',
  'strike',
  'spoiler',
  'code',
  'pre',
  'quote',
  'heading',
  'link',
];
const text = 'x'.repeat(60);

const span = fc.record({
  style: fc.constantFrom(...styles),
  offset: fc.nat(50),
  length: fc.nat(10),
  url: fc.constant('https://example.org'),
});

function entitiesOf(spans: Span[]) {
  return toEntities({ text, spans }) ?? [];
}

function covers({ offset, length }: { offset: number; length: number }, index: number): boolean {
  return offset <= index && index < offset + length;
}

describe('styles as entities', () => {
  it('are left out where a text has none', () => {
    expect(toEntities({ text, spans: [] })).toBeUndefined();
  });

  it('lie around code, not in it', () => {
    expect(
      entitiesOf([
        { style: 'bold', offset: 0, length: 17 },
        { style: 'code', offset: 4, length: 9 },
      ]),
    ).toEqual([
      { type: 'bold', offset: 0, length: 4 },
      { type: 'code', offset: 4, length: 9 },
      { type: 'bold', offset: 13, length: 4 },
    ]);
  });

  it('keep a quote around code', () => {
    expect(
      entitiesOf([
        { style: 'quote', offset: 0, length: 20 },
        { style: 'pre', offset: 5, length: 5, language: 'js' },
      ]),
    ).toEqual([
      { type: 'blockquote', offset: 0, length: 20 },
      { type: 'pre', offset: 5, length: 5, language: 'js' },
    ]);
  });

  it('keep the outer one of two quotes', () => {
    expect(
      entitiesOf([
        { style: 'quote', offset: 4, length: 4 },
        { style: 'quote', offset: 0, length: 20 },
      ]),
    ).toEqual([{ type: 'blockquote', offset: 0, length: 20 }]);
  });

  it('are at most a hundred: the first ones', () => {
    const spans = Array.from(
      { length: 130 },
      (_, index): Span => ({ style: 'bold', offset: index * 2, length: 1 }),
    );
    const entities = entitiesOf(spans);
    expect(entities).toHaveLength(100);
    expect(entities.at(-1)).toEqual({ type: 'bold', offset: 198, length: 1 });
  });

  it('never break the nesting rules, whatever is styled', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const entities = entitiesOf(spans);
        for (let index = 0; index < text.length; index++) {
          const here = entities.filter((entity) => covers(entity, index)).map(({ type }) => type);
          const code = here.filter((type) => type === 'code' || type === 'pre');
          expect(here.filter((type) => type === 'blockquote').length).toBeLessThanOrEqual(1);
          if (code.length > 0) expect(here.filter((type) => type !== 'blockquote')).toEqual(code);
          expect(code.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('lose no style outside code', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const entities = entitiesOf(spans);
        const code = spans.filter(({ style }) => style === 'code' || style === 'pre');
        const italics = spans.filter(({ style }) => style === 'italic');
        for (let index = 0; index < text.length; index++) {
          const free = !entities.some(
            ({ type, ...range }) => (type === 'code' || type === 'pre') && covers(range, index),
          );
          const wanted = italics.some((range) => covers(range, index)) && (free || code.length === 0);
          expect(entities.some((entity) => entity.type === 'italic' && covers(entity, index))).toBe(wanted);
        }
      }),
    );
  });
});
