import type { Chat, Message } from '@grammyjs/types';
import type { SimulatedBot } from './bot';
import type { Fields, SimulatedChat } from './chat';
import { membership, type Person } from './person';
import { textEntities } from './text-entities';
import type { World } from './world';

export interface GroupOptions {
  id?: number;
  title?: string;
  username?: string;
  kind?: 'group' | 'supergroup' | 'channel';
  /** A supergroup with topics. */
  forum?: boolean;
  members?: Person[];
  /** Who hears what is said. Default: the bots of the members, or the first bot. */
  bots?: SimulatedBot[];
}

/** A group, a forum or a channel. */
export class Group {
  constructor(
    private readonly world: World,
    readonly chat: SimulatedChat,
    private readonly members: Person[],
  ) {
    for (const { user } of members) chat.members.set(user.id, user);
  }

  get id(): number {
    return this.chat.id;
  }

  /** Opens a topic of a forum and returns its id. */
  opensTopic(name: string, by: Person = this.members[0]): number {
    const topic = this.chat.nextMessageId();
    this.chat.topics.set(topic, name);
    const created = { forum_topic_created: { name, icon_color: 7322096 } };
    const place = { message_id: topic, message_thread_id: topic, is_topic_message: true };
    this.world.receive(this.chat, { from: by.user, ...place, ...created });
    return topic;
  }

  /** A post of a channel, signed by the channel itself. */
  posts(text: string, fields: Fields = {}): Message {
    const entities = textEntities(text);
    return this.world.receive(this.chat, {
      sender_chat: this.chat.info,
      text,
      ...(entities.length > 0 && { entities }),
      ...fields,
    });
  }

  /** Throws a bot out: it is told, and may no longer write. */
  removesBot(bot: SimulatedBot, by: Person = this.members[0]): void {
    this.chat.barred.set(bot.id, `bot was kicked from the ${this.kindName} chat`);
    bot.updates.push(
      'my_chat_member',
      membership(this.chat, by.user, bot.user, 'member', 'kicked'),
      `${this.id}:my_chat_member`,
    );
    this.chat.bots.delete(bot);
  }

  addsBot(bot: SimulatedBot, by: Person = this.members[0]): void {
    this.chat.barred.delete(bot.id);
    this.chat.bots.add(bot);
    bot.updates.push(
      'my_chat_member',
      membership(this.chat, by.user, bot.user, 'left', 'member'),
      `${this.id}:my_chat_member`,
    );
  }

  /** Becomes a supergroup with another id. Who writes to the old id is told the new one. */
  becomesSupergroup(id = -1_000_000_000_000 + this.id): Group {
    const info: Chat = { id, type: 'supergroup', title: this.chat.title };
    const [first, ...others] = this.chat.bots;
    const chat = this.world.sharedChat(info, first);
    for (const bot of others) chat.bots.add(bot);
    const by = this.members[0]?.user;
    this.chat.movedTo = id;
    this.world.receive(this.chat, { from: by, migrate_to_chat_id: id });
    this.world.receive(chat, { from: by, migrate_from_chat_id: this.id });
    return new Group(this.world, chat, this.members);
  }

  private get kindName(): string {
    return this.chat.info.type === 'group' ? 'group' : this.chat.info.type;
  }
}
