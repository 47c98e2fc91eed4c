import { parse, stringify } from 'yaml';
import { headingsOf, linksOf } from '../doctor/markdown';
import type { Workspace } from '../doctor/workspace';

export const featureTypes = ['channel', 'service', 'endpoint', 'agent'] as const;
export type FeatureType = (typeof featureTypes)[number];

/** What `nx generate feature` is told, and what the tools add: the head of the document. */
export interface FeatureFacts {
  feature: string;
  type: FeatureType;
  priority: string;
  target: string | null;
  docs: string | null;
  auth: string | null;
  /** What the first run of its tests counted; written once, by the `test` target. */
  firstRun?: FirstRun;
}

export interface FirstRun {
  passed: number;
  failed: number;
}

export interface FeatureDocument {
  file: string;
  facts: FeatureFacts;
  /** The whole text behind the head. */
  text: string;
}

export const featureFolder = 'docs/features';
export const documentOf = (feature: string) => `${featureFolder}/${feature}.md`;

const head = /^---\n([\s\S]*?)\n---\n/;

/** Throws where the document has no head, or one that names no feature of a known type. */
export function readDocument(file: string, text: string): FeatureDocument {
  const [whole, yaml] = head.exec(text) ?? [];
  if (whole === undefined) throw new Error(`${file} does not begin with the facts between two lines of ---`);
  const facts = Object(parse(yaml)) as FeatureFacts;
  if (typeof facts.feature !== 'string' || !featureTypes.includes(facts.type)) {
    throw new Error(`${file} must name its feature and its type, one of ${featureTypes.join(', ')}`);
  }
  return { file, facts, text: text.slice(whole.length) };
}

/** The head of a document. */
export function writeHead(facts: FeatureFacts): string {
  return `---\n${stringify(facts, { lineWidth: 0 })}---\n`;
}

/** The document with what its first run counted; unchanged where it tells that already. */
export function withFirstRun(file: string, text: string, firstRun: FirstRun): string {
  const document = readDocument(file, text);
  if (document.facts.firstRun) return text;
  return `${writeHead({ ...document.facts, firstRun })}${document.text}`;
}

/** What is written under a heading, without its questions: quoted lines ask, the others answer. */
export function answered(document: FeatureDocument, heading: string): string {
  const from = document.text.indexOf(`\n## ${heading}\n`);
  if (from < 0) return '';
  const rest = document.text.slice(from + heading.length + 5);
  const [section] = rest.split(/\n## /);
  return section
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n')
    .trim();
}

/** The items of a section's list, without their marks; what follows an item on the next lines belongs to it. */
export function itemsOf(section: string): string[] {
  return section
    .split(/^(?:[-*]|\d+\.) +(?:\[[ x]\] +)?/m)
    .slice(1)
    .map((item) => item.replace(/\s+/g, ' ').trim())
    .filter((item) => item !== '');
}

const sections = ['Overview', 'Requirements', 'Similar implementations', 'Plan', 'Decisions needed'];

/** What is not filled in yet; empty where the feature is analysed. */
export function analysisProblems(document: FeatureDocument, workspace: Workspace): string[] {
  const { file, facts, text } = document;
  const headings = headingsOf(text);
  const missing = sections.filter((section) => !headings.includes(section));
  if (missing.length > 0) return missing.map((section) => `${file} has no section "${section}"`);
  const similar = answered(document, 'Similar implementations');
  const prose = similar.split('\n').filter((line) => !line.startsWith('|'));
  const references = [facts.docs ?? '', ...linksOf(text).map(({ target }) => target)];
  return [
    ...(wordsIn(answered(document, 'Overview')) >= 10
      ? []
      : ['"Overview" says too little: ten words at least']),
    ...(itemsOf(answered(document, 'Requirements')).length >= 3
      ? []
      : ['"Requirements" lists fewer than three']),
    ...(references.some((target) => /^https?:\/\//.test(target))
      ? []
      : ['no reference: name the documentation, as `docs` or as a link']),
    ...(existingLinks(document, workspace).length > 0
      ? []
      : ['"Similar implementations" links nothing that exists']),
    ...(wordsIn(prose.join(' ')) >= 10
      ? []
      : ['"Similar implementations" does not say which of them is followed, and why']),
    ...(itemsOf(answered(document, 'Plan')).length > 0 ? [] : ['"Plan" lists no step']),
    ...(answered(document, 'Decisions needed') === ''
      ? ['"Decisions needed" is empty: list them, or write "None."']
      : []),
  ];
}

/** The decisions that have no document yet: an item is decided when it links one that exists. */
export function openDecisions(document: FeatureDocument, workspace: Workspace): string[] {
  return itemsOf(answered(document, 'Decisions needed')).filter(
    (item) =>
      !linksOf(item).some(({ target }) => {
        const file = resolved(target);
        return file.startsWith('docs/decisions/') && workspace.has(file);
      }),
  );
}

function existingLinks(document: FeatureDocument, workspace: Workspace): string[] {
  return linksOf(answered(document, 'Similar implementations'))
    .map(({ target }) => resolved(target))
    .filter((file) => workspace.has(file));
}

/** A link of a feature's document as a path from the workspace's root. */
function resolved(target: string): string {
  return new URL(target, `file:///${featureFolder}/`).pathname.slice(1);
}

function wordsIn(text: string): number {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).length;
}
