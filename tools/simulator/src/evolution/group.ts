import type { SimulatedChat } from './chat';
import type { Contact } from './contact';
import type { SimulatedInstance } from './instance';
import type { Person } from './person';
import type { Fields } from './values';
import type { World } from './world';

export interface GroupOptions {
  /** The account that is in it; that of the first member, or the first of all. */
  instance?: SimulatedInstance;
  /** Digits. */
  id?: string;
  subject?: string;
  members?: Person[];
}

/** A group with the account in it. */
export class Group {
  constructor(
    private readonly world: World,
    readonly chat: SimulatedChat,
  ) {}

  get jid(): string {
    return this.chat.jid;
  }

  adds = (...people: Person[]) => {
    for (const { contact } of people) this.chat.members.push(contact);
    this.tellParticipants(
      'add',
      people.map(({ contact }) => contact),
    );
  };

  removes = (...people: Person[]) => {
    const leaving = people.map(({ contact }) => contact);
    this.tellParticipants('remove', leaving);
    this.chat.members.splice(0, Infinity, ...this.chat.members.filter((member) => !leaving.includes(member)));
  };

  promotes = (...people: Person[]) => {
    for (const { contact } of people) this.chat.admins.add(contact);
    this.tellParticipants(
      'promote',
      people.map(({ contact }) => contact),
    );
  };

  demotes = (...people: Person[]) => {
    for (const { contact } of people) this.chat.admins.delete(contact);
    this.tellParticipants(
      'demote',
      people.map(({ contact }) => contact),
    );
  };

  renames(subject: string): void {
    this.chat.subject = subject;
    this.world.events.emit(this.chat.instance, 'groups.update', [{ id: this.jid, subject }], this.jid);
  }

  private tellParticipants(action: string, people: Contact[]): void {
    const participants = people.map(({ jid }) => jid);
    const resolves = this.world.dialect.values === 'objects';
    const participantsData = people.map(({ jid, phone, lid, name }) => ({
      jid,
      phoneNumber: phone ?? lid,
      name,
    }));
    this.world.events.emit(
      this.chat.instance,
      'group-participants.update',
      { id: this.jid, participants, action, ...(resolves && { participantsData }) },
      this.jid,
    );
  }
}

/** A group as `findGroupInfos` and `groups.upsert` show it. */
export function groupInfo(chat: SimulatedChat): Fields {
  const { instance, members, admins, subject, jid } = chat;
  const created = 1_700_000_000;
  return {
    id: jid,
    subject,
    subjectOwner: instance.jid,
    subjectTime: created,
    pictureUrl: null,
    size: members.length + 1,
    creation: created,
    owner: instance.jid,
    desc: '',
    restrict: false,
    announce: false,
    isCommunity: false,
    isCommunityAnnounce: false,
    participants: [
      { id: instance.self.jid, admin: 'superadmin' },
      ...members.map((member) => ({
        id: member.jid,
        ...(member.phoneJid && { phoneNumber: member.phoneJid }),
        admin: admins.has(member) ? 'admin' : null,
      })),
    ],
  };
}
