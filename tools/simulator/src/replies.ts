/** Where replies are looked for. */
export interface ReplySource<Entry> {
  /** What is there already, oldest first. */
  entries: readonly Entry[];
  /** Calls `seen` for each entry that comes or changes, until the returned function is called. */
  follow(seen: (entry: Entry) => void): () => void;
  /** The chat as text, for the error. */
  transcript(): string[];
}

/** Waits for replies, and gives each of them out once. */
export class Replies<Entry extends object> {
  private readonly returned = new WeakSet<Entry>();

  /** The first that fits, there already or to come. Rejects after `timeoutMs`, showing the chat. */
  wait(source: ReplySource<Entry>, fits: (entry: Entry) => boolean, timeoutMs: number): Promise<Entry> {
    const isNew = (entry: Entry) => !this.returned.has(entry) && fits(entry);
    const take = (entry: Entry) => {
      this.returned.add(entry);
      return entry;
    };
    const there = source.entries.find(isNew);
    if (there) return Promise.resolve(take(there));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        const chat = source.transcript().join('\n') || '(empty)';
        reject(new Error(`No such reply within ${timeoutMs} ms. The chat:\n${chat}`));
      }, timeoutMs);
      const stop = source.follow((entry) => {
        if (!isNew(entry)) return;
        clearTimeout(timer);
        stop();
        resolve(take(entry));
      });
    });
  }
}

/** Which reply one waits for: a part of its text, a pattern, or a test of it. */
export type ExpectedText<Message> = string | RegExp | ((message: Message) => boolean);

export function fitsText<Message>(expected: ExpectedText<Message>, message: Message, text: string): boolean {
  if (typeof expected === 'function') return expected(message);
  return typeof expected === 'string' ? text.includes(expected) : expected.test(text);
}
