import { claimAt, event, now, outbound, request } from '../samples';
import type { SuiteContext } from '../store.suite';

export function describeIdentities({ store, reopen }: SuiteContext): void {
  const file = (...ids: string[]) => store().aliases.file('i1', ids);

  describe('a contact', () => {
    const contact = (id: string) => ({
      ...{ id, externalId: `test:${id}`, name: id, username: null, phone: null, locale: null },
    });
    const write = (id: string) =>
      store().hot.ingest(event(id, { senderId: `test:${id}`, contact: contact(id) }));
    const personOf = async (id: string) => (await store().contacts.get(id))?.personId;

    it('is a person of its own until it is linked to another’s, and that stays so', async () => {
      for (const id of ['ada', 'ada2', 'bob']) await write(id);
      expect(await personOf('ada2')).toBe('ada2');
      expect(await store().contacts.link('ada2', 'ada')).toBe(true);
      await write('ada2');
      const query = { instanceId: null, externalId: null, limit: 10, cursor: null };
      const { items } = await store().contacts.list({ ...query, personId: 'ada' });
      expect(items.map(({ id }) => id)).toEqual(['ada2', 'ada']);
      const turns = await store().hot.claimTurns(claimAt(now));
      expect(turns.map(({ address, messages }) => [address, messages[0].personId]).sort()).toEqual([
        ['test:ada', 'ada'],
        ['test:ada2', 'ada'],
        ['test:bob', 'bob'],
      ]);
      await store().contacts.unlink('ada2');
      expect(await personOf('ada2')).toBe('ada2');
    });

    it('becomes somebody new where others have become the person that it was', async () => {
      for (const id of ['ada', 'ada2']) await write(id);
      await store().contacts.link('ada2', 'ada');
      await store().contacts.unlink('ada');
      const person = await personOf('ada');
      expect(['ada', 'ada2']).not.toContain(person);
      expect(await personOf('ada2')).toBe('ada');
      expect(await store().contacts.link('ada2', person!)).toBe(true);
    });

    it('is linked to nobody who is not there', async () => {
      await write('ada');
      expect(await store().contacts.link('ada', 'nobody')).toBe(false);
      expect(await personOf('ada')).toBe('ada');
    });

    it('is found by its id at the platform, page by page', async () => {
      for (const id of ['ada', 'bob']) await write(id);
      const query = { instanceId: 'i1', personId: null, limit: 1, cursor: null };
      const found = await store().contacts.list({ ...query, externalId: 'test:ada' });
      expect(found.items.map(({ id }) => id)).toEqual(['ada']);
      const first = await store().contacts.list({ ...query, externalId: null });
      const second = await store().contacts.list({ ...query, externalId: null, cursor: first.nextCursor });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['bob', 'ada']);
      expect(second.nextCursor).toBeNull();
    });
  });

  describe('the ids of one person', () => {
    it('are filed under the preferred one when nothing is known yet', async () => {
      expect(await file('test:phone', 'test:hidden')).toBe('test:phone');
      await reopen();
      expect(await store().aliases.resolve('i1', 'test:hidden')).toBe('test:phone');
      expect(await file('test:hidden')).toBe('test:phone');
    });

    it('stay under the one that has a chat already', async () => {
      await store().hot.ingest(event('hidden'));
      expect(await file('test:phone', 'test:hidden')).toBe('test:hidden');
      expect(await file('test:phone')).toBe('test:hidden');
    });

    it('go together once they are known to be one, under the older chat', async () => {
      await store().hot.ingest(event('hidden'));
      await store().hot.ingest(event('phone'));
      expect(await file('test:phone', 'test:hidden')).toBe('test:hidden');
      expect(await file('test:third', 'test:phone')).toBe('test:hidden');
    });

    it('bring along what was filed under each of them', async () => {
      await file('test:a', 'test:b');
      await file('test:c', 'test:d');
      const one = await file('test:b', 'test:c');
      for (const id of ['test:a', 'test:b', 'test:c', 'test:d']) expect(await file(id)).toBe(one);
    });

    it('are told for any of them, with the phone number of the contact', async () => {
      await file('test:phone', 'test:hidden');
      const phone = '+4930123456';
      const contact = { id: 'c1', externalId: 'test:phone', name: null, username: null, phone, locale: null };
      await store().hot.ingest(event('phone', { contact }));
      const [one, other, stranger] = await store().aliases.known('i1', [
        'test:phone',
        'test:hidden',
        'test:x',
      ]);
      expect(one).toMatchObject({ id: 'test:phone', phone });
      expect(one.aliases.sort()).toEqual(['test:hidden', 'test:phone']);
      expect(other.aliases.sort()).toEqual(['test:hidden', 'test:phone']);
      expect(stranger).toEqual({ id: 'test:x', aliases: [], phone: null });
      expect(await store().aliases.known('i2', ['test:hidden'])).toEqual([
        { id: 'test:hidden', aliases: [], phone: null },
      ]);
    });

    it('are another instance’s own business', async () => {
      await file('test:phone', 'test:hidden');
      expect(await store().aliases.resolve('i2', 'test:hidden')).toBe('test:hidden');
    });

    it('may be filed by two at once', async () => {
      const both = await Promise.all([file('test:a', 'test:b'), file('test:a', 'test:b')]);
      expect(both).toEqual(['test:a', 'test:a']);
    });
  });

  describe('where answers go', () => {
    const seen = (seenAddress: string | null) => {
      const one = event('a');
      return store().hot.ingest({ ...one, chat: { ...one.chat!, seenAddress } });
    };
    const address = async () => {
      await store().hot.enqueue(request('a', outbound(['1'])));
      return (await store().hot.claimDeliveries(claimAt(now)))[0].address;
    };

    it('is the address last seen', async () => {
      await seen('test:first');
      await seen('test:second');
      await seen(null);
      expect(await address()).toBe('test:second');
      expect((await store().hot.claimTurns(claimAt(now)))[0].address).toBe('test:second');
    });

    it('is the chat’s own id where none was seen', async () => {
      await seen(null);
      expect(await address()).toBe('test:a');
    });

    it('is the new id of a chat that the platform re-keyed', async () => {
      await seen('test:first');
      await store().chats.rekey('i1', 'test:a', 'test:moved');
      await store().hot.enqueue(request('moved', outbound(['1'])));
      expect((await store().hot.claimDeliveries(claimAt(now)))[0].address).toBe('test:moved');
    });
  });

  describe('when somebody last wrote', () => {
    it('is the latest of what they wrote, and nothing else', async () => {
      for (const heardAt of [null, 5, 9, 7, null]) await store().hot.ingest(event('a', { heardAt }));
      expect(await store().chats.heardAt('i1', 'test:a')).toBe(9);
      await store().hot.enqueue(request('a', outbound(['1'])));
      expect((await store().hot.claimDeliveries(claimAt(now)))[0].heardAt).toBe(9);
    });

    it('is never for a chat that only the hub has written to', async () => {
      await store().hot.enqueue(request('a', outbound(['1'])));
      expect((await store().hot.claimDeliveries(claimAt(now)))[0].heardAt).toBeNull();
      expect(await store().chats.heardAt('i1', 'test:a')).toBeNull();
    });
  });

  describe('how an account stands with its platform', () => {
    it('is remembered; a restriction that goes on keeps the time at which it began', async () => {
      const { instanceStates: states } = store();
      await states.setConnection('i1', 'closed', 'replaced', 3);
      await states.restrict('i1', '463', 'first', 10, 20);
      await states.restrict('i1', '463', 'again', 15, 25);
      await reopen();
      expect(await store().instanceStates.list()).toEqual([
        {
          instanceId: 'i1',
          connection: 'closed',
          connectionDetail: 'replaced',
          connectionAt: 3,
          restrictedCode: '463',
          restrictedReason: 'again',
          restrictedSince: 10,
          restrictedUntil: 25,
        },
      ]);
    });

    it('a restriction that was over begins anew, and one can be lifted', async () => {
      await store().instanceStates.restrict('i1', '463', 'first', 10, 20);
      await store().instanceStates.restrict('i1', '463', 'later', 30, 40);
      expect(await store().instanceStates.list()).toMatchObject([
        { restrictedSince: 30, restrictedUntil: 40 },
      ]);
      await store().instanceStates.lift('i1');
      expect(await store().instanceStates.list()).toMatchObject([
        { restrictedSince: null, restrictedUntil: null },
      ]);
    });
  });
}
