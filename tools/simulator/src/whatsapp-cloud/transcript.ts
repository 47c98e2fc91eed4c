import type { CloudChat, Entry, Fields } from './chat';
import type { BusinessNumber } from './number';

/** The chat as a person would read it aloud: `Ada: hi`, `Simulated Business: (image) Look`, `…: Sure? [Yes] [No]`. */
export function transcript(chat: CloudChat): string[] {
  return chat.entries.map((entry) => line(chat, entry));
}

export function line(chat: CloudChat, { by, author, type, content, text, ...entry }: Entry): string {
  const kind = type === 'text' || type === 'interactive' || type === 'button' ? null : nameOf(type, content);
  const marks = [
    ...labelsOf(chat.number, type, content).map(({ title }) => `[${title}]`),
    ...(by === 'phone-app' ? ['(from the phone)'] : []),
    ...(entry.versions.length > 0 ? ['(edited)'] : []),
    ...(entry.deleted ? ['(deleted)'] : []),
    ...(entry.failure === null ? [] : [`(failed: ${entry.failure})`]),
    ...[...entry.reactions].map(([name, emoji]) => `{${name} ${emoji}}`),
  ];
  return [`${author}:`, ...(kind ? [`(${kind})`] : []), ...(text ? [text] : []), ...marks].join(' ');
}

export interface Label {
  title: string;
  id: string;
  kind: 'button' | 'row' | 'quick-reply';
  description?: string;
}

/** What can be pressed below a message. */
export function labelsOf(number: BusinessNumber, type: string, content: Fields): Label[] {
  if (type === 'template') return quickReplies(number, content.template as TemplateContent);
  const interactive = type === 'interactive' ? (content.interactive as InteractiveContent) : null;
  const buttons = interactive?.action?.buttons ?? [];
  const rows = (interactive?.action?.sections ?? []).flatMap((section) => section.rows ?? []);
  return [
    ...buttons.flatMap(({ reply }) => (reply ? [{ ...reply, kind: 'button' as const }] : [])),
    ...rows.map((row) => ({ ...row, kind: 'row' as const })),
  ];
}

/** The text that a message shows; empty for what has none. */
export function shownText(number: BusinessNumber, type: string, content: Fields): string {
  const of = (content[type] ?? {}) as Record<string, unknown>;
  switch (type) {
    case 'text':
      return String(of.body ?? '');
    case 'button':
      return String(of.text ?? '');
    case 'interactive':
      return interactiveText(of as InteractiveContent);
    case 'template':
      return filledTemplate(number, of as unknown as TemplateContent);
    case 'location':
      return [of.name, of.address, `${of.latitude}, ${of.longitude}`].filter(Boolean).join(', ');
    case 'contacts':
      return (content.contacts as ContactCard[]).map(cardText).join('; ');
    default:
      return String(of.caption ?? of.body ?? of.text ?? '');
  }
}

interface InteractiveContent {
  type?: string;
  header?: { text?: string };
  body?: { text?: string };
  footer?: { text?: string };
  action?: {
    buttons?: { reply?: { id: string; title: string } }[];
    sections?: { rows?: { id: string; title: string; description?: string }[] }[];
  };
  button_reply?: { title: string };
  list_reply?: { title: string };
  nfm_reply?: { body: string };
}

interface TemplateContent {
  name: string;
  language: { code: string };
  components?: {
    type: string;
    sub_type?: string;
    index?: string | number;
    parameters?: { type: string; text?: string; payload?: string }[];
  }[];
}

interface ContactCard {
  name?: { formatted_name?: string };
  phones?: { phone?: string }[];
}

function interactiveText({
  header,
  body,
  footer,
  button_reply,
  list_reply,
  nfm_reply,
}: InteractiveContent): string {
  const answer = button_reply?.title ?? list_reply?.title ?? nfm_reply?.body;
  return answer ?? [header?.text, body?.text, footer?.text].filter(Boolean).join('\n');
}

const cardText = ({ name, phones }: ContactCard) =>
  [name?.formatted_name, ...(phones ?? []).map(({ phone }) => phone)].filter(Boolean).join(' ');

function templateOf(number: BusinessNumber, { name, language }: TemplateContent) {
  return number.templates.find((one) => one.name === name && one.language === language?.code);
}

function filledTemplate(number: BusinessNumber, content: TemplateContent): string {
  const body = content.components?.find(({ type }) => type.toLowerCase() === 'body');
  const values = (body?.parameters ?? []).map(({ text }) => text ?? '');
  const pattern = templateOf(number, content)?.body ?? '';
  return pattern.replace(/\{\{(\d+)\}\}/g, (_variable, place: string) => values[Number(place) - 1] ?? '');
}

function quickReplies(number: BusinessNumber, content: TemplateContent): Label[] {
  const labels = templateOf(number, content)?.buttons ?? [];
  return labels.map((title, index) => {
    const component = content.components?.find(
      (one) => one.type.toLowerCase() === 'button' && Number(one.index) === index,
    );
    return { title, id: component?.parameters?.[0]?.payload ?? title, kind: 'quick-reply' };
  });
}

function nameOf(type: string, content: Fields): string {
  const isVoice = type === 'audio' && (content.audio as { voice?: boolean } | undefined)?.voice;
  return isVoice ? 'voice' : type.replaceAll('_', ' ');
}
