import { newId } from '../../../flow/ids';
import type { InstanceRow } from '../../repositories/instances.repository';
import { claimAt, completion, event, now, outbound, receipt, request } from '../samples';
import type { SuiteContext } from '../store.suite';

const instance = (name: string): InstanceRow => ({
  id: `id-${name}`,
  name,
  channel: 'test',
  enabled: true,
  config: { token: 'sealed' },
  agent: { kind: 'echo' },
  shadowAgent: null,
  settings: { settleMs: 0 },
  account: null,
  pausedCode: null,
  pausedReason: null,
  createdAt: now,
  updatedAt: now,
});

export function describeRepositories({ store, reopen }: SuiteContext): void {
  describe('instances', () => {
    it('are read as they were written', async () => {
      await store().instances.insert(instance('b'));
      await store().instances.insert(instance('a'));
      expect(await store().instances.list()).toEqual([instance('a'), instance('b')]);
      expect(await store().instances.getByName('a')).toEqual(instance('a'));
      expect(await store().instances.get('id-b')).toEqual(instance('b'));
      expect(await store().instances.getByName('c')).toBeNull();
      await expect(store().instances.insert({ ...instance('a'), id: 'other' })).rejects.toThrow();
    });

    it('show every change in their version, also several within a millisecond', async () => {
      const { instances } = store();
      const account = { id: '1', name: 'Bot', username: null };
      const versions = [await instances.version()];
      const changes = [
        () => instances.insert(instance('a')),
        () => instances.setPaused('id-a', 'UNAUTHORIZED', 'correct the token'),
        () => instances.setPaused('id-a', null, null),
        () => instances.setAccount('id-a', account),
        () => instances.update({ ...instance('a'), enabled: false }),
        () => instances.insert(instance('b')),
        () => instances.delete('id-b'),
        () => instances.delete('id-a'),
      ];
      for (const change of changes.slice(0, -1)) {
        await change();
        versions.push(await instances.version());
      }
      expect(new Set(versions).size).toBe(versions.length - 1);
      expect(versions[7]).toBe(versions[5]);
      expect(await instances.getByName('a')).toMatchObject({ enabled: false, account: null });
      const before = await instances.version();
      await instances.setAccount('id-a', account);
      const after = await instances.version();
      await instances.setAccount('id-a', account);
      expect(after).not.toBe(before);
      expect(await instances.version()).toBe(after);
    });

    it('take everything with them that was theirs, and nothing else', async () => {
      await store().instances.insert(instance('a'));
      await store().hot.ingest(event('x', { instanceId: 'id-a' }));
      const kept = event('x', { instanceId: 'other' });
      await store().hot.ingest(kept);
      const sent = await store().hot.enqueue(request('x', outbound(['1'], { instanceId: 'id-a' })));
      await store().cursors.set('id-a', 'bot', '5');
      await store().instances.delete('id-a');
      expect(await store().instances.list()).toEqual([]);
      expect(await store().messages.story(sent.messageId)).toBeNull();
      expect(await store().cursors.get('id-a', 'bot')).toBeNull();
      expect(await store().hot.claimDeliveries(claimAt(now))).toEqual([]);
      expect((await store().hot.claimTurns(claimAt(now))).map(({ instanceId }) => instanceId)).toEqual([
        'other',
      ]);
    });

    it('know when they last received and sent', async () => {
      expect(await store().instances.lastActivity('i1')).toEqual({ lastInboundAt: null, lastSendAt: null });
      await store().hot.ingest(event('a', { receivedAt: now + 5 }));
      await store().hot.enqueue(request('a', outbound(['1'])));
      const [part] = await store().hot.claimDeliveries(claimAt(now));
      await store().hot.completeDelivery(receipt(part, { at: now + 9 }));
      const activity = { lastInboundAt: now + 5, lastSendAt: now + 9 };
      expect(await store().instances.lastActivity('i1')).toEqual(activity);
    });
  });

  describe('chats', () => {
    it('are listed newest first, page by page', async () => {
      for (const chat of ['a', 'b', 'c']) await store().hot.ingest(event(chat));
      await store().hot.ingest(event('d', { instanceId: 'i2' }));
      const first = await store().chats.list({ instanceId: 'i1', limit: 2, cursor: null });
      const second = await store().chats.list({ instanceId: 'i1', limit: 2, cursor: first.nextCursor });
      const ids = [...first.items, ...second.items].map(({ externalId }) => externalId);
      expect(ids).toEqual(['test:c', 'test:b', 'test:a']);
      expect(second.nextCursor).toBeNull();
      expect((await store().chats.list({ instanceId: null, limit: 9, cursor: null })).items).toHaveLength(4);
    });

    it('tell since when they wait', async () => {
      await store().hot.ingest(event('a', { receivedAt: now + 1 }));
      const [turn] = await store().hot.claimTurns(claimAt(now + 2));
      await store().hot.ingest(event('a', { receivedAt: now + 3 }));
      expect(await store().chats.get(turn.chatId)).toMatchObject({ waitingSince: now + 1, leased: 1 });
      await store().hot.completeTurn(completion(turn));
      expect(await store().chats.get(turn.chatId)).toMatchObject({ waitingSince: now + 3, leased: 0 });
    });

    it('show the messages of both directions from either end', async () => {
      const question = event('a');
      await store().hot.ingest(question);
      const { messageId, chatId } = await store().hot.enqueue(request('a', outbound(['answer'])));
      const page = (order: 'newest' | 'oldest', cursor: string | null) =>
        store().chats.messages(chatId, { limit: 1, cursor, order });
      const oldest = await page('oldest', null);
      expect(oldest.items.map(({ id, direction }) => [id, direction])).toEqual([[question.id, 'in']]);
      expect((await page('oldest', oldest.nextCursor)).items[0].id).toBe(messageId);
      const newest = await page('newest', null);
      expect(newest.items[0].id).toBe(messageId);
      expect((await page('newest', newest.nextCursor)).items[0].id).toBe(question.id);
    });

    it('follow a move: the new id means the old chat, and what waits goes there', async () => {
      await store().hot.ingest(event('old'));
      await store().hot.enqueue(request('old', outbound(['1'])));
      await store().chats.rekey('i1', 'test:old', 'test:new');
      await store().chats.rekey('i1', 'test:old', 'test:new');
      const { chatId } = await store().hot.enqueue(request('new', outbound(['2'])));
      const [turn] = await store().hot.claimTurns(claimAt(now));
      const [part] = await store().hot.claimDeliveries(claimAt(now));
      expect([turn.chatId, part.chatId]).toEqual([chatId, chatId]);
      expect([turn.address, part.address]).toEqual(['test:new', 'test:new']);
    });

    it('follow a move to an id that is a chat already: both stay, and both send there', async () => {
      await store().hot.enqueue(request('old', outbound(['1'])));
      await store().hot.enqueue(request('new', outbound(['2'])));
      await store().chats.rekey('i1', 'test:old', 'test:new');
      await store().chats.rekey('i1', 'test:old', 'test:new');
      const parts = await store().hot.claimDeliveries(claimAt(now));
      expect(parts.map(({ address }) => address)).toEqual(['test:new', 'test:new']);
    });

    it('are found by either id', async () => {
      await store().hot.ingest(event('a'));
      const [{ chatId }] = await store().hot.claimTurns(claimAt(now));
      const found = { externalId: 'test:a', kind: 'direct', title: null };
      expect(await store().chats.findTarget('i1', 'test:a')).toEqual(found);
      expect(await store().chats.findTarget('i1', chatId)).toEqual(found);
    });
  });

  describe('the agent’s pause in a chat', () => {
    const claimed = async () => {
      await store().hot.ingest(event('a'));
      const [turn] = await store().hot.claimTurns(claimAt(now));
      await store().hot.completeTurn(completion(turn));
      return turn;
    };

    it('is told with every turn that is claimed, until it is taken back', async () => {
      const { chatId, pausedAt } = await claimed();
      expect(pausedAt).toBeNull();
      expect(await store().chats.pause(chatId, now, now + 5, 'Grace took over')).toBe(true);
      await reopen();
      const pause = { pausedAt: now, pausedUntil: now + 5, pausedReason: 'Grace took over' };
      expect(await claimed()).toMatchObject(pause);
      expect(await store().chats.get(chatId)).toMatchObject(pause);
      expect(await store().chats.resume(chatId)).toBe(true);
      expect(await claimed()).toMatchObject({ pausedAt: null, pausedUntil: null, pausedReason: null });
    });

    it('is of a chat that exists', async () => {
      expect(await store().chats.pause('unknown', now, null, null)).toBe(false);
      expect(await store().chats.resume('unknown')).toBe(false);
    });
  });

  describe('access rules', () => {
    const rule = (pattern: string, instanceId: string | null = null) => ({
      id: newId(),
      instanceId,
      action: 'block' as const,
      pattern,
      createdAt: now,
    });

    it('are listed newest first, page by page, and all at once', async () => {
      const [one, two, three] = [rule('a'), rule('b', 'i1'), rule('c', 'i1')];
      for (const each of [one, two, three]) await store().accessRules.insert(each);
      await reopen();
      expect(await store().accessRules.all()).toEqual([one, two, three]);
      const first = await store().accessRules.list({ instanceId: null, limit: 2, cursor: null });
      expect(first.items).toEqual([three, two]);
      const rest = await store().accessRules.list({ instanceId: null, limit: 2, cursor: first.nextCursor });
      expect(rest).toEqual({ items: [one], nextCursor: null });
      const own = await store().accessRules.list({ instanceId: 'i1', limit: 9, cursor: null });
      expect(own.items).toEqual([three, two]);
    });

    it('have another version after each change, also one that leaves as many as there were', async () => {
      const { accessRules } = store();
      const versions = [await accessRules.version()];
      const [one, two] = [rule('a'), rule('b')];
      await accessRules.insert(one);
      versions.push(await accessRules.version());
      expect(await accessRules.delete(one.id)).toBe(true);
      expect(await accessRules.delete(one.id)).toBe(false);
      await accessRules.insert(two);
      versions.push(await accessRules.version());
      expect(new Set(versions).size).toBe(3);
      expect(await accessRules.version()).toBe(versions[2]);
    });

    it('of an instance go with it', async () => {
      const global = rule('a');
      for (const each of [global, rule('b', 'i1')]) await store().accessRules.insert(each);
      await store().instances.delete('i1');
      expect(await store().accessRules.all()).toEqual([global]);
    });
  });

  describe('the story of a message', () => {
    it('of a question has its turn and the parts of the answer; of an answer its own parts', async () => {
      const question = event('a');
      await store().hot.ingest(question);
      expect(await store().messages.story(question.id)).toMatchObject({ turn: null, deliveries: [] });
      const [turn] = await store().hot.claimTurns(claimAt(now));
      const said = [outbound(['1', '2'], { turnId: turn.turnId }), outbound(['3'], { turnId: turn.turnId })];
      await store().hot.completeTurn(completion(turn, { outbound: said }));
      const story = await store().messages.story(question.id);
      expect(story).toMatchObject({ chat: { id: turn.chatId }, turn: { id: turn.turnId } });
      expect(story?.deliveries.map(({ part }) => part)).toEqual(['1', '2', '3']);
      const own = await store().messages.story(said[1].id);
      expect(own).toMatchObject({ message: { direction: 'out' }, turn: { id: turn.turnId } });
      expect(own?.deliveries.map(({ part }) => part)).toEqual(['3']);
      expect(await store().messages.story('unknown')).toBeNull();
    });

    it('finds the stored event of an attachment', async () => {
      const stored = event('a');
      await store().hot.ingest(stored);
      expect(await store().messages.source(stored.id)).toEqual({
        instanceId: 'i1',
        turnId: null,
        content: stored.event,
      });
      expect(await store().messages.source('unknown')).toBeNull();
    });
  });

  describe('API keys, cursors, tokens and leases', () => {
    it('keep keys by their hash', async () => {
      const key = {
        id: newId(),
        name: 'admin',
        hash: 'h',
        prefix: 'omni_abc',
        scopes: ['*'],
        instances: ['a'],
        createdAt: now,
        expiresAt: null,
      };
      await store().apiKeys.insert(key);
      await store().apiKeys.insert({ ...key, id: newId() });
      await store().apiKeys.touch(key.id, now + 1);
      expect(await store().apiKeys.list()).toEqual([{ ...key, lastUsedAt: now + 1 }]);
      expect((await store().apiKeys.getByHash('h'))?.id).toBe(key.id);
      expect([await store().apiKeys.delete(key.id), await store().apiKeys.delete(key.id)]).toEqual([
        true,
        false,
      ]);
      expect(await store().apiKeys.getByHash('h')).toBeNull();
    });

    it('keep the last cursor and the values of tokens', async () => {
      await store().cursors.set('i1', 'bot', '1');
      await store().cursors.set('i1', 'bot', '2');
      const tokens = [
        { token: 't1', value: 'long one' },
        { token: 't2', value: 'long two' },
      ];
      await store().actionTokens.put('i1', tokens);
      await store().actionTokens.put('i1', [tokens[0]]);
      await reopen();
      expect(await store().cursors.get('i1', 'bot')).toBe('2');
      expect(await store().actionTokens.get('i1', 't1')).toBe('long one');
      expect(await store().actionTokens.get('i2', 't1')).toBeNull();
    });

    it('give an account no cursor of another', async () => {
      const { cursors } = store();
      await cursors.set('i1', 'bot', '1');
      expect(await cursors.get('i1', 'another bot')).toBeNull();
      await cursors.set('i1', 'another bot', '7');
      expect([await cursors.get('i1', 'bot'), await cursors.get('i1', 'another bot')]).toEqual([null, '7']);
    });

    it('lend a lease to one owner at a time, with a new epoch for each', async () => {
      const { leases } = store();
      expect(await leases.acquire('listen', 'one', 60_000)).toBe(1);
      expect(await leases.acquire('listen', 'two', 60_000)).toBeNull();
      expect(await leases.renew('listen', 'two', 60_000)).toBe(false);
      expect(await leases.renew('listen', 'one', 60_000)).toBe(true);
      await leases.release('listen', 'two');
      expect(await leases.acquire('listen', 'two', 60_000)).toBeNull();
      await leases.release('listen', 'one');
      expect(await leases.acquire('listen', 'two', -1)).toBe(2);
      expect(await leases.acquire('listen', 'one', 60_000)).toBe(3);
    });

    it('count the processes that were seen lately', async () => {
      expect(await store().leases.beat('one', 60_000)).toBe(1);
      expect(await store().leases.beat('two', 60_000)).toBe(2);
      expect(await store().leases.beat('two', 60_000)).toBe(2);
      await store().leases.leave('two');
      expect(await store().leases.beat('one', 60_000)).toBe(1);
      expect(await store().leases.beat('three', -60_000)).toBe(0);
    });
  });
}
