import { formatFiles, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { editText } from '../../workspace/files';
import { insertLast } from '../../workspace/insert';
import { addTemplates } from '../../workspace/templates';

export interface DecisionOptions {
  title: string;
}

const folder = 'docs/decisions';

/** `nx generate decision <title>`: a document with the next free number, indexed. */
export default async function decision(tree: Tree, options: DecisionOptions): Promise<void> {
  const title = titleOf(options.title);
  const number = nextNumber(tree.children(folder));
  const file = `${number}-${slugOf(title)}`;
  addTemplates(tree, join(__dirname, 'files'), folder, { number, title, file });
  editText(tree, `${folder}/README.md`, (text) =>
    insertLast(text, `| [${number}](${file}.md) | ${title} |`, /^\| \[\d{4}\]\(/),
  );
  await formatFiles(tree);
}

/** Numbers are never used twice, not even that of a decision that is gone: the next is one above the highest. */
function nextNumber(names: readonly string[]): string {
  const numbers = names.map((name) => Number(/^(\d{4})-.*\.md$/.exec(name)?.[1] ?? 0));
  return String(Math.max(0, ...numbers) + 1).padStart(4, '0');
}

/** It stands in a table and at the head of a document. */
function titleOf(given: string): string {
  const title = given.trim();
  if (/^[A-Z0-9][^|\r\n]{2,99}$/.test(title)) return title;
  throw new Error(
    `"${given}" is no title of a decision: write one sentence of up to 100 characters that begins with a capital letter, for example "Files are kept for a year"`,
  );
}

function slugOf(title: string): string {
  const words = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[’'`\p{M}]/gu, '')
    .match(/[a-z0-9]+/g);
  return (words ?? ['decision']).slice(0, 6).join('-');
}
