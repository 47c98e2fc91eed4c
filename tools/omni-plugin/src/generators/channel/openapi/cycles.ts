import { listOf, objectAt, schemaRef, type Json } from './document';

/**
 * References that TypeScript cannot follow: an alias that is made of itself (`Message` is one of its kinds, each kind is a `Message` and
 * more). Each is `<schema> <referred schema>`. Those of `allOf` are given up first, so that unions stay whole.
 */
export function circularRefs(schemas: Json): ReadonlySet<string> {
  const given = new Set<string>();
  for (const kinds of [['allOf'], ['allOf', 'oneOf', 'anyOf', '$ref']]) {
    for (const name of Object.keys(schemas)) {
      for (const ref of refsOf(schemas[name], kinds)) {
        if (!given.has(`${name} ${ref}`) && reaches(schemas, given, ref, name)) given.add(`${name} ${ref}`);
      }
    }
  }
  return given;
}

/** What the schema itself is made of, not what its properties hold. */
function refsOf(schema: unknown, kinds: readonly string[]): string[] {
  const direct = kinds.includes('$ref') ? schemaRef(schema) : null;
  const combined = ['allOf', 'oneOf', 'anyOf']
    .filter((kind) => kinds.includes(kind))
    .flatMap((kind) =>
      listOf(objectAt(schema)[kind]).flatMap((member) => refsOf(member, [...kinds, '$ref'])),
    );
  return direct === null ? combined : [direct, ...combined];
}

function reaches(schemas: Json, given: ReadonlySet<string>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const ways = [from];
  for (let name = ways.pop(); name !== undefined; name = ways.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    const current = name;
    const next = refsOf(schemas[current], ['allOf', 'oneOf', 'anyOf', '$ref']);
    ways.push(...next.filter((ref) => !given.has(`${current} ${ref}`)));
  }
  return false;
}
