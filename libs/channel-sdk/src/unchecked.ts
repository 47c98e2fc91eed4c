/**
 * A JSON object as it came: its fields are those of the documented type, checked by the compiler, and their values may be anything
 * until one of the readers below has looked at them.
 */
export type Unchecked<T = Record<string, unknown>> = {
  readonly [Field in T extends unknown ? keyof T : never]?: unknown;
};

/** Null for what is no object; lists are none. */
export function asObject<T = Record<string, unknown>>(value: unknown): Unchecked<T> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Unchecked<T>)
    : null;
}

/** Empty for what is no list. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list; what is none is left out. */
export function asObjects<T = Record<string, unknown>>(value: unknown): Unchecked<T>[] {
  return asList(value)
    .map((item) => asObject<T>(item))
    .filter((item) => item !== null);
}

/** Null for what is no text, and for an empty one: where something may be left out, nobody means something by it. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Null beyond what a JavaScript number holds exactly. */
export function asInteger(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

/** A size, a duration, an offset: an integer that is not negative. */
export function asCount(value: unknown): number | null {
  const integer = asInteger(value);
  return integer !== null && integer >= 0 ? integer : null;
}
