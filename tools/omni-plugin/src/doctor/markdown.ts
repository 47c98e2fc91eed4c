/** A link of a Markdown file. */
export interface Link {
  target: string;
  line: number;
}

/** A fenced block of code. */
export interface CodeBlock {
  language: string;
  code: string;
  line: number;
}

const fence = /^\s*(```+|~~~+)\s*([\w-]*)/;

/** Every inline link, outside of code. */
export function linksOf(markdown: string): Link[] {
  return proseLines(markdown).flatMap(({ text, line }) =>
    [...text.replace(/`[^`]*`/g, '').matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(
      ([, target]) => ({ target, line }),
    ),
  );
}

/** The text of each heading, outside of code. */
export function headingsOf(markdown: string): string[] {
  return proseLines(markdown).flatMap(({ text }) => {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(text);
    return heading ? [heading[1]] : [];
  });
}

/** The anchors that GitHub gives to the headings: https://github.com/Flet/github-slugger. */
export function anchorsOf(markdown: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const heading of headingsOf(markdown)) {
    const slug = slugOf(heading);
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  for (const [, name] of markdown.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) anchors.add(name);
  return anchors;
}

/** The blocks between fences. */
export function codeBlocksOf(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { block: CodeBlock; mark: string; lines: string[] } | null = null;
  markdown.split('\n').forEach((text, index) => {
    const [, mark = '', language = ''] = fence.exec(text) ?? [];
    if (open && mark.startsWith(open.mark)) {
      blocks.push({ ...open.block, code: open.lines.join('\n') });
      open = null;
    } else if (open) open.lines.push(text);
    else if (mark) open = { block: { language, code: '', line: index + 1 }, mark, lines: [] };
  });
  return blocks;
}

/** Markdown without the blanks that align the columns of its tables. */
export function withoutAlignment(markdown: string): string {
  return markdown.replace(/ *\| */g, '|').replace(/-{3,}/g, '---');
}

/** The cells of every table's rows, headings and rulers left out. */
export function tableRows(markdown: string): string[][] {
  const lines = markdown.split('\n');
  return lines
    .filter((line, index) => line.startsWith('|') && !isRuler(line) && !isRuler(lines[index + 1] ?? ''))
    .map((line) =>
      line
        .replace(/^\||\|\s*$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    );
}

function isRuler(line: string): boolean {
  return /^\|(\s*:?-+:?\s*\|)+\s*$/.test(line);
}

function proseLines(markdown: string): { text: string; line: number }[] {
  let mark: string | null = null;
  return markdown.split('\n').flatMap((text, index) => {
    const [, found = null] = fence.exec(text) ?? [];
    if (mark !== null) {
      if (found?.startsWith(mark)) mark = null;
      return [];
    }
    if (found !== null) {
      mark = found;
      return [];
    }
    return [{ text, line: index + 1 }];
  });
}

function slugOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replace(/ /g, '-');
}
