import { brokenRules, mutated, only, reachesListener, removeFixtures } from './sample/broken-rules';
import { mutations, type Mutation } from './sample/mutations';

jest.setTimeout(60_000);

const reaching = mutations.filter(reachesListener);
const broken = new Map<Mutation, string[]>();

async function look(mutation: Mutation): Promise<void> {
  broken.set(mutation, await brokenRules(mutated(mutation), only('LIVE-1')));
}

// At once: each of them waits for outages, pauses and aborts, and they share nothing.
beforeAll(async () => {
  await Promise.all(reaching.filter(({ alone }) => !alone).map(look));
  for (const mutation of reaching.filter(({ alone }) => alone)) await look(mutation);
});
afterAll(removeFixtures);

describe('the rule of listeners', () => {
  it.each(reaching)('looks, for $rule, at a channel that $what', (mutation) =>
    expect(broken.get(mutation)).toEqual(mutation.rule === 'LIVE-1' ? ['LIVE-1'] : []),
  );
});
