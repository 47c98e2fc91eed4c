import fc from 'fast-check';
import { seededRandom, shuffled } from './random';

describe('The seeded source', () => {
  it('gives the same numbers for the same seed, all in [0, 1)', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [one, other] = [seededRandom(seed), seededRandom(seed)];
        for (let draw = 0; draw < 20; draw++) {
          const number = one();
          expect(number).toBe(other());
          expect(number >= 0 && number < 1).toBe(true);
        }
      }),
    );
  });

  it('shuffles without losing anything', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const sorted = (list: number[]) => [...list].sort((a, b) => a - b);
        expect(sorted(shuffled(items, seededRandom(seed)))).toEqual(sorted(items));
      }),
    );
  });
});
