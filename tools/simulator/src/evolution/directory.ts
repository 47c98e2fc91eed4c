import { SimulatedChat } from './chat';
import { Contact } from './contact';
import type { SimulatedInstance } from './instance';
import {
  createJid,
  isGroupJid,
  isLidJid,
  localPart,
  phoneForms,
  phoneJid,
  statusJid,
  withoutDevice,
} from './jids';

/** Who is on the fake WhatsApp, and which chats there are. */
export class Directory {
  private readonly contacts: Contact[] = [];
  private lastNumber = 5_511_900_000_000;

  constructor(
    private readonly keeps: boolean,
    /** Whether anybody whom one writes to is there. */
    private readonly anyChat: boolean,
  ) {}

  newPhone(): string {
    return String(++this.lastNumber);
  }

  addContact(contact: Contact): Contact {
    this.contacts.push(contact);
    return contact;
  }

  directChat(instance: SimulatedInstance, contact: Contact): SimulatedChat {
    const known = instance.directChats.get(contact);
    if (known) return known;
    const chat = new SimulatedChat(instance, 'direct', contact.jid, contact, this.keeps);
    instance.directChats.set(contact, chat);
    instance.chats.push(chat);
    return chat;
  }

  sharedChat(instance: SimulatedInstance, jid: string, subject?: string): SimulatedChat {
    const known = instance.chats.find((chat) => chat.kind !== 'direct' && chat.jid === jid);
    if (known) return known;
    const kind = jid === statusJid ? 'status' : 'group';
    const chat = new SimulatedChat(instance, kind, jid, null, this.keeps, subject);
    instance.chats.push(chat);
    return chat;
  }

  /** The chat that a `number` means, as the server understands it; undefined where nobody is. */
  findChat(instance: SimulatedInstance, number: string): SimulatedChat | undefined {
    const asked = createJid(number);
    if (isGroupJid(asked)) {
      const group = instance.chats.find(({ jid }) => jid === asked);
      return group ?? (this.anyChat ? this.sharedChat(instance, asked) : undefined);
    }
    const contact = this.contactAt(number.includes('@') ? number : phoneJid(number.replace(/\D/g, '')));
    if (contact) return this.directChat(instance, contact);
    return this.anyChat && /^\d+$/.test(localPart(asked)) ? this.strangersChat(instance, asked) : undefined;
  }

  /** Who has this address; a phone number in any of the forms that it may be registered under. */
  private contactAt(jid: string): Contact | undefined {
    const bare = withoutDevice(jid);
    if (isLidJid(bare)) return this.contacts.find(({ lidJid }) => lidJid === bare);
    const forms = phoneForms(localPart(bare));
    const asked = this.contacts.find(({ phone }) => phone === forms[0]);
    return asked ?? this.contacts.find(({ phone }) => phone !== null && forms.includes(phone));
  }

  /** Somebody of whom nothing but an address is known. */
  private strangersChat(instance: SimulatedInstance, jid: string): SimulatedChat {
    const digits = localPart(jid);
    const name = `Person ${digits}`;
    const contact = isLidJid(jid)
      ? new Contact(null, digits, name, 'lid')
      : new Contact(digits, null, name, 'pn');
    if (!this.keeps) return new SimulatedChat(instance, 'direct', jid, contact, false);
    return this.directChat(instance, this.addContact(contact));
  }
}
