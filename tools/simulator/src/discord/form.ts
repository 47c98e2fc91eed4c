import { DiscordError, type ErrorTree } from './errors';
import { isSnowflake } from './snowflake';

/** Where in a body something stands; what is refused there ends up in the tree of errors. */
export class Place {
  private constructor(
    private readonly tree: ErrorTree,
    private readonly path: readonly string[],
  ) {}

  static top(tree: ErrorTree): Place {
    return new Place(tree, []);
  }

  at(key: string | number): Place {
    return new Place(this.tree, [...this.path, String(key)]);
  }

  refuse(code: string, message: string): void {
    let node = this.tree;
    for (const key of this.path) node = (node[key] ??= {}) as ErrorTree;
    const problems = (node._errors ??= []) as { code: string; message: string }[];
    problems.push({ code, message });
  }
}

/** Looks at a value and refuses, at its place, what is wrong with it. */
export type Check = (value: unknown, place: Place) => void;

/** Throws "Invalid Form Body" with everything that a check refused. */
export function checkForm(value: unknown, ...checks: Check[]): void {
  const tree: ErrorTree = {};
  for (const check of checks) check(value, Place.top(tree));
  if (Object.keys(tree).length > 0) throw new DiscordError(400, 50035, 'Invalid Form Body', tree);
}

/** One problem at one place. */
export function invalidForm(path: (string | number)[], code: string, message: string): DiscordError {
  const tree: ErrorTree = {};
  path.reduce((place: Place, key) => place.at(key), Place.top(tree)).refuse(code, message);
  return new DiscordError(400, 50035, 'Invalid Form Body', tree);
}

export const anything: Check = () => undefined;

/** Lengths are counted in code points. */
export const text =
  ({ min = 0, max }: { min?: number; max: number }): Check =>
  (value, place) => {
    if (typeof value !== 'string')
      return place.refuse('STRING_TYPE_CONVERT', `Could not interpret "${shown(value)}" as string.`);
    const { length } = value.length > max || min > 0 ? [...value] : value;
    if (length >= min && length <= max) return;
    if (length === 0) place.refuse('BASE_TYPE_REQUIRED', 'This field is required');
    else if (min > 0) place.refuse('BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
    else place.refuse('BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`);
  };

export const integer =
  ({ min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {}): Check =>
  (value, place) => {
    if (!Number.isSafeInteger(value))
      return place.refuse('NUMBER_TYPE_COERCE', `Value "${shown(value)}" is not int.`);
    if (Number(value) < min)
      place.refuse('NUMBER_TYPE_MIN', `int value should be greater than or equal to ${min}.`);
    if (Number(value) > max)
      place.refuse('NUMBER_TYPE_MAX', `int value should be less than or equal to ${max}.`);
  };

export const number: Check = (value, place) => {
  if (typeof value !== 'number') place.refuse('NUMBER_TYPE_COERCE', `Value "${shown(value)}" is not float.`);
};

export const flag: Check = (value, place) => {
  if (typeof value !== 'boolean') place.refuse('BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
};

export const choice =
  (...values: (string | number)[]): Check =>
  (value, place) => {
    if (!values.includes(value as string | number))
      place.refuse('BASE_TYPE_CHOICES', `Value must be one of {${values.map(shown).join(', ')}}.`);
  };

export const snowflake: Check = (value, place) => {
  if (!isSnowflake(value)) place.refuse('NUMBER_TYPE_COERCE', `Value "${shown(value)}" is not snowflake.`);
};

export const address =
  (schemes: readonly string[], max = 2048): Check =>
  (value, place) => {
    const scheme = typeof value === 'string' && URL.canParse(value) ? new URL(value).protocol : null;
    if (scheme === null) return place.refuse('URL_TYPE_INVALID_URL', 'Not a well formed URL.');
    const allowed = schemes.map((name) => `${name}:`);
    if (!allowed.includes(scheme))
      place.refuse(
        'URL_TYPE_INVALID_SCHEME',
        `Scheme "${scheme.slice(0, -1)}" is not supported. Scheme must be one of (${schemes.map((name) => `'${name}'`).join(', ')}).`,
      );
    text({ max })(value, place);
  };

export const list =
  (item: Check, { min = 0, max }: { min?: number; max: number }): Check =>
  (value, place) => {
    if (!Array.isArray(value))
      return place.refuse('LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
    if (value.length < min || value.length > max) {
      const length =
        min > 0 ? `Must be between ${min} and ${max} in length.` : `Must be ${max} or fewer in length.`;
      place.refuse(min > 0 ? 'BASE_TYPE_BAD_LENGTH' : 'BASE_TYPE_MAX_LENGTH', length);
    }
    value.forEach((one, index) => item(one, place.at(index)));
  };

/** An object with these fields and no others. Null is as good as nothing. */
export const object =
  (fields: Record<string, Check>, required: readonly string[] = []): Check =>
  (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return place.refuse('DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType');
    for (const [name, content] of Object.entries(value)) {
      if (!(name in fields)) place.at(name).refuse('SIMULATOR_UNKNOWN_FIELD', 'There is no such field.');
      else if (content !== null && content !== undefined) fields[name](content, place.at(name));
    }
    for (const name of required) {
      if ((value as Record<string, unknown>)[name] == null)
        place.at(name).refuse('BASE_TYPE_REQUIRED', 'This field is required');
    }
  };

export const all =
  (...checks: Check[]): Check =>
  (value, place) => {
    for (const check of checks) check(value, place);
  };

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
