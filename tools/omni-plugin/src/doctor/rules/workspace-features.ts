import { headingsOf } from '../markdown';
import type { Problem, Rule } from '../rule';
import { below, type Workspace } from '../workspace';

const sections = [
  'Overview',
  'Requirements',
  'Similar implementations',
  'Plan',
  'Decisions needed',
  'Progress',
];

/** WS-7 */
export const featureDocuments: Rule = {
  id: 'WS-7',
  what: 'a document in docs/features has a title and every section of a feature',
  why: '`npm run features` reads them: a section that is missing is a question that nobody asked',
  fix: 'add the section, as `nx generate feature` writes it',
  check: (workspace) =>
    below(workspace, 'docs/features')
      .filter((file) => file.endsWith('.md') && !file.endsWith('/README.md'))
      .flatMap((file) => documentProblems(workspace, file)),
};

function documentProblems(workspace: Workspace, file: string): Problem[] {
  const text = workspace.read(file);
  const headings = headingsOf(text).map((heading) => heading.toLowerCase());
  const missing = sections
    .filter((section) => !headings.some((heading) => heading.startsWith(section.toLowerCase())))
    .map((section) => ({ file, problem: `has no section "${section}"` }));
  return /^# /m.test(text) ? missing : [{ file, problem: 'has no title' }, ...missing];
}
