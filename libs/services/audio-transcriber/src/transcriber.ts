import { setTimeout as pause } from 'node:timers/promises';
import { TranscriptionsClient } from './client/transcriptions.client';
import type { TranscriberConfig } from './models/config.models';
import { TranscriptionError } from './models/errors';
import type { Recording } from './models/recording';

const mostAttempts = 3;
const firstPauseMs = 500;

/** Makes texts of recordings. */
export class Transcriber {
  private readonly client: TranscriptionsClient;

  constructor(private readonly config: TranscriberConfig) {
    this.client = new TranscriptionsClient(config);
  }

  /**
   * What is said in a recording; empty where nothing is. At most three attempts within the budget, of which the last ends
   * with it. Rejects with a TranscriptionError, with what kept the recording from being read, or when `signal` aborts.
   */
  async transcribe(recording: Recording, signal: AbortSignal): Promise<string> {
    const endsAt = performance.now() + this.config.budgetMs;
    const left = () => endsAt - performance.now();
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await this.client.ask(recording, Math.max(1, Math.ceil(left())), signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof TranscriptionError) || !error.retryable || attempt === mostAttempts)
          throw error;
        const waitMs = Math.max(error.retryAfterMs, firstPauseMs * 2 ** (attempt - 1));
        if (waitMs >= left()) throw error;
        await pause(waitMs, undefined, { signal });
      }
    }
  }

  /** Call when it is not needed any more. Waits for what runs. */
  close(): Promise<void> {
    return this.client.close();
  }
}
