import type { Workspace } from '../doctor/workspace';
import { namesOf } from '../workspace/names';
import { codeOf, type Footprint } from './footprint';

/** Lines of a feature's code, and how many of them are pattern. */
export interface Share {
  pattern: number;
  all: number;
}

/**
 * How much of a feature is pattern. A line of its TypeScript counts as pattern where another implementation of its kind, or the
 * template, has the same line, the name of each left out of account. Lines without a letter, comments and what a line imports do
 * not count. Pure.
 */
export function patternShare(workspace: Workspace, feature: string, footprint: Footprint): Share {
  const own = new Set(codeOf(workspace, footprint));
  const corpus = new Set(
    workspace.files
      .filter((file) => !own.has(file) && footprint.pattern.some((path) => file.startsWith(path)))
      .filter((file) => /\.ts(\.template)?$/.test(file))
      .flatMap((file) => linesOf(withoutNames(workspace.read(file), namesFor(file, footprint)))),
  );
  const lines = [...own]
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => linesOf(withoutNames(workspace.read(file), [feature])));
  return { pattern: lines.filter((line) => corpus.has(line)).length, all: lines.length };
}

/** The lines that count. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\p{L}/u.test(line) && !/^(\/\/|\/?\*|import\b)/.test(line));
}

const placeholder = '§';

/** Every spelling of the names, and what a template puts in their place, as one sign. */
export function withoutNames(text: string, names: readonly string[]): string {
  const spellings = names.flatMap((name) => {
    const { kebab, pascal, camel, title } = namesOf(name);
    return [title, pascal, camel, kebab];
  });
  const bare = text.replace(/<%[-=] *\w+ *%>/g, placeholder).replace(/<%(?![-=])[\s\S]*?%>/g, '');
  return spellings.reduce((rest, spelling) => rest.replaceAll(spelling, placeholder), bare);
}

/** What the implementation that a file belongs to is called: the folder or file below that of its kind. */
function namesFor(file: string, { pattern }: Footprint): string[] {
  if (file.endsWith('.template')) return [];
  const folder = pattern.find((path) => file.startsWith(path)) ?? '';
  const [name] = file.slice(folder.length).split(/[/.]|-protocol/);
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) ? [name] : [];
}
