/** One name as the places of a workspace write it. */
export interface Names {
  /** `line-works`: folders, files, ids. */
  kebab: string;
  /** `LineWorks`: classes and types. */
  pascal: string;
  /** `lineWorks`: functions and constants. */
  camel: string;
  /** `Line Works`: for readers. */
  title: string;
}

/** Every form of a kebab-case name. Throws where `name` is not one, and says what one looks like; `what` names the thing. */
export function namesOf(name: string, what = 'name'): Names {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Error(
      `"${name}" is no ${what}: use lower-case letters, digits and single hyphens, beginning with a letter, for example line-works`,
    );
  }
  const words = name.split('-').map(capitalised);
  const pascal = words.join('');
  return { kebab: name, pascal, camel: pascal[0].toLowerCase() + pascal.slice(1), title: words.join(' ') };
}

function capitalised(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}
