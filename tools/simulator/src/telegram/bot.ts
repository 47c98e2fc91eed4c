import type { User } from '@grammyjs/types';
import type { UpdateFeed } from './update-feed';

/** A press of an inline button, and what the bot answered to it. */
export interface Press {
  id: string;
  data: string;
  answer: { text: string; alert: boolean } | null;
}

export class SimulatedBot {
  readonly presses = new Map<string, Press>();
  commands: unknown[] = [];
  loggedOut = false;

  constructor(
    readonly token: string,
    readonly user: User & { username: string },
    readonly updates: UpdateFeed,
  ) {}

  get id(): number {
    return this.user.id;
  }
}
