import { newId } from '../../../flow/ids';
import type { MediaKey } from '../../repositories/media.repository';
import { claimAt } from '../samples';
import type { SuiteContext } from '../store.suite';

const day = 86_400_000;
const leaseMs = 30_000;
const stored = { hash: 'a'.repeat(64), size: 9_000, mimeType: 'audio/ogg' };
const failure = { code: 'UNREACHABLE', reason: 'no route', retryAt: null };

export function describeTranscripts({ store }: SuiteContext): void {
  const media = () => store().media;
  const claim = (step: 'file' | 'transcript', at: number) => media().claim(step, claimAt(at, { leaseMs }));
  const soon = () => Date.now() + 1;

  async function added(): Promise<MediaKey> {
    const key = { messageId: newId(), position: 0 };
    await media().add([{ ...key, instanceId: 'i1', attachment: '{"kind":"voice"}' }]);
    return key;
  }

  /** A recording whose file is here, and that is to be transcribed. */
  async function arrived(): Promise<MediaKey> {
    const key = await added();
    const [held] = await claim('file', soon());
    await media().complete(held, stored, { transcribe: true });
    return key;
  }

  describe('the transcripts of files', () => {
    it('are the second step of the job, which begins when the file is here', async () => {
      const key = await added();
      expect(await claim('transcript', soon())).toEqual([]);
      const [held] = await claim('file', soon());
      expect(await media().complete(held, stored, { transcribe: true })).toBe(true);
      expect(await media().get(key)).toMatchObject({
        ...stored,
        status: 'ready',
        transcriptStatus: 'pending',
        transcript: null,
        leased: 0,
      });
      expect(await claim('file', soon() + day)).toEqual([]);
      expect(await claim('transcript', soon())).toMatchObject([{ ...key, attempts: 1, epoch: 2 }]);
    });

    it('end the job when they are there', async () => {
      const key = await arrived();
      const [held] = await claim('transcript', soon());
      expect(await media().completeTranscript(held, 'Good\0 morning')).toBe(true);
      expect(await media().get(key)).toMatchObject({
        status: 'ready',
        transcriptStatus: 'ready',
        transcript: 'Good morning',
        readyAt: null,
        leased: 0,
      });
      expect(await claim('transcript', soon() + day)).toEqual([]);
    });

    it('may be empty', async () => {
      const key = await arrived();
      const [held] = await claim('transcript', soon());
      await media().completeTranscript(held, '');
      expect(await media().get(key)).toMatchObject({ transcriptStatus: 'ready', transcript: '' });
    });

    it('say why there are none, and may be there after another attempt; the file stays', async () => {
      const key = await arrived();
      const at = soon();
      const [held] = await claim('transcript', at);
      expect(await media().failTranscript(held, { ...failure, retryAt: at + 5_000 })).toBe(true);
      const failed = {
        transcriptStatus: 'failed',
        transcriptCode: 'UNREACHABLE',
        transcriptReason: 'no route',
      };
      expect(await media().get(key)).toMatchObject({ ...failed, status: 'ready', code: null, reason: null });
      expect(await media().nextReadyAt('transcript', at)).toBe(at + 5_000);
      expect(await media().nextReadyAt('file', at)).toBeNull();
      const [again] = await claim('transcript', at + 5_000);
      expect(again.attempts).toBe(2);
      await media().completeTranscript(again, 'at last');
      expect(await media().get(key)).toMatchObject({
        transcriptStatus: 'ready',
        transcript: 'at last',
        transcriptCode: null,
        transcriptReason: null,
      });
    });

    it('are taken over when a claim ran out, and who lost it writes nothing', async () => {
      await arrived();
      const at = soon();
      const [lost] = await claim('transcript', at);
      expect(await claim('transcript', at + leaseMs - 1)).toEqual([]);
      const [held] = await claim('transcript', at + leaseMs);
      expect([
        await media().completeTranscript(lost, 'late'),
        await media().failTranscript(lost, failure),
        await media().release(lost, at),
      ]).toEqual([false, false, false]);
      expect(await media().completeTranscript(held, 'in time')).toBe(true);
    });

    it('are wanted too of a file that came without its job, and whoever fetches it stops', async () => {
      const key = await added();
      const [fetching] = await claim('file', soon());
      await media().arrive(key, stored, { transcribe: true });
      expect(await media().complete(fetching, stored, { transcribe: true })).toBe(false);
      expect(await claim('transcript', soon())).toMatchObject([key]);
    });

    it('are not disturbed by a file that comes once more', async () => {
      const key = await arrived();
      const [held] = await claim('transcript', soon());
      const other = { ...stored, hash: 'b'.repeat(64) };
      await media().arrive(key, other, { transcribe: true });
      expect(await media().completeTranscript(held, 'said')).toBe(true);
      await media().arrive(key, stored, { transcribe: true });
      expect(await media().get(key)).toMatchObject({ ...stored, transcript: 'said', readyAt: null });
    });

    it('are dropped, all that were not there, when none are wanted any more; files go on', async () => {
      const waiting = await arrived();
      const done = await arrived();
      const [first] = (await claim('transcript', soon())).filter(
        ({ messageId }) => messageId === done.messageId,
      );
      await media().completeTranscript(first, 'said');
      const file = await added();
      await media().dropTranscripts();
      expect(await media().get(waiting)).toMatchObject({
        status: 'ready',
        transcriptStatus: null,
        readyAt: null,
      });
      expect(await media().get(done)).toMatchObject({ transcriptStatus: 'ready', transcript: 'said' });
      expect(await claim('file', soon())).toMatchObject([file]);
    });

    it('are counted apart from files', async () => {
      await arrived();
      await added();
      expect(await store().stats.read(soon())).toMatchObject({ media: 1, transcripts: 1 });
    });
  });
}
