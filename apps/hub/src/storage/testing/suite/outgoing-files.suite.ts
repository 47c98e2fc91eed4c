import { v7 } from 'uuid';
import { newId } from '../../../flow/ids';
import type { OutgoingFileRow, UploadRow } from '../../repositories/outgoing-files.repository';
import { outbound, request } from '../samples';
import type { SuiteContext } from '../store.suite';

const day = 86_400_000;
const idOfDaysAgo = (days: number) => v7({ msecs: Date.now() - days * day });
const hashOf = (letter: string) => letter.repeat(64);

const upload = (changes: Partial<UploadRow> = {}) => ({
  id: newId(),
  instanceId: null,
  hash: hashOf('a'),
  size: 5_000_000_000,
  mimeType: 'image/png',
  filename: 'a.png',
  ...changes,
});

const file = (changes: Partial<OutgoingFileRow> = {}) => ({
  messageId: newId(),
  source: 'where it is from',
  instanceId: 'i1',
  hash: hashOf('b'),
  size: 5_000_000_000,
  mimeType: null,
  filename: null,
  ...changes,
});

export function describeOutgoingFiles({ store }: SuiteContext): void {
  const files = () => store().outgoingFiles;

  describe('files that are sent', () => {
    it('are known by their uploads', async () => {
      const one = upload({ filename: 'a\0b.png' });
      await files().addUpload(one);
      expect(await files().upload(one.id)).toMatchObject({ ...one, filename: 'ab.png' });
      expect(await files().upload('unknown')).toBeNull();
    });

    it('are known by their messages, each source once', async () => {
      const one = file();
      await files().put([one, file({ messageId: one.messageId, source: 'elsewhere' })]);
      await files().put([{ ...one, hash: hashOf('c'), mimeType: 'image/png' }]);
      const rows = await files().ofMessage(one.messageId);
      expect(rows.map(({ source, hash }) => [source, hash]).sort()).toEqual([
        ['elsewhere', hashOf('b')],
        ['where it is from', hashOf('c')],
      ]);
      expect(await files().ofMessage('unknown')).toEqual([]);
    });

    it('tell which of the store’s files are theirs', async () => {
      await files().addUpload(upload());
      await files().put([file(), file()]);
      const named = await files().named(['a', 'b', 'c'].map(hashOf));
      expect([...named].sort()).toEqual([hashOf('a'), hashOf('b')]);
    });

    it('are swept with their messages, and not before: scheduled ones and those that wait too', async () => {
      const kept = { sent: idOfDaysAgo(40), scheduled: idOfDaysAgo(41), young: idOfDaysAgo(1) };
      const orphan = idOfDaysAgo(42);
      await store().hot.enqueue(request('a', outbound(['waits'], { id: kept.sent })));
      const later = request('a', outbound(['later'], { id: kept.scheduled }));
      await store().scheduled.add(later, Date.now() + 30 * day);
      await files().put([...Object.values(kept), orphan].map((messageId) => file({ messageId })));
      await store().retention.sweep(Date.now() - 30 * day);
      for (const messageId of Object.values(kept)) expect(await files().ofMessage(messageId)).toHaveLength(1);
      expect(await files().ofMessage(orphan)).toEqual([]);
    });

    it('are swept by their last use where they were uploaded', async () => {
      const [used, unused] = [upload(), upload()];
      const now = Date.now();
      jest.spyOn(Date, 'now').mockReturnValue(now - 40 * day);
      await files().addUpload(used);
      await files().addUpload(unused);
      jest.restoreAllMocks();
      await files().useUploads([used.id]);
      await store().retention.sweep(now - 30 * day);
      expect(await files().upload(used.id)).not.toBeNull();
      expect(await files().upload(unused.id)).toBeNull();
    });

    it('go with their instance', async () => {
      const [own, shared, other] = [upload({ instanceId: 'i1' }), upload(), upload({ instanceId: 'i2' })];
      for (const one of [own, shared, other]) await files().addUpload(one);
      const one = file();
      await files().put([one]);
      await store().instances.delete('i1');
      expect(await files().upload(own.id)).toBeNull();
      expect(await files().ofMessage(one.messageId)).toEqual([]);
      for (const { id } of [shared, other]) expect(await files().upload(id)).not.toBeNull();
    });
  });
}
