/** A workspace to be read: paths are relative to its root, with `/`, and sorted. Whatever looks at one changes nothing. */
export interface Workspace {
  readonly files: readonly string[];
  has(file: string): boolean;
  /** The file's text; empty where it is not there. */
  read(file: string): string;
}

/** A workspace of these files alone. */
export function memoryWorkspace(texts: Readonly<Record<string, string>>): Workspace {
  const files = Object.keys(texts).sort();
  return {
    files,
    has: (file) => Object.hasOwn(texts, file),
    read: (file) => (Object.hasOwn(texts, file) ? texts[file] : ''),
  };
}

/** The workspace with some of its files changed; null takes one out. */
export function changed(workspace: Workspace, changes: Readonly<Record<string, string | null>>): Workspace {
  const kept = workspace.files.filter((file) => changes[file] !== null);
  const files = [...new Set([...kept, ...Object.keys(changes).filter((file) => changes[file] !== null)])];
  const known = new Set(files);
  return {
    files: files.sort(),
    has: (file) => known.has(file),
    read: (file) => (known.has(file) ? (changes[file] ?? workspace.read(file)) : ''),
  };
}

/** The files below a folder. */
export function below({ files }: Workspace, folder: string): string[] {
  return files.filter((file) => file.startsWith(`${folder}/`));
}

/** The names of the folders that stand directly in a folder. */
export function foldersIn(workspace: Workspace, folder: string): string[] {
  const names = below(workspace, folder)
    .map((file) => file.slice(folder.length + 1).split('/'))
    .filter((segments) => segments.length > 1)
    .map(([name]) => name);
  return [...new Set(names)];
}
