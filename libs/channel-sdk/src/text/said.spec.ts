import fc from 'fast-check';
import { parseMarkdown, readBlocks } from './markdown';
import { splitAsSaid } from './said';
import { joinStyled, plain } from './styled';

const said = (...blocks: string[]) => splitAsSaid(blocks.join('\n\n')).map(({ text }) => text);

/** Long enough for messages of their own. */
const [one, two, three] = [1, 2, 3].map(
  (number) => `Paragraph ${number} says something at length, and ends here.`,
);

describe('a text, as a person would say it', () => {
  it.each<[string, string[], string[]]>([
    ['each paragraph is a message', [one, two], [one, two]],
    [
      'a heading stays with what it is of',
      [one, '## Prices', '### Today', two],
      [one, `Prices\n\nToday\n\n${two}`],
    ],
    ['a heading of nothing stays with what is before it', [one, two, '# End'], [one, `${two}\n\nEnd`]],
    ['so does a rule', [one, '---', two], [one, `———\n\n${two}`]],
    [
      'what ends in a colon stays with what it announces',
      [one, 'These are the things that you would have to bring along:', '- a passport', two],
      [one, 'These are the things that you would have to bring along:\n\n• a passport', two],
    ],
    ['what is very short joins what follows', ['Hi Ada!', one, two], [`Hi Ada!\n\n${one}`, two]],
    ['or what is before it at the end', [one, two, 'Bye!'], [one, `${two}\n\nBye!`]],
    ['several short ones join each other', ['Hi!', 'Yes.', 'No.'], ['Hi!\n\nYes.\n\nNo.']],
  ])('%s', (_, blocks, messages) => {
    expect(said(...blocks)).toEqual(messages);
  });

  it.each([
    ['a list', `- ${one}\n\n- ${two}\n\n  ${three}`],
    ['a table', `| ${one} | b |\n|---|---|\n| ${two} | 2 |`],
    ['code', `\`\`\`js\n${one}\n\n${two}\n\n\`\`\``],
    ['a quote', `> ${one}\n>\n> ${two}`],
  ])('%s is never torn', (_, block) => {
    const [, whole] = splitAsSaid([one, block, two].join('\n\n'));
    expect(whole).toEqual(parseMarkdown(block));
  });

  it('is one message where there is nothing to cut between, or nothing that can be read', () => {
    expect(said(one)).toEqual([one]);
    expect(splitAsSaid('')).toEqual([plain('')]);
    const unreadable = `${'>'.repeat(10_000)}\n\n${one}`;
    expect(splitAsSaid(unreadable)).toEqual([plain(unreadable)]);
  });

  it('is five messages at most, of which none is needlessly long', () => {
    const messages = said(...Array.from({ length: 20 }, () => one));
    expect(messages).toHaveLength(5);
    for (const message of messages) expect(message.split('\n\n').length).toBeLessThanOrEqual(6);
  });

  it('keeps the addresses of links that are told elsewhere in the text', () => {
    const [first] = splitAsSaid(`[A link][l] ${one}\n\n${two}\n\n[l]: https://x.org`);
    expect(first.spans).toEqual([{ style: 'link', offset: 0, length: 6, url: 'https://x.org' }]);
  });
});

const words = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', '.', ':', '👍🏽', '*', '`', '[', '|'),
  maxLength: 60,
});
const block = fc.oneof(
  { weight: 4, arbitrary: words },
  words.map((text) => `# ${text}`),
  fc.array(words, { minLength: 1, maxLength: 3 }).map((items) => items.map((item) => `- ${item}`).join('\n')),
  words.map((text) => `\`\`\`\n${text}\n\n${text}\n\`\`\``),
  words.map((text) => `> ${text}\n>\n> ${text}`),
  words.map((text) => `| ${text} | b |\n|---|---|\n| 1 | 2 |`),
  fc.constantFrom('---', '***', '```\n```', '[r]: http://r.org', '[r] and [r][r]', '<b>x</b>', '[^1]: note'),
);
const texts = fc.array(block, { maxLength: 14 }).map((blocks) => blocks.join('\n\n'));

describe('any text, as a person would say it', () => {
  it('loses nothing and keeps its order and its styles', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(joinStyled(splitAsSaid(text), '\n\n')).toEqual(parseMarkdown(text));
      }),
      { numRuns: 400 },
    );
  });

  it('is one to five messages, none of them empty and, but for a short text, none very short', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const messages = splitAsSaid(text);
        expect(messages.length).toBeGreaterThan(0);
        expect(messages.length).toBeLessThanOrEqual(5);
        if (messages.length > 1)
          for (const message of messages) expect(message.text.trim().length).toBeGreaterThanOrEqual(40);
      }),
      { numRuns: 400 },
    );
  });

  it('is cut between blocks only', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const blocks = readBlocks(text).map(({ styled }) => styled);
        for (const message of splitAsSaid(text).slice(0, -1)) {
          const count = blocks.findIndex(
            (_, index) => joinStyled(blocks.slice(0, index + 1), '\n\n').text === message.text,
          );
          expect(count).toBeGreaterThanOrEqual(0);
          blocks.splice(0, count + 1);
        }
      }),
      { numRuns: 400 },
    );
  });
});
