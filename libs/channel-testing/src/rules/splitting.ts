import { planParts, type ChannelHandler, type Measure, type Part } from '@omni-hub/channel-sdk';
import type { Capabilities } from '@omni-hub/contracts';
import { exercise } from '../checks/exercise';
import { simpleSend } from '../checks/faults';
import type { Context } from '../context';
import { isRecord } from '../fixtures/compare';
import type { OutboundFixture, SendInput } from '../fixtures/fixtures';
import { bodyOf, type RecordedRequest } from '../platform/recorded-request';
import { Findings } from './rule';

type TextPart = Extract<Part, { type: 'text' }>;

/**
 * OUT-5: over-long text is split in order, no part over the limit, nothing lost, code blocks closed and reopened. Looked
 * at twice: in the parts that are planned by the channel's capabilities, and in what the platform is then sent.
 */
export async function checkSplitting(context: Context): Promise<void> {
  const { capabilities, measure } = context.handler;
  const findings = new Findings('OUT-5');
  const simple = simpleSend(context, findings);
  const { markdown, words, codeWords } = longMarkdown(capabilities.maxTextLength);
  await findings.attempt('planned parts', () => {
    const { parts } = planParts({ type: 'text', text: markdown }, capabilities, measure);
    return plannedProblems(parts, context.handler, words, codeWords);
  });
  await findings.attempt('sent parts', async () => {
    const { chat } = simple.fixture.input as SendInput;
    const fixture = {
      ...simple.fixture,
      input: { chat, content: { type: 'text', text: markdown } },
    } as OutboundFixture;
    const [{ answer }] = simple.fixture.calls;
    const { outcome, platform } = await exercise(context, fixture, { script: () => ({ otherwise: answer }) });
    if (outcome.ended === 'threw') throw outcome.error;
    return sentProblems(platform.requests, capabilities, words);
  });
  findings.conclude();
}

/** A text of about three and a half messages, whose numbered words tell what is lost or out of order. */
function longMarkdown(limit: number): { markdown: string; words: string[]; codeWords: string[] } {
  const words: string[] = [];
  const take = (count: number) =>
    Array.from(
      { length: count },
      () => words[words.push(`w${String(words.length + 1).padStart(6, '0')}`) - 1],
    );
  const sentence = () => `${take(9).join(' ')} **${take(1)}** 👩‍👩‍👧‍👦 [${take(1)}](https://example.org/a).`;
  const prose = (length: number) => {
    const sentences: string[] = [];
    while (sentences.join(' ').length < length) sentences.push(sentence());
    return sentences.join(' ');
  };
  const before = `# ${take(2).join(' ')}\n\n${prose(limit * 0.7)}\n\n${prose(limit * 0.6)}`;
  const from = words.length;
  const code = Array.from({ length: Math.ceil((limit * 1.2) / 32) }, () => take(4).join(' ')).join('\n');
  const codeWords = words.slice(from);
  const after = `- ${take(3).join(' ')}\n- ${take(3).join(' ')}\n\n${prose(limit)}`;
  return { markdown: `${before}\n\n\`\`\`js\n${code}\n\`\`\`\n\n${after}`, words, codeWords };
}

function plannedProblems(
  parts: Part[],
  { capabilities, measure = measureIn(capabilities.textUnit) }: ChannelHandler,
  words: string[],
  codeWords: string[],
): string[] {
  const texts = parts.filter((part): part is TextPart => part.type === 'text');
  if (texts.length !== parts.length) return ['a text became parts that are no text'];
  const code = new Set(codeWords);
  const bare = texts.flatMap(({ body }, index) =>
    wordsIn(body.text)
      .filter((word) => code.has(word) && !insidePre(body, word))
      .map((word) => `parts[${index}]: ${word} is no longer within its code block`),
  );
  return [
    ...orderProblems(
      texts.map(({ body }) => body.text),
      words,
    ),
    ...texts.flatMap(({ body }, index) => lengthProblems(measure(body), capabilities, `parts[${index}]`)),
    ...bare,
  ];
}

function sentProblems(
  requests: readonly RecordedRequest[],
  capabilities: Capabilities,
  words: string[],
): string[] {
  const texts = requests.map((request) => longestText(bodyOf(request)));
  const open = texts.flatMap((text, index) =>
    (text.match(/```/g) ?? []).length % 2 === 0 ? [] : [`requests[${index}]: a code fence is not closed`],
  );
  return [
    ...orderProblems(texts, words),
    ...texts.flatMap((text, index) =>
      lengthProblems(lengthIn(capabilities.textUnit, text), capabilities, `requests[${index}]`),
    ),
    ...open,
  ];
}

function orderProblems(texts: string[], words: string[]): string[] {
  const found = texts.flatMap(wordsIn);
  const wrong = words.findIndex((word, index) => found[index] !== word);
  if (wrong >= 0)
    return [
      `after ${wrong} of ${words.length} words: expected ${words[wrong]}, got ${found[wrong] ?? 'the end'}`,
    ];
  return found.length > words.length ? [`${found.length - words.length} words are there twice`] : [];
}

function lengthProblems(length: number, { maxTextLength, textUnit }: Capabilities, where: string): string[] {
  return length > maxTextLength
    ? [`${where}: ${length} ${textUnit} units, the limit is ${maxTextLength}`]
    : [];
}

function measureIn(unit: Capabilities['textUnit']): Measure {
  return ({ text }) => lengthIn(unit, text);
}

function lengthIn(unit: Capabilities['textUnit'], text: string): number {
  if (unit === 'byte') return Buffer.byteLength(text, 'utf8');
  return unit === 'codepoint' ? [...text].length : text.length;
}

function insidePre({ text, spans }: TextPart['body'], word: string): boolean {
  const at = text.indexOf(word);
  return spans.some(
    ({ style, offset, length }) => style === 'pre' && offset <= at && at + word.length <= offset + length,
  );
}

function wordsIn(text: string): string[] {
  return text.match(/w\d{6}/g) ?? [];
}

function longestText(value: unknown): string {
  if (typeof value === 'string') return value;
  const inner = Array.isArray(value) || isRecord(value) ? Object.values(value).map(longestText) : [];
  return inner.reduce((longest, text) => (text.length > longest.length ? text : longest), '');
}
