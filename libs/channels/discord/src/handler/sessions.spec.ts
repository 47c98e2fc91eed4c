import { Sessions, type ShardDispatch } from './sessions';

const event = (sequence: number, { session = 's1', shard = 0 } = {}): ShardDispatch => ({
  session,
  resumeUrl: 'wss://resume',
  sequence,
  kind: 'MESSAGE_CREATE',
  data: {},
  raw: '{}',
  shard,
});

describe('sessions', () => {
  it('go on from what is committed, never from what is not', () => {
    const sessions = Sessions.read(null, 1);
    const cursor = sessions.after([event(1), event(2)]);
    expect(sessions.of(0)).toBeNull();
    sessions.commit([event(1), event(2)]);
    expect(sessions.of(0)).toEqual({ sessionId: 's1', resumeUrl: 'wss://resume', sequence: 2 });
    expect(Sessions.read(cursor, 1).of(0)).toEqual(sessions.of(0));
  });

  it('know the number of their own events only', () => {
    const sessions = Sessions.read(null, 1);
    sessions.commit([event(7)]);
    expect([
      sessions.sequenceOf(0, 's1'),
      sessions.sequenceOf(0, 's2'),
      sessions.sequenceOf(1, 's1'),
    ]).toEqual([7, null, null]);
  });

  it('are one for each shard', () => {
    const sessions = Sessions.read(null, 2);
    sessions.commit([event(3), event(9, { session: 's2', shard: 1 })]);
    const again = Sessions.read(sessions.after([]), 2);
    expect([again.of(0)?.sequence, again.of(1)?.sequence]).toEqual([3, 9]);
  });

  it('that are over do not come back with what is still committed of them', () => {
    const sessions = Sessions.read(null, 1);
    sessions.commit([event(3)]);
    sessions.end(0, 's1');
    expect(sessions.of(0)).toBeNull();
    sessions.commit([event(4)]);
    expect(sessions.of(0)).toBeNull();
    sessions.commit([event(1, { session: 's2' })]);
    expect(sessions.of(0)?.sessionId).toBe('s2');
  });

  it.each([
    'nonsense',
    '{}',
    '[]',
    '{"shards":1}',
    '{"shards":1,"sessions":{"0":{"sessionId":"s"}}}',
    '{"shards":2,"sessions":{"0":{"sessionId":"s","resumeUrl":"wss://x","sequence":1}}}',
  ])('begin anew from the cursor %s', (cursor) => expect(Sessions.read(cursor, 1).of(0)).toBeNull());
});
