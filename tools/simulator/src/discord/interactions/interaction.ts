import type { SimulatedApplication } from '../application';
import type { SimulatedChannel } from '../channel';
import type { Entry, Fields } from '../message';
import type { UserObject } from '../user';

/** What an application answered at first: the type of the callback, and its data. */
export interface InteractionAnswer {
  type: number;
  data: Fields;
}

interface InteractionParts {
  id: string;
  token: string;
  application: SimulatedApplication;
  /** 2 a command, 3 a component, 4 autocomplete, 5 a modal. */
  type: number;
  channel: SimulatedChannel;
  user: UserObject;
  /** The message with the component. */
  source: Entry | null;
  at: number;
}

const answerWithinMs = 3000;
const tokenLivesMs = 15 * 60_000;

/** Somebody uses a command or presses something: three seconds for an answer, fifteen minutes for what follows. */
export class Interaction {
  /** `failed`: nobody answered in time, or not in a way that can be understood. */
  state: 'waiting' | 'answered' | 'failed' = 'waiting';
  answer: InteractionAnswer | null = null;
  failure: string | null = null;
  /** The message that `@original` is. */
  original: Entry | null = null;
  /** The application thinks: what follows first becomes the original message. */
  isDeferred = false;
  /** What the platform told of it, as it was told. */
  object: Fields = {};
  private readonly waiting = new Set<() => void>();

  constructor(private readonly parts: InteractionParts) {}

  get id(): string {
    return this.parts.id;
  }

  get token(): string {
    return this.parts.token;
  }

  get application(): SimulatedApplication {
    return this.parts.application;
  }

  get type(): number {
    return this.parts.type;
  }

  get channel(): SimulatedChannel {
    return this.parts.channel;
  }

  get user(): UserObject {
    return this.parts.user;
  }

  get source(): Entry | null {
    return this.parts.source;
  }

  isTooLate(now: number): boolean {
    return now > this.parts.at + answerWithinMs;
  }

  isExpired(now: number): boolean {
    return now > this.parts.at + tokenLivesMs;
  }

  /** The first answer. Rejects where the interaction failed, or when `timeoutMs` have passed. */
  answered(timeoutMs = 5000): Promise<InteractionAnswer> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (this.state === 'waiting') return;
        clearTimeout(timer);
        this.waiting.delete(check);
        if (this.answer) resolve(this.answer);
        else reject(new Error(`The interaction failed: ${this.failure}`));
      };
      const timer = setTimeout(() => {
        this.waiting.delete(check);
        reject(new Error(`No answer to the interaction within ${timeoutMs} ms.`));
      }, timeoutMs);
      this.waiting.add(check);
      check();
    });
  }

  settle(answer: InteractionAnswer): void {
    this.state = 'answered';
    this.answer = answer;
    this.tell();
  }

  /** Has no effect on what was answered. */
  fail(why: string): void {
    if (this.state !== 'waiting') return;
    this.state = 'failed';
    this.failure = why;
    this.tell();
  }

  private tell(): void {
    for (const check of this.waiting) check();
  }
}
