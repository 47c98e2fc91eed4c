/** Exponential backoff with jitter: `base` doubling with each attempt up to `max`, spread by ±20 %. Milliseconds. */
export function backoffMs(attempt: number, base = 500, max = 60_000): number {
  const delay = Math.min(max, base * 2 ** Math.min(attempt - 1, 20));
  return Math.round(delay * (0.8 + Math.random() * 0.4));
}
