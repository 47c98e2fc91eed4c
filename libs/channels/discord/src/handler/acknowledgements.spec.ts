import { RejectedError, UnreachableError } from '@omni-hub/channel-sdk';
import type { Call } from '../models/api.models';
import { Acknowledgements } from './acknowledgements';

const { signal } = new AbortController();
const callback = (id: number): Call => ({ method: 'POST', path: `/interactions/${id}/token/callback` });

describe('acknowledging interactions', () => {
  let calls: string[];
  let fail: Error | null;
  let acknowledgements: Acknowledgements;

  beforeEach(() => {
    calls = [];
    fail = null;
    acknowledgements = new Acknowledgements({
      call: async ({ path }) => {
        calls.push(path);
        if (fail) throw fail;
      },
    });
  });

  it('tells Discord once of each, also when asked at the same time', async () => {
    await Promise.all([1, 1, 2].map((id) => acknowledgements.make(callback(id), signal)));
    await acknowledgements.make(callback(1), signal);
    expect(calls).toEqual(['/interactions/1/token/callback', '/interactions/2/token/callback']);
  });

  it('says when one is on its way no more, whatever came of it', async () => {
    await acknowledgements.settled(callback(1));
    fail = new UnreachableError('away');
    const ends: string[] = [];
    const made = acknowledgements.make(callback(1), signal).catch(() => ends.push('failed'));
    await acknowledgements.settled(callback(1)).then(() => ends.push('settled'));
    await made;
    expect(ends.sort()).toEqual(['failed', 'settled']);
  });

  it('tells again what did not arrive', async () => {
    fail = new UnreachableError('away');
    await expect(acknowledgements.make(callback(1), signal)).rejects.toBe(fail);
    fail = null;
    await acknowledgements.make(callback(1), signal);
    expect(calls).toHaveLength(2);
  });

  it('is content where Discord knows already', async () => {
    fail = new RejectedError('answered', { platformCode: '40060' });
    await acknowledgements.make(callback(1), signal);
    await acknowledgements.make(callback(1), signal);
    expect(calls).toHaveLength(1);
  });
});
