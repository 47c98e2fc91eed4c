import { namesOf } from '../workspace/names';
import { answered, itemsOf } from './document';
import type { Commit } from './git';
import type { FeatureReport } from './look';
import { mentions } from './phase';
import { figuresOf } from './table';

/** What a release tells of a feature: the changelog's lines that name it, its commits, and what a human has to look at. Pure. */
export function releaseNotes(report: FeatureReport, changelog: string, commits: readonly Commit[]): string {
  const { document, needsHuman } = report;
  const { title } = namesOf(document.facts.feature);
  const names = [document.facts.feature, title];
  const news = itemsOf(changelog).filter((item) => mentions(item, names));
  return [
    `# ${title}`,
    answered(document, 'Overview'),
    ...section('Changes', news, 'CHANGELOG.md does not name it yet.'),
    ...section(
      'Commits',
      commits.map(({ id, subject }) => `${id.slice(0, 7)} ${subject}`),
      'Nothing is committed yet.',
    ),
    ...section('To be looked at', needsHuman, 'Nothing.'),
    ...section(
      'Figures',
      Object.entries(figuresOf(report)).map(([name, figure]) => `${name}: ${figure}`),
      '',
    ),
    '',
  ].join('\n\n');
}

function section(heading: string, items: readonly string[], none: string): string[] {
  return [`## ${heading}`, items.length > 0 ? items.map((item) => `- ${item}`).join('\n') : none];
}
