import { HttpConnection } from './http-connection';
import { percentile } from './numbers';

export interface LoadOptions {
  /** Connections are spread over these ports. */
  ports: number[];
  connections: number;
  /** The next request of this connection; null ends it. */
  next(connection: number): string | null;
}

export interface LoadResult {
  /** Answers with 2xx. */
  accepted: number;
  /** All others, by status. */
  refused: Record<string, number>;
  /** From the first request to the last answer. */
  seconds: number;
  perSecond: number;
  /** Milliseconds from request to answer. */
  p50: number;
  p99: number;
}

/** A closed loop: every connection sends its next request when the one before was answered. Rejects when a connection breaks. */
export async function drive({ ports, connections, next }: LoadOptions): Promise<LoadResult> {
  let fail: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => (fail = reject));
  failure.catch(() => undefined);
  const opened = await Promise.all(
    Array.from({ length: connections }, (_, index) =>
      HttpConnection.open(ports[index % ports.length], (error) => fail(error)),
    ),
  );
  const latencies: number[] = [];
  const refused: Record<string, number> = {};
  const startedAt = performance.now();
  try {
    const loops = opened.map((connection, index) => loop(connection, () => next(index), latencies, refused));
    await Promise.race([Promise.all(loops), failure]);
  } finally {
    for (const connection of opened) connection.close();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const accepted = latencies.length;
  latencies.sort((a, b) => a - b);
  return {
    accepted,
    refused,
    seconds,
    perSecond: accepted / seconds,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
  };
}

function loop(
  connection: HttpConnection,
  next: () => string | null,
  latencies: number[],
  refused: Record<string, number>,
): Promise<void> {
  return new Promise((resolve) => {
    const send = () => {
      const request = next();
      if (request === null) return resolve();
      const sentAt = performance.now();
      connection.exchange(request, (status) => {
        if (status >= 200 && status < 300) latencies.push(performance.now() - sentAt);
        else refused[status] = (refused[status] ?? 0) + 1;
        send();
      });
    };
    send();
  });
}

/** Requests for a while. */
export function during(seconds: number, next: () => string): LoadOptions['next'] {
  const until = performance.now() + seconds * 1000;
  return () => (performance.now() < until ? next() : null);
}

/** So many requests. */
export function times(count: number, next: (connection: number) => string): LoadOptions['next'] {
  let left = count;
  return (connection) => (left-- > 0 ? next(connection) : null);
}
