/** JSON Schema as OpenAPI 3.1 has it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** The named schemas of a document, as they are referred to. */
export type Components = Record<string, JsonSchema>;

/**
 * What JSON looks like that is a `T`. TypeScript holds it against the type that the code has: a field that is missing, that nobody
 * knows, or that can be more than is described does not compile. Its JSON is made when a document is asked for.
 */
export interface Schema<in T> {
  /** As it stands where it is used. A named schema is a reference there, and adds itself to `components`. */
  write(components: Components): JsonSchema;
  /** Never there: what makes a schema of one type none of another. */
  readonly describes?: (value: T) => void;
}

/** A field that may be absent. */
interface Optional<in T> {
  readonly optional: Schema<T>;
}

type Fields<T> = {
  [Field in keyof T]-?: undefined extends T[Field]
    ? Optional<Exclude<T[Field], undefined>>
    : Schema<T[Field]>;
};

/** As it is written here: nothing holds it against the type. */
export const written = <T>(json: JsonSchema): Schema<T> => ({ write: () => json });

export const text = written<string>({ type: 'string' });
export const integer = written<number>({ type: 'integer' });
export const decimal = written<number>({ type: 'number' });
export const flag = written<boolean>({ type: 'boolean' });
/** ISO 8601, as `Date` writes it. */
export const time = written<string>({ type: 'string', format: 'date-time' });
export const anything = written<unknown>({});
export const fact = written<string | number | boolean | null>({
  type: ['string', 'number', 'boolean', 'null'],
});

/** One of a closed list. */
export const word = <const Word extends string | boolean>(...words: readonly Word[]): Schema<Word> =>
  written({ type: typeof words[0], enum: words });

export const list = <T>(item: Schema<T>): Schema<readonly T[]> => ({
  write: (components) => ({ type: 'array', items: item.write(components) }),
});

export const dictionary = <T>(value: Schema<T>): Schema<{ readonly [key: string]: T }> => ({
  write: (components) => ({ type: 'object', additionalProperties: value.write(components) }),
});

export const nullable = <T>(schema: Schema<T>): Schema<T | null> => ({
  write: (components) => orNull(schema.write(components)),
});

export const either = <A, B>(one: Schema<A>, other: Schema<B>): Schema<A | B> => ({
  write: (components) => ({ anyOf: [one.write(components), other.write(components)] }),
});

/** Says what a reader would not guess. */
export const about = <T>(description: string, schema: Schema<T>): Schema<T> => ({
  write: (components) => ({ ...schema.write(components), description }),
});

export const optional = <T>(schema: Schema<T>): Optional<T> => ({ optional: schema });

export const object = <T>(fields: Fields<T>): Schema<T> => ({
  write: (components) => {
    const all = Object.entries<Schema<never> | Optional<never>>(fields);
    return {
      type: 'object',
      required: all.filter(([, field]) => !('optional' in field)).map(([name]) => name),
      properties: Object.fromEntries(
        all.map(([name, field]) => [name, ('optional' in field ? field.optional : field).write(components)]),
      ),
    };
  },
});

/** Whose each name is, by document. */
const owners = new WeakMap<Components, Map<string, object>>();

/** A schema of its own in the document. Writing throws where another has its name; `owner` is what makes it the same. */
export const named = <T>(name: string, schema: Schema<T>, owner: object = schema): Schema<T> => ({
  write: (components) => {
    const names = owners.get(components) ?? new Map<string, object>();
    owners.set(components, names);
    if (!names.has(name)) {
      // The name is taken before: a schema may refer to itself.
      names.set(name, owner);
      components[name] = {};
      components[name] = schema.write(components);
    }
    if (names.get(name) !== owner) throw new Error(`the API has two schemas of the name ${name}`);
    return { $ref: `#/components/schemas/${name}` };
  },
});

/** Objects that a field tells apart; `kinds` has a named schema for each value of it. */
export const oneOf = <T, Field extends keyof T & string>(
  field: Field,
  kinds: { [Kind in T[Field] & string]: Schema<Extract<T, { [Key in Field]: Kind }>> },
): Schema<T> => ({ write: (components) => toldApart(field, kinds, components) });

export function toldApart(
  propertyName: string,
  kinds: Readonly<Record<string, Schema<never>>>,
  components: Components,
): JsonSchema {
  const mapping = Object.fromEntries(
    Object.entries(kinds).map(([kind, schema]) => [kind, String(schema.write(components).$ref)]),
  );
  const oneOf = [...new Set(Object.values(mapping))].map(($ref) => ({ $ref }));
  return { type: 'object', oneOf, discriminator: { propertyName, mapping } };
}

/** A list that is read page by page. */
export const page = <T>(
  name: string,
  item: Schema<T>,
): Schema<{ items: readonly T[]; nextCursor: string | null }> =>
  named(name, object({ items: list(item), nextCursor: nextCursor }));

export const nextCursor = about(
  'The `cursor` of the next request; null where this is the end',
  nullable(text),
);

export function orNull(json: JsonSchema): JsonSchema {
  const { type, description } = json;
  if (typeof type === 'string' && !('oneOf' in json))
    return {
      ...json,
      type: [type, 'null'],
      ...(Array.isArray(json.enum) ? { enum: [...json.enum, null] } : {}),
    };
  return { anyOf: [json, { type: 'null' }], ...(description === undefined ? {} : { description }) };
}
