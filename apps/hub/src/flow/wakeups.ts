import { EventEmitter } from 'node:events';

export type Work = 'turns' | 'deliveries' | 'instances' | 'media' | 'replays';

/**
 * Tells the stages of this process that there may be work. A hint only: the row in the database is the hand-off, and a
 * slow poll finds what a lost hint left behind.
 */
export class Wakeups {
  private readonly emitter = new EventEmitter();

  /** Never blocks; listeners run later. */
  wake(work: Work): void {
    this.emitter.emit(work);
  }

  /** Answers a function that stops listening. */
  on(work: Work, listener: () => void): () => void {
    this.emitter.on(work, listener);
    return () => this.emitter.off(work, listener);
  }
}
