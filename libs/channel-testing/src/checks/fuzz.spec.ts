import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { listItems, mutations } from './fuzz';

describe('fuzzing', () => {
  it('drops, nulls and retypes each field, and nothing else', () => {
    const found = [...mutations({ a: { b: 'x' } })].map(({ value }) => JSON.stringify(value));
    expect(found).toEqual([
      '{}',
      ...['null', 'true', '"x"', '-1.5', '[]'].map((other) => `{"a":${other}}`),
      '{"a":{}}',
      ...['null', 'true', '-1.5', '[]', '{}'].map((other) => `{"a":{"b":${other}}}`),
    ]);
  });

  it('never gives the value itself, and never changes it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const before = structuredClone(value);
        const same = [...mutations(value)].filter((mutation) => isDeepStrictEqual(mutation.value, before));
        expect(same).toEqual([]);
        expect(value).toEqual(before);
      }),
    );
  });

  it('finds the items of every list that has others', () => {
    const items = [...listItems({ entry: [{ messages: [1, 2] }], other: [3] })];
    expect(items.map(({ place, dropped }) => [place, dropped])).toEqual([
      ['entry.0.messages.0', { entry: [{ messages: [2] }], other: [3] }],
      ['entry.0.messages.1', { entry: [{ messages: [1] }], other: [3] }],
    ]);
    expect(items[0].replaced[0]).toEqual({ entry: [{ messages: [null, 2] }], other: [3] });
  });
});
