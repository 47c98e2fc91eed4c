import type { Json, SlackChannel, SlackEntry, Workspace } from './workspace';

/** The channel as a person would read it aloud: `Ada: (image.png) look`, `↳ support: Sure? [Yes] (edited)`, where the arrow is a thread's. */
export function transcript(workspace: Workspace, { entries }: SlackChannel): string[] {
  return entries.map((entry) => transcriptLine(workspace, entry));
}

/** What people see of a message's words, with the marks that they would type for its styles. */
export function shownText({ text, blocks }: Pick<SlackEntry, 'text' | 'blocks'>): string {
  const rich = blocks
    .filter(({ type }) => type === 'rich_text')
    .flatMap(({ elements }) => elements as Json[]);
  return rich.length > 0 ? rich.map(elementText).join('\n') : text;
}

/** One line of it. */
export function transcriptLine({ names }: Workspace, entry: SlackEntry): string {
  const named = (id: string) => names.get(id) ?? id;
  const text = shownText(entry).replace(/<@(\w+)>/g, (_all, id: string) => `@${named(id)}`);
  const reactions = [...entry.reactions].flatMap(([name, users]) =>
    [...users].map((user) => `{${named(user)} ${name}}`),
  );
  const words = [
    `${entry.threadTs === null ? '' : '↳ '}${named(entry.user)}:`,
    ...entry.files.map(({ name }) => `(${name})`),
    text,
    ...labelsOf(entry.blocks),
    ...(entry.edits > 0 ? ['(edited)'] : []),
    ...(entry.deleted ? ['(deleted)'] : []),
    ...reactions,
  ];
  return words.filter((word) => word !== '').join(' ');
}

const labelsOf = (blocks: Json[]) => pressables(blocks).map((element) => `[${labelOf(element)}]`);

/** The buttons and menus of a message. */
export function pressables(blocks: Json[]): Json[] {
  return blocks.filter(({ type }) => type === 'actions').flatMap(({ elements }) => elements as Json[]);
}

export function labelOf({ text, placeholder }: Json): string {
  return String(((text ?? placeholder) as Json).text);
}

const marks = { bold: '*', italic: '_', strike: '~', code: '`' } as const;

function elementText({ type, elements }: Json): string {
  const runs = (elements as Json[]).map(({ text, url, style }) => {
    const around = Object.keys((style as Json) ?? {}).map((name) => marks[name as keyof typeof marks]);
    const shown = url === undefined ? String(text) : `<${String(url)}|${String(text)}>`;
    return around.reduce((inner, mark) => mark + inner + mark, shown);
  });
  const text = runs.join('');
  if (type === 'rich_text_preformatted') return `\`\`\`\n${text}\n\`\`\``;
  return type === 'rich_text_quote' ? text.replace(/^/gm, '> ') : text;
}
