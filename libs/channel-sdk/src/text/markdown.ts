import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { StyledText } from '../parts';
import { render, renderBlocks, type Block } from './render';
import { plain } from './styled';

export type { Block } from './render';
export { plain, toPlainText } from './styled';

/**
 * CommonMark with GFM as text and styles. Never fails: what cannot be read as Markdown (nested beyond reason, nothing
 * left to read) is given back as it stands. Lists get bullets or numbers, tables become aligned monospace, images links, HTML is shown as
 * text; single line breaks are kept.
 */
export function parseMarkdown(markdown: string): StyledText {
  if (!mayHoldMarkup(markdown)) return plain(markdown);
  return parseWithTree(markdown);
}

/** `parseMarkdown` without its short cut for plain text; the result is the same. */
export function parseWithTree(markdown: string): StyledText {
  const styled = read(markdown, render);
  return styled?.text.trim() ? styled : plain(markdown);
}

/** The blocks that the text consists of, each as `parseMarkdown` reads it in the whole; none where it cannot be read as Markdown. */
export function readBlocks(markdown: string): Block[] {
  return read(markdown, renderBlocks) ?? [];
}

/** Null for what is nested beyond reason. */
function read<Result>(markdown: string, render: (tree: Root) => Result): Result | null {
  if (isUnreasonable(markdown)) return null;
  try {
    return render(fromMarkdown(markdown, options));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

/**
 * The parser takes time in the square of what is open at once: of quotes and lists inside each other, and of the marks
 * of one paragraph. Text that nobody means as markup must not hold up everything else.
 */
function isUnreasonable(markdown: string): boolean {
  if (deeplyNested.test(markdown)) return true;
  return markdown.split(/\n[ \t]*\n/).some((block) => block.length > 1000 && countMarks(block) > 1000);
}
const deeplyNested = /^(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){40}/m;

function countMarks(block: string): number {
  return block.match(/[*_~]+/g)?.length ?? 0;
}

/**
 * True unless the parser would surely leave every character as it is. Most chat text has none of these: signs that are
 * markup anywhere, signs that are markup at the start of a line, addresses, and white space that Markdown takes away.
 */
export function mayHoldMarkup(text: string): boolean {
  return markupAnywhere.test(text) || markupByPlace.test(text);
}
const markupAnywhere = /[\\`*_~#<>&[|@\r\t\0\uFEFF]|:\/\/|www\./i;
const markupByPlace = /(?:^|\n)(?:[-+=: ]|\d{1,9}[.)])| (?:\n|$)|^\n|\n$|\n\n\n/;
