export interface Shown {
  text: string;
  /** When the platform showed it, epoch milliseconds. */
  at: number;
}

/** Calls `seen` for every message that the account shows in a chat, from now on. */
export type FollowReplies = (seen: (chat: number, text: string) => void) => void;

/** Notes what the account shows in every chat, message by message, from now on. */
export class ShownReplies {
  private readonly byChat = new Map<number, Shown[]>();

  constructor(follow: FollowReplies) {
    follow((chat, text) => {
      const shown = this.byChat.get(chat) ?? [];
      shown.push({ text, at: Date.now() });
      this.byChat.set(chat, shown);
    });
  }

  of(chat: number): Shown[] {
    return this.byChat.get(chat) ?? [];
  }

  /** What an echo says line by line, each line at its first showing only. */
  lines(chat: number): string[] {
    return [...new Set(this.of(chat).flatMap(({ text }) => text.split('\n')))];
  }

  /** Replies that were shown again: the same words, once earlier and once later. */
  repeats(chat: number): { first: Shown; again: Shown }[] {
    const firsts = new Map<string, Shown>();
    return this.of(chat).flatMap((again) => {
      const first = firsts.get(again.text);
      if (first) return [{ first, again }];
      firsts.set(again.text, again);
      return [];
    });
  }
}
