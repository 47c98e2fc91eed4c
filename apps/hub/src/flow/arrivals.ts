import { EventEmitter } from 'node:events';

/**
 * Tells who waits for a message's files that this process has done with one of them, however that ended. A hint only: another
 * process may have done it, and a slow poll sees that.
 */
export class Arrivals {
  private readonly emitter = new EventEmitter();

  /** Never blocks. */
  tell(messageId: string): void {
    this.emitter.emit(messageId);
  }

  /** Resolves when one of the messages' files is done with, after `ms`, or when the signal aborts. */
  wait(messageIds: string[], ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        for (const id of messageIds) this.emitter.off(id, end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      for (const id of messageIds) this.emitter.on(id, end);
      if (signal.aborted) end();
    });
  }
}
