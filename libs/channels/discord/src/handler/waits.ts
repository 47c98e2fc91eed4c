import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds; doubled each time. */
export interface Backoff {
  first: number;
  most: number;
}

/** Up to half of it is taken off, so that listeners do not march in step. */
export function backoffMs({ first, most }: Backoff, failures: number): number {
  return Math.min(most, first * 2 ** failures) * (0.5 + Math.random() / 2);
}

/** Resolves after the time, or at once when aborted. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** Rejects as `work` does; resolves with it, or at once when aborted. */
export function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve();
    const done = () => resolve();
    signal.addEventListener('abort', done, { once: true });
    work.then(done, reject).finally(() => signal.removeEventListener('abort', done));
  });
}
