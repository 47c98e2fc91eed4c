import type { ChatId, ContactId } from '@omni-hub/contracts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RuleSet } from './rule-set';
import { openStore, type Store } from '../storage/open-store';
import { sampleInstance, sampleMessage, sampleTurn } from '../testing/samples';
import { readAccessFacts } from './access-facts';

const instance = sampleInstance();
const rules = new RuleSet([], instance.channel);

describe('what access rules are held against', () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'facts-'));
    store = await openStore(`sqlite:${join(folder, 'hub.db')}`);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const { sender } = sampleMessage();
  const group = { id: 'sample:group' as ChatId, kind: 'group' as const, title: null };

  it('is every id of the sender and of the chat, and the sender’s phone number', async () => {
    await store.aliases.file(instance.id, ['sample:7', 'sample:hidden']);
    const event = sampleMessage({}, { chat: group, sender: { ...sender, phone: '+49 30 123456' } });
    const turn = sampleTurn({ filedAs: 'sample:moved' });
    const facts = await readAccessFacts(rules, store, instance, turn, [event]);
    const names = facts!.names(event);
    expect(names[0]).toBe('sample:7');
    expect([...names].sort()).toEqual(
      ['sample:7', 'sample:hidden', 'sample:group', 'sample:moved', '+4930123456'].sort(),
    );
  });

  it('is asked of the database once for a whole turn', async () => {
    const asked = jest.spyOn(store.aliases, 'known');
    const events = ['sample:7', 'sample:8'].map((id) =>
      sampleMessage({}, { chat: group, sender: { ...sender, id: id as ContactId } }),
    );
    const facts = await readAccessFacts(rules, store, instance, sampleTurn(), events);
    expect(events.map((event) => facts!.names(event)[0])).toEqual(['sample:7', 'sample:8']);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('is not asked at all where no rule concerns the instance', async () => {
    const asked = jest.spyOn(store.aliases, 'known');
    expect(await readAccessFacts(null, store, instance, sampleTurn(), [sampleMessage()])).toBeNull();
    expect(asked).not.toHaveBeenCalled();
  });
});
