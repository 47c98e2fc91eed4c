import { describeRendering } from '@omni-hub/channel-testing';
import { discordCapabilities } from './capabilities';
import { measureMarkdown, toMarkdown } from './markdown';

describe('a text on Discord', () => {
  describeRendering<string>({
    handler: { capabilities: discordCapabilities, measure: measureMarkdown },
    write: toMarkdown,
    read: readMarkdown,
    lengthOf: (written) => written.length,
    check: (written) => expect((written.match(/```/g) ?? []).length % 2).toBe(0),
    signs: [
      '*',
      '_',
      '**',
      '__x__',
      'a_b_c',
      '`',
      '||',
      '~~',
      '>',
      '#',
      '-',
      '-#',
      '\\',
      '\\[x](y)',
      '<@1234>',
      '1.',
    ],
  });
});

/**
 * What a person sees of Discord's Markdown (https://support.discord.com/hc/en-us/articles/210298617), read in the way of its
 * clients: blocks first, then in each line the first rule that fits at a place, an escape before all others.
 */
function readMarkdown(written: string): string {
  let seen = '';
  for (let rest = written; rest !== ''; ) {
    const quote = /^(?:> [^\n]*(?:\n|$))+/.exec(rest);
    const fence = /^```(?:[\w+#.-]+\n|\n)?([^]+?)```/.exec(rest);
    const [whole] = quote ?? fence ?? /^[^\n]*(?:\n|$)/.exec(rest)!;
    seen += quote ? readMarkdown(whole.replace(/^> /gm, '')) : fence ? fence[1] : readLine(whole);
    rest = rest.slice(whole.length);
  }
  return seen.replaceAll('\u200b', '');
}

const readLine = (line: string): string => readInline(line.replace(/^(?:#{1,3}|-#|[-*]) +(?=\S)/, ''));

interface Rule {
  pattern: RegExp;
  raw?: true;
}

/** Rules with the part of their match that is seen; `raw` is not read again. Of the emphases the longest counts, of equals the first. */
const rules: readonly Rule[] = [
  { pattern: /^\\([^0-9A-Za-z\s])/, raw: true },
  { pattern: /^(<(?:@[!&]?|#)\d+>)/, raw: true },
  { pattern: /^(https?:\/\/[^\s<]+[^<.,:;"')\]\s])/, raw: true },
  { pattern: /^`` ([^]+?) ``(?!`)/, raw: true },
  { pattern: /^`([^`]+)`(?!`)/, raw: true },
  { pattern: /^\[((?:\\.|[^[\]\\])+)\]\(https?:\/\/[^\s()]+\)/ },
];
const emphases: readonly Rule[] = [
  { pattern: /^_((?:__|\\[^]|[^\\_])+?)_(?!_)\b/ },
  { pattern: /^\*(?=\S)((?:\*\*|\\[^]|\s+(?:\\[^]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/ },
  { pattern: /^\*\*((?:\\[^]|[^\\])+?)\*\*(?!\*)/ },
  { pattern: /^__((?:\\[^]|[^\\])+?)__(?!_)/ },
];
const others: readonly Rule[] = [
  { pattern: /^~~((?:\\[^]|[^\\])+?)~~(?!_)/ },
  { pattern: /^\|\|((?:\\[^]|[^\\])+?)\|\|/ },
];

function readInline(text: string): string {
  let seen = '';
  for (let rest = text; rest !== ''; ) {
    const found =
      match(rules, rest) ?? longest(emphases.map((rule) => match([rule], rest))) ?? match(others, rest);
    if (!found) {
      // Like its clients: letters go together, so that a mark within a word is looked at only where it may be one.
      const [plain] = /^(?:[0-9A-Za-z\u00c0-\uffff]+(?=[_])_?|[^])/.exec(rest)!;
      seen += plain;
      rest = rest.slice(plain.length);
      continue;
    }
    seen += found.raw ? found.inner : readInline(found.inner);
    rest = rest.slice(found.whole.length);
  }
  return seen;
}

interface Found {
  whole: string;
  inner: string;
  raw: boolean;
}

function match(all: readonly Rule[], text: string): Found | null {
  for (const { pattern, raw = false } of all) {
    const found = pattern.exec(text);
    if (found) return { whole: found[0], inner: found[1], raw };
  }
  return null;
}

function longest(found: (Found | null)[]): Found | null {
  return found.reduce(
    (best, one) => (one && (!best || one.whole.length > best.whole.length) ? one : best),
    null,
  );
}
