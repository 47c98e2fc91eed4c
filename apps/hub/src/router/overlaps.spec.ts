import type { ContactId } from '@omni-hub/contracts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessRules } from '../access/access-rules';
import { createLog } from '../flow/log';
import { openStore, type Store } from '../storage/open-store';
import type { ClaimedTurn } from '../storage/store';
import { claimAt, event as newEvent } from '../storage/testing/samples';
import { sampleInstance, sampleMessage } from '../testing/samples';
import { Gatekeeper } from './gatekeeper';
import { Overlaps } from './overlaps';

const openRules: Pick<AccessRules, 'of'> = { of: () => null };
const log = createLog('error');

describe('messages that come while an agent works', () => {
  let folder: string;
  let store: Store;
  let overlaps: Overlaps;
  let gatekeeper: Gatekeeper;
  const instanceWith = (settings: Parameters<typeof sampleInstance>[0] = {}) =>
    sampleInstance({ ...settings, settings: { onOverlap: 'merge', groups: 'always', ...settings.settings } });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'overlaps-'));
    store = await openStore(`sqlite:${join(folder, 'hub.db')}`);
    gatekeeper = new Gatekeeper(store, openRules);
    overlaps = new Overlaps(store, gatekeeper, log);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const writes = (
    who: string,
    { kind = 'direct' as 'direct' | 'group', fromMe = false, at = Date.now() } = {},
  ) => {
    const id = `sample:${who}` as ContactId;
    const event = sampleMessage({ fromMe }, { sender: { ...sampleMessage().sender, id } });
    const row = newEvent('42', { receivedAt: at, event: JSON.stringify(event), senderId: id });
    row.chat!.kind = kind;
    return store.hot.ingest(row);
  };
  const claim = async () => (await store.hot.claimTurns(claimAt(Date.now() + 1)))[0];

  /** Why a turn is cut short while `happens` does; null where it is not. */
  async function cutWhile(
    happens: () => Promise<unknown>,
    { instance = instanceWith(), isCut = false, turn = null as ClaimedTurn | null } = {},
  ): Promise<string | null> {
    const claimed = turn ?? (await claim());
    const events = claimed.messages.map(({ event }) => JSON.parse(event) as ReturnType<typeof sampleMessage>);
    const judged = await gatekeeper.judge(claimed, events, instance, Date.now());
    gatekeeper.count(instance, judged);
    let why: string | null = null;
    const asking = { turn: claimed, instance, asked: isCut ? judged.asked.slice(0, 1) : judged.asked, isCut };
    await overlaps.during(
      asking,
      (reason) => (why = reason),
      async () => {
        await happens();
        await overlaps.look();
      },
    );
    return why;
  }

  it.each([
    ['merge', 'merged'],
    ['interrupt', 'interrupted'],
    ['queue', null],
  ] as const)('with onOverlap %s: the turn is %s', async (onOverlap, expected) => {
    await writes('ada');
    expect(await cutWhile(() => writes('ada'), { instance: instanceWith({ settings: { onOverlap } }) })).toBe(
      expected,
    );
  });

  it('are seen too where they came before the agent was asked', async () => {
    await writes('ada');
    const turn = await claim();
    await writes('ada');
    expect(await cutWhile(() => Promise.resolve(), { turn })).toBe('merged');
  });

  it('count only where they would pass the gates', async () => {
    await writes('ada');
    expect(await cutWhile(() => writes('ada', { fromMe: true }))).toBeNull();
  });

  it('do not count once the agent is paused in the chat', async () => {
    await writes('ada');
    const turn = await claim();
    const pausedAnd = async () => {
      await store.chats.pause(turn.chatId, Date.now(), null, null);
      await writes('ada');
    };
    expect(await cutWhile(pausedAnd, { turn })).toBeNull();
  });

  it('count towards a contact’s rate, which is not used up by looking', async () => {
    const instance = instanceWith({ settings: { contactRate: { messages: 2, perSeconds: 60 } } });
    await writes('ada');
    const turn = await claim();
    const more = () => writes('ada');
    expect(await cutWhile(more, { turn, instance })).toBe('merged');
    expect(await cutWhile(more, { turn, instance })).toBe('merged');
    const tight = instanceWith({ settings: { contactRate: { messages: 1, perSeconds: 60 } } });
    expect(await cutWhile(more, { turn, instance: tight })).toBeNull();
  });

  it('in a group count only where they are by somebody whom the turn answers', async () => {
    const group = { kind: 'group' as const };
    await writes('ada', group);
    const turn = await claim();
    expect(await cutWhile(() => writes('bob', group), { turn })).toBeNull();
    expect(await cutWhile(() => writes('ada', group), { turn })).toBe('merged');
  });

  it('are merged only where they are of the same session, as all before them', async () => {
    const group = { kind: 'group' as const };
    const settings = { session: 'contact' as const };
    await writes('ada', group);
    const turn = await claim();
    await writes('bob', group);
    expect(
      await cutWhile(() => writes('ada', group), { turn, instance: instanceWith({ settings }) }),
    ).toBeNull();
    const interrupts = instanceWith({ settings: { ...settings, onOverlap: 'interrupt' } });
    expect(await cutWhile(() => writes('ada', group), { turn, instance: interrupts })).toBe('interrupted');
  });

  it('are not merged with a turn that ends at a session’s border, and cut it short only where they came later', async () => {
    await writes('ada');
    await writes('ada');
    const turn = await claim();
    expect(await cutWhile(() => writes('ada'), { turn, isCut: true })).toBeNull();
    const interrupts = instanceWith({ settings: { onOverlap: 'interrupt' } });
    expect(
      await cutWhile(() => Promise.resolve(), {
        turn: { ...turn, lastSeq: 3 },
        isCut: true,
        instance: interrupts,
      }),
    ).toBeNull();
    expect(await cutWhile(() => writes('ada'), { turn, isCut: true, instance: interrupts })).toBe(
      'interrupted',
    );
  });

  it('are merged with a turn that is tried again after a failure, and not with one that was lost', async () => {
    await writes('ada');
    const turn = { ...(await claim()), claimedBefore: true };
    expect(await cutWhile(() => writes('ada'), { turn })).toBeNull();
    expect(await cutWhile(() => writes('ada'), { turn: { ...turn, attempts: 1 } })).toBe('merged');
  });

  it('leave a full turn alone: the next could not hold more', async () => {
    await Promise.all(Array.from({ length: 50 }, () => writes('ada')));
    expect(await cutWhile(() => writes('ada'))).toBeNull();
  });

  it('are merged no more once the oldest has waited as long as the agent may take, quiet times aside', async () => {
    await writes('ada', { at: Date.now() - 2_000 });
    const turn = await claim();
    expect(await cutWhile(() => writes('ada'), { turn })).toBeNull();
    const settling = instanceWith({ settings: { settleMs: 1_000 } });
    expect(await cutWhile(() => writes('ada'), { turn, instance: settling })).toBe('merged');
    const interrupts = instanceWith({ settings: { onOverlap: 'interrupt' } });
    expect(await cutWhile(() => writes('ada'), { turn, instance: interrupts })).toBe('interrupted');
  });

  it('wait for the next turn where the database cannot be asked', async () => {
    await writes('ada');
    const broken = { waiting: { lanes: () => Promise.reject(new Error('gone')) } } as unknown as Store;
    overlaps = new Overlaps(broken, gatekeeper, createLog('silent'));
    expect(await cutWhile(() => writes('ada'))).toBeNull();
  });
});
