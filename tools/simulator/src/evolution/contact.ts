import { lidJid, phoneJid } from './jids';

/** Somebody as WhatsApp knows them: by a phone number, by a LID, or by both. */
export class Contact {
  /** Which device they write with; null for the phone itself, which no address shows. */
  device: number | null = null;
  source: 'android' | 'ios' | 'web' = 'android';

  constructor(
    public phone: string | null,
    readonly lid: string | null,
    public name: string,
    /** Which of the two their chats go by. */
    public addressing: 'lid' | 'pn',
  ) {}

  get phoneJid(): string | null {
    return this.phone === null ? null : phoneJid(this.phone);
  }

  get lidJid(): string | null {
    return this.lid === null ? null : lidJid(this.lid);
  }

  /** The address of their chat. */
  get jid(): string {
    const jid = this.addressing === 'lid' ? (this.lidJid ?? this.phoneJid) : (this.phoneJid ?? this.lidJid);
    if (jid === null) throw new Error('A contact needs a phone number or a LID.');
    return jid;
  }

  /** The other address, where there is one. */
  get alternative(): string | null {
    const other = this.jid === this.lidJid ? this.phoneJid : this.lidJid;
    return other === this.jid ? null : other;
  }

  /** Every address of theirs. */
  get jids(): string[] {
    return [this.phoneJid, this.lidJid].filter((jid) => jid !== null);
  }

  /** An address of theirs with the device that they write with. */
  withDevice(jid: string): string {
    return this.device === null ? jid : jid.replace('@', `:${this.device}@`);
  }
}
