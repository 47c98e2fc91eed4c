import { Injectable } from '@nestjs/common';
import type { MediaAttachment } from '@omni-hub/contracts';
import { HubConfig } from '../config/hub.config';
import { Arrivals } from '../flow/arrivals';
import { LanePump } from '../flow/lane-pump';
import { Log } from '../flow/log';
import { Metrics } from '../flow/metrics';
import { Wakeups } from '../flow/wakeups';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { MediaRow, StoredFile } from '../storage/repositories/media.repository';
import { afterFailure, MediaError, worth } from './media-failures';
import { MediaFetcher, StoppedError } from './media-fetcher';
import { isTranscribed } from './transcribed';

/** Files that are fetched at once, in all and for one instance: one platform that is slow does not stop the others. */
const atOnce = 4;
const atOnceOfInstance = 3;

/**
 * Fetches the files of inbound messages, each as a durable job of its own: a file that fails holds up neither its message nor
 * other files, and is tried again. Any number of processes share the jobs; a dead one's are taken over.
 */
@Injectable()
export class MediaService {
  private readonly pump: LanePump<MediaRow>;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly fetcher: MediaFetcher,
    private readonly wakeups: Wakeups,
    private readonly arrivals: Arrivals,
    private readonly metrics: Metrics,
    private readonly log: Log,
    private readonly config: HubConfig,
  ) {
    this.pump = new LanePump({
      name: 'media',
      limit: atOnce,
      perInstance: atOnceOfInstance,
      claimAtMost: 1,
      claim: (query) => store.media.claim('file', query),
      work: (job) => this.work(job),
      extend: (jobs, until) => store.media.extend(jobs, until),
      nextReadyAt: (now) => store.media.nextReadyAt('file', now),
      excluded: () => instances.mutedIds(),
      log,
    });
  }

  async start(): Promise<void> {
    this.unsubscribe = this.wakeups.on('media', () => this.pump.wake());
    this.pump.start();
  }

  /** Ends what is under way and hands it back: fetching it again costs nothing but time. */
  async stop(): Promise<void> {
    this.unsubscribe?.();
    this.fetcher.stop();
    await this.pump.stop(0);
  }

  private async work(job: MediaRow): Promise<void> {
    try {
      const instance = await this.instances.find(job.instanceId);
      if (instance) await this.attempt(job, instance);
    } catch (error) {
      // The claim runs out and the job is claimed again, here or elsewhere.
      this.log.error(
        { message: job.messageId, error: (error as Error).message },
        'a file could not be written down',
      );
    }
  }

  private async attempt(job: MediaRow, instance: LiveInstance): Promise<void> {
    const end = await this.fetch(job, instance);
    if (end === 'stopped') {
      await this.store.media.release(job, Date.now());
      return;
    }
    if (end instanceof MediaError) await this.fail(job, instance, end);
    else await this.complete(job, instance, end);
    this.arrivals.tell(job.messageId);
  }

  private async complete(job: MediaRow, instance: LiveInstance, file: StoredFile): Promise<void> {
    const transcribe = isTranscribed(this.config, JSON.parse(job.attachment) as MediaAttachment);
    if (!(await this.store.media.complete(job, file, { transcribe }))) return;
    this.metrics.media(instance.channel.id, 'ready');
    if (transcribe) this.wakeups.wake('media');
  }

  private async fetch(job: MediaRow, instance: LiveInstance): Promise<StoredFile | MediaError | 'stopped'> {
    if (!instance.handler.fetchMedia)
      return new MediaError(
        'UNSUPPORTED',
        'the instance cannot fetch files as it is configured now',
        worth.one,
      );
    try {
      const attachment = JSON.parse(job.attachment) as MediaAttachment;
      return await this.fetcher.fetch(instance, { ...job, attachment });
    } catch (error) {
      if (error instanceof MediaError) return error;
      if (error instanceof StoppedError) return 'stopped';
      throw error;
    }
  }

  private async fail(job: MediaRow, instance: LiveInstance, error: MediaError): Promise<void> {
    const failure = afterFailure(error, job.attempts, Date.now());
    if (!(await this.store.media.fail(job, failure))) return;
    const { code, reason, retryAt } = failure;
    this.metrics.media(instance.channel.id, retryAt === null ? 'failed' : 'retrying');
    this.log.warn(
      { instance: instance.name, message: job.messageId, code, reason, attempts: job.attempts },
      retryAt === null ? 'a file could not be fetched' : 'a file could not be fetched; trying again later',
    );
  }
}
