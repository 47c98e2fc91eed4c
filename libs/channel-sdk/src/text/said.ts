import type { RootContent } from 'mdast';
import type { StyledText } from '../parts';
import { parseMarkdown, readBlocks, type Block } from './markdown';
import { joinStyled } from './styled';

/** Nobody says one thing in more messages. */
const mostMessages = 5;
/** What is shorter is no message of its own: a greeting stands before what it leads to. */
const shortest = 40;

/**
 * A text in the messages in which a person would say it: cut between paragraphs, at most five, in order, nothing lost:
 * joined by an empty line they are `parseMarkdown` of the whole. A heading stays with what it is of, and what ends in a colon with
 * what it announces; a list, a table, code and a quote are never torn; what is very short joins its neighbour.
 */
export function splitAsSaid(markdown: string): StyledText[] {
  const groups = fewer(withoutShort(groupsOf(readBlocks(markdown))));
  if (groups.length < 2) return [parseMarkdown(markdown)];
  return groups.map((group) =>
    joinStyled(
      group.map(({ styled }) => styled),
      '\n\n',
    ),
  );
}

/** Blocks that must stay together, in order. */
function groupsOf(blocks: Block[]): Block[][] {
  const groups: Block[][] = [];
  let isOpen = false;
  for (const block of blocks) {
    if (isOpen) groups[groups.length - 1].push(block);
    else groups.push([block]);
    isOpen = leadsOn(block);
  }
  const last = groups.at(-1);
  if (isOpen && last && groups.length > 1) groups.splice(-2, 2, [...groups[groups.length - 2], ...last]);
  return groups;
}

/** Whether a block is nothing without the one that follows it. */
function leadsOn({ node, styled: { text } }: Block): boolean {
  return (
    leading.includes(node.type) || text.trim() === '' || (node.type === 'paragraph' && /[:：]$/.test(text))
  );
}

const leading: readonly RootContent['type'][] = ['heading', 'thematicBreak'];

/** Each joins the one that follows it, the last the one before. */
function withoutShort(groups: Block[][]): Block[][] {
  const long: Block[][] = [];
  let carried: Block[] = [];
  for (const group of groups) {
    carried.push(...group);
    if (lengthOf(carried) < shortest) continue;
    long.push(carried);
    carried = [];
  }
  if (long.length === 0) return [carried];
  long[long.length - 1].push(...carried);
  return long;
}

/** Joins the two neighbours that are shortest together until there are few enough. */
function fewer(groups: Block[][]): Block[][] {
  const few = [...groups];
  while (few.length > mostMessages) {
    const lengths = few.slice(1).map((group, index) => lengthOf(few[index]) + lengthOf(group));
    const at = lengths.indexOf(Math.min(...lengths));
    few.splice(at, 2, [...few[at], ...few[at + 1]]);
  }
  return few;
}

function lengthOf(group: Block[]): number {
  return group.reduce((sum, { styled }) => sum + styled.text.trim().length, 0);
}
