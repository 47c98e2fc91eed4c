import { formatFiles, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { editText } from '../../workspace/files';
import { insertBefore } from '../../workspace/marks';
import { namesOf } from '../../workspace/names';
import { addTemplates } from '../../workspace/templates';

export interface PatternOptions {
  name: string;
}

/** `nx generate pattern <name>`: a document that says how a kind of thing is written, listed in README.md. */
export default async function pattern(tree: Tree, { name }: PatternOptions): Promise<void> {
  const { kebab } = namesOf(name, 'name of a pattern');
  const words = kebab.replaceAll('-', ' ');
  const title = words[0].toUpperCase() + words.slice(1);
  addTemplates(tree, join(__dirname, 'files'), 'docs/patterns', { kebab, title });
  editText(tree, 'README.md', (text) =>
    insertBefore(
      text,
      `,\n  [${words}](docs/patterns/${kebab}.md)`,
      '\n- [Decisions](docs/decisions/README.md)',
    ),
  );
  await formatFiles(tree);
}
