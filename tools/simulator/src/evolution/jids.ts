/** `5511987654321@s.whatsapp.net` */
export const phoneJid = (digits: string) => `${digits}@s.whatsapp.net`;
export const lidJid = (digits: string) => `${digits}@lid`;
export const statusJid = 'status@broadcast';

export const isGroupJid = (jid: string) => jid.endsWith('@g.us');
export const isLidJid = (jid: string) => jid.endsWith('@lid');
export const isPhoneJid = (jid: string) => jid.endsWith('@s.whatsapp.net');

/** What stands before the @, without the device. */
export const localPart = (jid: string) => jid.split('@')[0].replace(/:\d+$/, '');

/** The same address without its device: `5511…:12@s.whatsapp.net` is `5511…@s.whatsapp.net`. */
export const withoutDevice = (jid: string) => jid.replace(/:\d+@/, '@');

/** The address that the server makes of a `number`: an address as it is, 18 and more digits a group, other digits a phone number. */
export function createJid(number: string): string {
  if (/@(g\.us|s\.whatsapp\.net|lid|broadcast|newsletter)$/.test(number)) return number;
  const local = localPart(number);
  if (local.includes('-') && local.length >= 24) return `${local.replace(/[^\d-]/g, '')}@g.us`;
  const digits = local.replace(/\D/g, '');
  if (digits.length >= 18) return `${digits}@g.us`;
  return phoneJid(nationalForm(digits));
}

/** Numbers as the server rewrites them: Mexico without its 1, Argentina without its 9, most of Brazil without the ninth digit. */
export function nationalForm(digits: string): string {
  if (/^(52|54)\d{11}$/.test(digits)) return digits.slice(0, 2) + digits.slice(3);
  const [, area, first] = /^55(\d{2})\d(\d)\d{7}$/.exec(digits) ?? [];
  if (!area || Number(area) < 31 || Number(first) < 7) return digits;
  return digits.slice(0, 4) + digits.slice(5);
}

/** The forms under which the holder of a number may have registered it. */
export function phoneForms(digits: string): string[] {
  const forms = [digits];
  if (/^55\d{2}9\d{8}$/.test(digits)) forms.push(digits.slice(0, 4) + digits.slice(5));
  if (/^55\d{10}$/.test(digits)) forms.push(`${digits.slice(0, 4)}9${digits.slice(4)}`);
  if (/^(521|549)\d{10}$/.test(digits)) forms.push(digits.slice(0, 2) + digits.slice(3));
  if (/^52\d{10}$/.test(digits)) forms.push(`521${digits.slice(2)}`);
  if (/^54\d{10}$/.test(digits)) forms.push(`549${digits.slice(2)}`);
  return forms;
}
