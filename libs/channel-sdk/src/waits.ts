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

/** A connection that lived so long was a good one: the next may be opened soon. */
const steadyMs = 30_000;
/** One that worked for less shows that the platform is there: the next waits no longer than after so many failures. */
const brief = 4;

/** How many failures count for the wait after a connection that has ended. */
export function failuresAfter(failures: number, livedMs: number, wasReady: boolean): number {
  if (livedMs > steadyMs) return 0;
  return wasReady ? Math.min(failures, brief) : failures;
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
