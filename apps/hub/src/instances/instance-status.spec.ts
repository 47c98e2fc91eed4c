import type { AccountConnection } from '@omni-hub/contracts';
import { sampleInstance } from '../testing/samples';
import { judge, type StatusFacts } from './instance-status';

const at = Date.parse('2026-11-22T10:00:00.000Z');
const account = { id: '1', name: null, username: null };
const healthy: StatusFacts['platform'] = { account, healthy: true, problem: null, facts: {} };
const connection = (state: AccountConnection) => ({ state, detail: 'stream error', at });
const restriction = { code: 'RESTRICTED', reason: 'code 463', since: at, until: at + 3_600_000 };

function judged(facts: Partial<StatusFacts> = {}, instance = sampleInstance()) {
  return judge(instance, { platform: null, transport: null, connection: null, restriction: null, ...facts });
}

describe('the state of an instance', () => {
  it('is ok where nothing speaks against it', () => {
    expect(judged()).toEqual({ state: 'ok', problem: null });
    expect(judged({ platform: healthy, connection: connection('open') }).state).toBe('ok');
    expect(judged({ connection: connection('connecting') }).state).toBe('ok');
  });

  it('is that of its switch and its pause before anything else', () => {
    const paused = { code: 'UNAUTHORIZED', reason: 'the token is refused' };
    expect(judged({ restriction }, sampleInstance({ enabled: false, paused })).state).toBe('disabled');
    expect(judged({ restriction }, sampleInstance({ paused }))).toEqual({
      state: 'paused',
      problem: 'the token is refused. Correct the configuration by PATCH, or connect again',
    });
  });

  it('that waits for its account is paused, and says how the account comes back', () => {
    const paused = { code: 'UNLINKED', reason: 'logged out on the phone' };
    const { state, problem } = judged({ connection: connection('unlinked') }, sampleInstance({ paused }));
    expect([state, problem]).toEqual([
      'paused',
      expect.stringMatching(
        /^logged out on the phone\. .*QR code is at \/api\/v1\/instances\/support-bot\/qr$/,
      ),
    ]);
  });

  it.each<[AccountConnection, RegExp]>([
    ['closed', /closed \(stream error\)\. .*restart/],
    ['unlinked', /unlinked \(stream error\)\. .*QR code/],
    ['banned', /banned \(stream error\)\. .*support/],
  ])('is degraded while the account is %s, and says what to do', (state, problem) => {
    expect(judged({ connection: connection(state) })).toEqual({
      state: 'degraded',
      problem: expect.stringMatching(problem),
    });
  });

  it.each<[AccountConnection, string]>([
    ['closed', 'ok'],
    ['unlinked', 'ok'],
    ['banned', 'degraded'],
  ])('that was last told to be %s is %s once the platform says that it is well', (state, now) => {
    expect(judged({ connection: connection(state), platform: healthy }).state).toBe(now);
  });

  it('is told by the platform’s own word before the last that it told', () => {
    const platform = { ...healthy, healthy: false, problem: 'no instance of this name' };
    expect(judged({ platform, connection: connection('closed') }).problem).toBe('no instance of this name');
    const error = { error: 'UNREACHABLE', detail: 'no route' };
    expect(judged({ platform: error, restriction }).problem).toBe('no route');
  });

  it('is degraded while its listener has no connection', () => {
    expect(judged({ transport: 'retrying' }).state).toBe('degraded');
    expect(judged({ transport: 'connected' }).state).toBe('ok');
  });

  it('is restricted, not broken, while the account may begin no conversations', () => {
    const { state, problem } = judged({ platform: healthy, connection: connection('open'), restriction });
    expect(state).toBe('degraded');
    expect(problem).toMatch(/restricted, not broken \(code 463\)/);
    expect(problem).toMatch(/Until 2026-11-22T11:00:00.000Z first contacts and scheduled messages/);
    expect(problem).toMatch(/answers go on/);
  });
});
