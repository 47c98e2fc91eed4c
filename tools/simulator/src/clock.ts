/** A platform's time: the real one, moved by the tests. */
export class Clock {
  private offset = 0;

  /** Epoch milliseconds. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** Moves the time of the platform on, or back where `ms` is negative. What waits for a timer does not come sooner. */
  advance(ms: number): void {
    this.offset += ms;
  }
}
