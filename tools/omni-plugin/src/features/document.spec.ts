import { memoryWorkspace } from '../doctor/workspace';
import { newDocument } from '../generators/feature/new-document';
import {
  analysisProblems,
  answered,
  itemsOf,
  openDecisions,
  readDocument,
  withFirstRun,
  type FeatureFacts,
} from './document';

const file = 'docs/features/line.md';
const facts: FeatureFacts = {
  feature: 'line',
  type: 'channel',
  priority: 'high',
  target: '2026-12-31',
  docs: 'https://docs.example.com',
  auth: 'hmac',
};
const similar = [
  {
    name: 'telegram',
    file: 'libs/channels/telegram/README.md',
    auth: 'token',
    transport: 'webhook',
    points: 3,
    can: 'edit',
  },
];
const fresh = newDocument(facts, similar);
const workspace = memoryWorkspace({
  'libs/channels/telegram/README.md': '',
  'docs/decisions/0031-files.md': '',
});

/** Writes an answer below the questions of a section. */
const answering = (text: string, heading: string, answer: string) => {
  const [before, after] = text.split(`## ${heading}\n`);
  const [section, ...rest] = after.split('\n## ');
  return [`${before}## ${heading}\n${section}\n${answer}\n`, ...rest].join('\n## ');
};
const answers: [string, string][] = [
  ['Overview', 'People of a shop write on Line, and the agent of the shop answers.'],
  ['Requirements', '- One.\n- Two.\n- Three.'],
  ['Similar implementations', 'Telegram is followed, for its webhook has one secret as well.'],
  ['Decisions needed', 'None.'],
];
const filled = answers.reduce((text, [heading, answer]) => answering(text, heading, answer), fresh);
const problemsOf = (text: string) => analysisProblems(readDocument(file, text), workspace);

describe('the document of a feature', () => {
  it('has the facts at its head', () => {
    expect(readDocument(file, fresh).facts).toEqual(facts);
  });

  it.each([
    ['no head', '# Line\n', /does not begin with the facts/],
    ['no type', '---\nfeature: line\n---\n# Line\n', /must name its feature and its type/],
    ['a type that is none', '---\nfeature: line\ntype: theme\n---\n', /one of channel, service/],
  ])('is refused with %s', (_what, text, message) => {
    expect(() => readDocument(file, text)).toThrow(message);
  });

  it('tells apart what is asked and what is answered', () => {
    expect(answered(readDocument(file, fresh), 'Overview')).toBe('');
    expect(answered(readDocument(file, filled), 'Overview')).toMatch(/^People of a shop/);
    expect(answered(readDocument(file, filled), 'Nothing')).toBe('');
  });

  it('is not analysed as it is generated', () => {
    expect(problemsOf(fresh)).toHaveLength(4);
  });

  it('is analysed when every question is answered', () => {
    expect(problemsOf(filled)).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['a section that is gone', filled.replace('## Plan', '## Plans'), /no section "Plan"/],
    ['an overview of a word', filled.replace(answers[0][1], 'Line.'), /"Overview" says too little/],
    ['two requirements', filled.replace('- Three.', ''), /fewer than three/],
    ['no reference', filled.replaceAll('https://docs.example.com', 'nowhere'), /no reference/],
    [
      'a link to nothing',
      filled.replace('channels/telegram/README', 'channels/gone/README'),
      /links nothing/,
    ],
    ['no word on what is followed', filled.replace(answers[2][1], ''), /does not say which/],
    ['no step', filled.replace(/^\d\. .*$/gm, ''), /"Plan" lists no step/],
    ['no word on decisions', filled.replace('\nNone.', ''), /"Decisions needed" is empty/],
  ])('is not analysed with %s', (_what, text, problem) => {
    expect(problemsOf(text).join('\n')).toMatch(problem);
  });

  it('counts a decision as open until it links its document', () => {
    const items = '- Who pays?\n- [How long](../decisions/0031-files.md)\n- [Why](../decisions/0099-gone.md)';
    const text = filled.replace('\nNone.', `\n${items}`);
    expect(openDecisions(readDocument(file, text), workspace)).toEqual([
      'Who pays?',
      '[Why](../decisions/0099-gone.md)',
    ]);
    expect(openDecisions(readDocument(file, filled), workspace)).toEqual([]);
  });

  it('keeps what the first run counted, and only that', () => {
    const once = withFirstRun(file, filled, { passed: 3, failed: 1 });
    expect(readDocument(file, once)).toMatchObject({
      facts: { ...facts, firstRun: { passed: 3, failed: 1 } },
      text: readDocument(file, filled).text,
    });
    expect(withFirstRun(file, once, { passed: 9, failed: 0 })).toBe(once);
  });
});

it('the items of a list have no marks, and may be of several lines', () => {
  expect(itemsOf('Words.\n\n- one\n  and more\n- [ ] two\n* three\n1. four\n')).toEqual([
    'one and more',
    'two',
    'three',
    'four',
  ]);
});
