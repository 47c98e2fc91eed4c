import type { ShardDispatch } from './sessions';

/** So many events and bytes may wait for the hub; Discord holds the rest, and tells it when the session goes on. */
const most = { events: 2_000, bytes: 64 * 1024 * 1024 };
const batch = { events: 50, bytes: 1024 * 1024 };

/** Events that are read and not yet committed, in the order in which they came. */
export class DispatchQueue {
  private readonly waiting: ShardDispatch[] = [];
  private bytes = 0;
  private wake: () => void = () => undefined;
  /** The last event that came, by shard: a session that goes on tells again what waits here. */
  private readonly last = new Map<number, { session: string; sequence: number }>();

  /** False where it is full: then the event was not taken. */
  add(event: ShardDispatch): boolean {
    const last = this.last.get(event.shard);
    if (last?.session === event.session && event.sequence <= last.sequence) return true;
    if (this.waiting.length >= most.events || this.bytes >= most.bytes) return false;
    this.last.set(event.shard, { session: event.session, sequence: event.sequence });
    this.waiting.push(event);
    this.bytes += event.raw.length;
    this.wake();
    return true;
  }

  /** The next events, once there are any. They stay until `done`. Empty when aborted. */
  async next(signal: AbortSignal): Promise<readonly ShardDispatch[]> {
    while (this.waiting.length === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          signal.removeEventListener('abort', done);
          resolve();
        };
        this.wake = done;
        signal.addEventListener('abort', done, { once: true });
      });
    }
    if (signal.aborted) return [];
    let bytes = 0;
    const size = this.waiting.findIndex((event, index) => {
      bytes += event.raw.length;
      return index > 0 && (index >= batch.events || bytes > batch.bytes);
    });
    return this.waiting.slice(0, size < 0 ? this.waiting.length : size);
  }

  /** Lets go of the events that `next` gave. */
  done(count: number): void {
    for (const event of this.waiting.splice(0, count)) this.bytes -= event.raw.length;
  }

  /** True where there is room for a session to go on. */
  get hasRoom(): boolean {
    return this.waiting.length < most.events / 2 && this.bytes < most.bytes / 2;
  }
}
