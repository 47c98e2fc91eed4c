import { setTimeout as pause } from 'node:timers/promises';
import { tooLong } from './client/failures';
import { SpeechClient } from './client/speech.client';
import type { SynthesizerConfig } from './models/config.models';
import { SynthesisError } from './models/errors';
import type { Speech } from './models/speech';

/** Somebody waits for the answer: what fails twice is told in writing. */
const mostAttempts = 2;
const pauseMs = 500;

/** Says texts. */
export class Synthesizer {
  private readonly client: SpeechClient;

  constructor(private readonly config: SynthesizerConfig) {
    this.client = new SpeechClient(config);
  }

  /**
   * A text as a voice message: an Ogg file of Opus. At most two attempts within the budget, of which the last ends with it.
   * Rejects with a SynthesisError, or when `signal` aborts.
   */
  async say(speech: Speech, signal: AbortSignal): Promise<Buffer> {
    const { budgetMs, maxCharacters } = this.config;
    if (speech.text.length > maxCharacters) throw tooLong(speech.text.length, maxCharacters);
    const endsAt = performance.now() + budgetMs;
    const left = () => endsAt - performance.now();
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await this.client.ask(speech, Math.max(1, Math.ceil(left())), signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SynthesisError) || !error.retryable || attempt === mostAttempts) throw error;
        const waitMs = Math.max(error.retryAfterMs, pauseMs);
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
