import { Slots } from './slots';

describe('slots', () => {
  it('let so many work at once, and the others in order, whatever becomes of them', async () => {
    const slots = new Slots(2);
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const work = (number: number) =>
      slots.use(async () => {
        begun.push(number);
        await new Promise<void>((resolve, reject) =>
          ends.push(number === 1 ? () => reject(new Error('no')) : resolve),
        );
      });
    const all = [0, 1, 2, 3].map((number) => work(number).catch(() => undefined));
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1]);
    ends[1]();
    await all[1];
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2]);
    for (const next of [0, 2, 3]) {
      ends[next]();
      await all[next];
      await new Promise(setImmediate);
    }
    expect(begun).toEqual([0, 1, 2, 3]);
  });
});
