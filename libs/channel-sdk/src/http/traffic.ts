import { AsyncLocalStorage } from 'node:async_hooks';

/** One request to a platform and what came of it. Holds secrets: for whoever watches, never for a log. */
export interface Exchanged {
  method: string;
  url: string;
  /** JSON or text as it was sent; null where there was none, undefined where it was a form or a stream. */
  requestBody: string | null | undefined;
  /** Null where no answer came. */
  answer: {
    status: number;
    /** Lower-case names. */
    headers: Readonly<Record<string, string>>;
    /** As it was read: parsed JSON or text; undefined where it is bytes or a stream. */
    body: unknown;
  } | null;
}

const watching = new AsyncLocalStorage<(exchanged: Exchanged) => void>();

/** Runs with every request that is made on its behalf told to `seen`, once its answer is there. `seen` must not throw. */
export function watchTraffic<T>(seen: (exchanged: Exchanged) => void, run: () => T): T {
  return watching.run(seen, run);
}

/** Who watches what is going on now; undefined where nobody does. For whatever makes requests by another way than the HTTP client. */
export function trafficWatcher(): ((exchanged: Exchanged) => void) | undefined {
  return watching.getStore();
}
