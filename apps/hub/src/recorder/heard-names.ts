import type { Account, Received } from '@omni-hub/channel-sdk';
import type { ChatRef, ContactRef } from '@omni-hub/contracts';

const most = 5_000;

/** The names of people, chats and accounts that a recording has met: they are replaced wherever they are a whole value. */
export class HeardNames {
  readonly all = new Set<string>();

  hear(received: Received): void {
    for (const event of received.events) {
      if ('chat' in event) this.chat(event.chat);
      if ('sender' in event && event.sender) this.contact(event.sender);
      if (event.type === 'contact') this.contact(event.contact);
      if (event.type === 'membership') event.members.forEach((member) => this.contact(member));
    }
  }

  account({ name, username }: Account): void {
    this.add(name, username);
  }

  private chat({ title }: ChatRef): void {
    this.add(title);
  }

  private contact({ name, username, phone }: ContactRef): void {
    this.add(name, username, phone);
  }

  private add(...names: (string | null)[]): void {
    if (this.all.size >= most) this.all.clear();
    for (const name of names) if (name) this.all.add(name);
  }
}
