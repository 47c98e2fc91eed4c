import { v7 } from 'uuid';
import { newId } from '../../../flow/ids';
import type { NewMedia, StoredFile } from '../../repositories/media.repository';
import { claimAt, event } from '../samples';
import type { SuiteContext } from '../store.suite';

const day = 86_400_000;
const leaseMs = 30_000;

const file = (changes: Partial<NewMedia> = {}): NewMedia => ({
  messageId: newId(),
  position: 0,
  instanceId: 'i1',
  attachment: JSON.stringify({ kind: 'image', ref: 'r1', mimeType: null, size: null, filename: 'a\0b' }),
  ...changes,
});

/** Nothing follows the file. */
const only = { transcribe: false };
const stored: StoredFile = { hash: 'a'.repeat(64), size: 5_000_000_000, mimeType: 'image/png' };

export function describeMedia({ store }: SuiteContext): void {
  const media = () => store().media;
  const claim = (at: number, changes = {}) => media().claim('file', claimAt(at, { leaseMs, ...changes }));
  const soon = () => Date.now() + 1;

  describe('the files of messages', () => {
    it('are pending at first, with all that the platform told of them', async () => {
      const one = file();
      await media().add([one]);
      expect(await media().get(one)).toMatchObject({ ...one, status: 'pending', attempts: 0, hash: null });
      expect(await media().get({ ...one, position: 1 })).toBeNull();
    });

    it('have one job each, however often they are told of', async () => {
      const one = file();
      await media().add([one, file({ messageId: one.messageId, position: 1 })]);
      const [first] = await claim(soon(), { limit: 1 });
      await media().complete(first, stored, only);
      await media().add([file({ messageId: one.messageId, position: 1 }), one]);
      const rows = await media().ofMessages([one.messageId, 'unknown']);
      expect(rows.map(({ position }) => position)).toEqual([0, 1]);
      expect(rows.map(({ status }) => status).sort()).toEqual(['pending', 'ready']);
    });

    it('are stored in any number at once', async () => {
      const many = Array.from({ length: 1_200 }, () => file());
      await media().add(many);
      expect((await store().stats.read(soon())).media).toBe(1_200);
    });

    it('are claimed by one process at a time', async () => {
      await media().add(Array.from({ length: 6 }, () => file()));
      const at = soon();
      const claims = (await Promise.all([1, 2, 3].map(() => claim(at, { limit: 4 })))).flat();
      claims.push(...(await claim(at)));
      expect(new Set(claims.map(({ messageId }) => messageId)).size).toBe(6);
      expect(claims).toHaveLength(6);
      expect(claims.every(({ attempts }) => attempts === 1)).toBe(true);
    });

    it('wait while their instance is left out', async () => {
      await media().add([file(), file({ instanceId: 'i2' })]);
      const claimed = await claim(soon(), { excludeInstances: ['i1'] });
      expect(claimed.map(({ instanceId }) => instanceId)).toEqual(['i2']);
    });

    it('are taken over when a claim ran out, and who lost it writes nothing', async () => {
      await media().add([file()]);
      const at = soon();
      const [lost] = await claim(at);
      expect(await claim(at + leaseMs - 1)).toEqual([]);
      const [held] = await claim(at + leaseMs);
      expect(held.attempts).toBe(2);
      const late = { code: 'EMPTY', reason: 'late', retryAt: null };
      expect(await media().extend([lost, held], at + 3 * leaseMs)).toEqual([false, true]);
      expect([
        await media().complete(lost, stored, only),
        await media().fail(lost, late),
        await media().release(lost, at),
      ]).toEqual([false, false, false]);
      expect(await claim(at + 3 * leaseMs - 1)).toEqual([]);
      expect(await media().get(held)).toMatchObject({ status: 'pending', epoch: held.epoch });
    });

    it('are done once they are here', async () => {
      await media().add([file()]);
      const [held] = await claim(soon());
      expect(await media().complete(held, stored, only)).toBe(true);
      expect(await media().get(held)).toMatchObject({ ...stored, status: 'ready', readyAt: null, leased: 0 });
      expect(await claim(soon() + day)).toEqual([]);
      expect(await media().named([stored.hash, 'b'.repeat(64)])).toEqual(new Set([stored.hash]));
    });

    it('say why they failed, also while they wait for another attempt, which may succeed', async () => {
      await media().add([file()]);
      const at = soon();
      const [held] = await claim(at);
      const failure = { code: 'UNREACHABLE', reason: 'no route', retryAt: at + 5_000 };
      expect(await media().fail(held, failure)).toBe(true);
      expect(await media().get(held)).toMatchObject({
        status: 'failed',
        code: 'UNREACHABLE',
        reason: 'no route',
      });
      expect(await media().nextReadyAt('file', at)).toBe(at + 5_000);
      expect(await claim(at + 4_999)).toEqual([]);
      const [again] = await claim(at + 5_000);
      expect(again.attempts).toBe(2);
      await media().complete(again, stored, only);
      expect(await media().get(held)).toMatchObject({ status: 'ready', code: null, reason: null });
    });

    it('are left alone after their last attempt', async () => {
      await media().add([file()]);
      const [held] = await claim(soon());
      await media().fail(held, { code: 'TOO_LARGE', reason: 'too large', retryAt: null });
      expect(await claim(soon() + day)).toEqual([]);
      expect(await media().nextReadyAt('file', 0)).toBeNull();
      expect((await store().stats.read(soon())).media).toBe(0);
    });

    it('may arrive without their job, which ends it', async () => {
      await media().add([file()]);
      const [held] = await claim(soon());
      await media().arrive(held, stored, only);
      expect(await media().fail(held, { code: 'EMPTY', reason: 'late', retryAt: null })).toBe(false);
      expect(await media().get(held)).toMatchObject({ ...stored, status: 'ready', readyAt: null });
    });

    it('are handed back as if they had not been claimed', async () => {
      await media().add([file(), file()]);
      const [held] = await claim(soon(), { limit: 1 });
      expect(await media().release(held, Date.now())).toBe(true);
      expect((await claim(soon())).map(({ attempts }) => attempts)).toEqual([1, 1]);
    });

    it('go with their messages, and stay as long as those', async () => {
      const old = event(null, { id: v7({ msecs: Date.now() - 40 * day }) });
      const young = event(null, { id: v7({ msecs: Date.now() - 6 * day }) });
      const unread = event('a', { id: v7({ msecs: Date.now() - 40 * day }) });
      for (const one of [old, young, unread]) {
        await store().hot.ingest(one);
        await media().add([file({ messageId: one.id }), file({ messageId: one.id, position: 1 })]);
      }
      expect(await store().retention.sweep(Date.now() - 30 * day)).toBe(3);
      const left = await media().ofMessages([old.id, young.id, unread.id]);
      expect(new Set(left.map(({ messageId }) => messageId))).toEqual(new Set([young.id, unread.id]));
    });

    it('go with their instance', async () => {
      const kept = file({ instanceId: 'i2' });
      await media().add([file(), kept]);
      await store().instances.delete('i1');
      expect((await claim(soon())).map(({ messageId }) => messageId)).toEqual([kept.messageId]);
    });

    it('are part of their message’s story', async () => {
      const message = event('a');
      await store().hot.ingest(message);
      await media().add([file({ messageId: message.id })]);
      expect((await store().messages.story(message.id))?.media).toMatchObject([
        { position: 0, status: 'pending' },
      ]);
    });
  });
}
