import { sampleDelivery } from '../testing/samples';
import { typedBy } from './typed-by';

describe('when a part has been typed', () => {
  it.each([
    ['at once, where it is not paced', { waitMs: null, createdAt: 100, lastSentAt: 200 }, 0],
    ['its time after it was committed', { waitMs: 50, createdAt: 100, lastSentAt: null }, 150],
    ['its time after what left the chat before it', { waitMs: 50, createdAt: 100, lastSentAt: 200 }, 250],
    [
      'its time after it was committed, where that was later',
      { waitMs: 50, createdAt: 300, lastSentAt: 200 },
      350,
    ],
    [
      'as soon as it can leave, where nothing is left to type',
      { waitMs: 0, createdAt: 300, lastSentAt: 200 },
      300,
    ],
  ])('%s', (_, delivery, at) => {
    expect(typedBy(sampleDelivery(delivery))).toBe(at);
  });
});
