import { sampleInstance, sampleMessage } from '../testing/samples';
import type { SessionPolicy } from '../instances/live-instance';
import { sessionIdOf } from './session';

describe('what an agent remembers a conversation by', () => {
  const idOf = (session: SessionPolicy, personId: string | null = 'p1') =>
    sessionIdOf(
      sampleInstance({ settings: { session } }),
      { filedAs: 'sample:42' },
      { rowId: 'm1', personId, receivedAt: 0, event: sampleMessage() },
    );

  it('is the chat, the contact in whatever chat, or the person on whatever instance', () => {
    expect(idOf('chat')).toBe('support-bot/sample:42');
    expect(idOf('contact')).toBe('support-bot/sample:7');
    expect(idOf('person')).toBe('person/p1');
  });

  it('is the contact where nobody knows the person', () => {
    expect(idOf('person', null)).toBe('support-bot/sample:7');
  });
});
