import { Injectable } from '@nestjs/common';
import { Transcriber, TranscriberConfig, TranscriptionError } from '@omni-hub/audio-transcriber';
import { validateConfig } from '@omni-hub/channel-sdk';
import type { MediaAttachment } from '@omni-hub/contracts';
import { HubConfig } from '../config/hub.config';
import { Arrivals } from '../flow/arrivals';
import { LanePump } from '../flow/lane-pump';
import { Log } from '../flow/log';
import { Metrics } from '../flow/metrics';
import { Problem } from '../flow/problem';
import { Wakeups } from '../flow/wakeups';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { MediaRow } from '../storage/repositories/media.repository';
import { afterFailure, MediaError, notAvailable, notRead, notTranscribed } from './media-failures';
import { MediaReader } from './media-reader';

/** Recordings that are transcribed at once, in all and for one instance. A slow service holds up no files: those have a pump of their own. */
const atOnce = 4;
const atOnceOfInstance = 3;

/**
 * Has recordings transcribed: the second step of a file's job, which goes on once the file is here, with the claim, the epoch
 * and the retries of the first. Any number of processes share the jobs.
 */
@Injectable()
export class TranscriptsService {
  private readonly transcriber: Transcriber | null;
  private readonly pump: LanePump<MediaRow>;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly reader: MediaReader,
    private readonly wakeups: Wakeups,
    private readonly arrivals: Arrivals,
    private readonly metrics: Metrics,
    private readonly log: Log,
    config: HubConfig,
  ) {
    this.transcriber = transcriberOf(config);
    this.pump = new LanePump({
      name: 'transcripts',
      limit: atOnce,
      perInstance: atOnceOfInstance,
      claimAtMost: 1,
      claim: (query) => store.media.claim('transcript', query),
      work: (job, signal) => this.work(job, signal),
      extend: (jobs, until) => store.media.extend(jobs, until),
      nextReadyAt: (now) => store.media.nextReadyAt('transcript', now),
      excluded: () => instances.mutedIds(),
      log,
    });
  }

  /** Call it after the claims of a dead process were freed. */
  async start(): Promise<void> {
    if (!this.transcriber) return this.store.media.dropTranscripts();
    this.unsubscribe = this.wakeups.on('media', () => this.pump.wake());
    this.pump.start();
  }

  /** Ends what is under way and hands it back. */
  async stop(): Promise<void> {
    this.unsubscribe?.();
    await this.pump.stop(0);
    await this.transcriber?.close();
  }

  private async work(job: MediaRow, signal: AbortSignal): Promise<void> {
    try {
      const instance = await this.instances.find(job.instanceId);
      if (instance) await this.attempt(job, instance, signal);
    } catch (error) {
      // The claim runs out and the job is claimed again, here or elsewhere.
      this.log.error(
        { message: job.messageId, error: (error as Error).message },
        'a transcript could not be written down',
      );
    }
  }

  private async attempt(job: MediaRow, instance: LiveInstance, signal: AbortSignal): Promise<void> {
    const at = Date.now();
    const end = await this.transcribe(job, signal);
    if (end === 'stopped') {
      await this.store.media.release(job, Date.now());
      return;
    }
    if (end instanceof MediaError) await this.fail(job, instance, end, Date.now() - at);
    else if (await this.store.media.completeTranscript(job, end.text))
      this.metrics.transcript(instance.channel.id, 'ready', Date.now() - at);
    this.arrivals.tell(job.messageId);
  }

  private async transcribe(
    job: MediaRow,
    signal: AbortSignal,
  ): Promise<{ text: string } | MediaError | 'stopped'> {
    const { mimeType, filename } = JSON.parse(job.attachment) as MediaAttachment;
    const recording = {
      open: () => this.reader.open(job),
      mimeType: job.mimeType ?? mimeType,
      filename,
    };
    try {
      return { text: await this.transcriber!.transcribe(recording, signal) };
    } catch (error) {
      if (signal.aborted || (error instanceof Problem && error.code === 'STOPPING')) return 'stopped';
      if (error instanceof TranscriptionError) return notTranscribed(error);
      if (error instanceof Problem) return notAvailable(error);
      return notRead(error);
    }
  }

  private async fail(job: MediaRow, instance: LiveInstance, error: MediaError, ms: number): Promise<void> {
    const failure = afterFailure(error, job.attempts, Date.now());
    if (!(await this.store.media.failTranscript(job, failure))) return;
    const { code, reason, retryAt } = failure;
    this.metrics.transcript(instance.channel.id, retryAt === null ? 'failed' : 'retrying', ms);
    this.log.warn(
      { instance: instance.name, message: job.messageId, code, reason, attempts: job.attempts },
      retryAt === null
        ? 'a recording could not be transcribed'
        : 'a recording could not be transcribed; trying again later',
    );
  }
}

function transcriberOf({
  transcriberUrl: url,
  transcriberApiKey: apiKey,
  transcriberModel: model,
}: HubConfig): Transcriber | null {
  return url === undefined
    ? null
    : new Transcriber(validateConfig(TranscriberConfig, { url, model, ...(apiKey ? { apiKey } : {}) }));
}
