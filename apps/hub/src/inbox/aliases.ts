import type { ChatId, ChatRef, ContactId, ContactRef, InboundEvent } from '@omni-hub/contracts';
import { Injectable } from '@nestjs/common';
import { Recent } from '../flow/recent';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';

/** Another process may learn that two ids are one: what this one remembers is asked again after this. */
const rememberedMs = 60_000;

/**
 * Platforms name one person by several ids and tell them one by one. Everything of theirs is filed under one, so that they
 * have one chat, one order and one history, whatever they are called this time; answers go to what they were called last.
 */
@Injectable()
export class Aliases {
  private readonly filed = new Recent<string>(50_000, rememberedMs);

  constructor(private readonly store: Store) {}

  /** The events with the ids under which they are filed. Costs nothing where the channel has one id for each. */
  async apply(instance: LiveInstance, events: InboundEvent[]): Promise<InboundEvent[]> {
    if (!instance.handler.capabilities.aliases) return events;
    const filed: InboundEvent[] = [];
    for (const event of events) filed.push(await this.file(instance.id, event));
    return filed;
  }

  private async file(instanceId: string, event: InboundEvent): Promise<InboundEvent> {
    const changes: { chat?: ChatRef; sender?: ContactRef; contact?: ContactRef } = {};
    if ('chat' in event) changes.chat = await this.fileChat(instanceId, event.chat);
    if ('sender' in event && event.sender) changes.sender = await this.fileContact(instanceId, event.sender);
    if (event.type === 'contact') changes.contact = await this.fileContact(instanceId, event.contact);
    return { ...event, ...changes } as InboundEvent;
  }

  private async fileChat(instanceId: string, chat: ChatRef): Promise<ChatRef> {
    const { aliases = [], address = chat.id, ...rest } = chat;
    return { ...rest, id: (await this.find(instanceId, [chat.id, ...aliases])) as ChatId, address };
  }

  private async fileContact(instanceId: string, contact: ContactRef): Promise<ContactRef> {
    const { aliases = [], ...rest } = contact;
    return { ...rest, id: (await this.find(instanceId, [contact.id, ...aliases])) as ContactId };
  }

  private async find(instanceId: string, ids: string[]): Promise<string> {
    const keys = ids.map((id) => `${instanceId} ${id}`);
    const [known, ...others] = keys.map((key) => this.filed.get(key));
    if (known !== undefined && others.every((other) => other === known)) return known;
    const id = await this.store.aliases.file(instanceId, ids);
    for (const key of keys) this.filed.set(key, id);
    return id;
  }
}
