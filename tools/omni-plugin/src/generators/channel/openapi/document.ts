/** A value of an OpenAPI document, whose shape nobody has checked. */
export type Json = Readonly<Record<string, unknown>>;

/** The object at a place of a document; empty where there is none. */
export function objectAt(value: unknown, ...path: string[]): Json {
  const [key, ...rest] = path;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return key === undefined ? (value as Json) : objectAt((value as Json)[key], ...rest);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** What `#/components/parameters/Limit` refers to; the value itself where it is no reference, empty where it leads out of the document. */
export function resolved(document: unknown, value: unknown): Json {
  const seen = new Set<string>();
  let current = objectAt(value);
  for (let ref = textOf(current.$ref); ref !== null && !seen.has(ref); ref = textOf(current.$ref)) {
    seen.add(ref);
    current = ref.startsWith('#/') ? objectAt(document, ...ref.slice(2).split('/').map(unescapePointer)) : {};
  }
  return current;
}

/** The name of the schema that is referred to; null where it is no schema of this document. */
export function schemaRef(value: unknown): string | null {
  const ref = textOf(objectAt(value).$ref);
  const name = ref?.match(/^#\/components\/schemas\/([^/]+)$/)?.[1];
  return name === undefined ? null : unescapePointer(name);
}

/** One line for a comment: the first sentence, without what would end the comment. */
export function sentenceOf(value: unknown): string | null {
  const text = textOf(value)
    ?.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('*/', '* /')
    .trim();
  const sentence = text?.split(/(?<=[.!?]) /)[0];
  if (!sentence) return null;
  return sentence.length > 100 ? `${sentence.slice(0, 99)}…` : sentence;
}

function unescapePointer(part: string): string {
  return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
}
