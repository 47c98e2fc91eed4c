import { isRecord } from '../fixtures/compare';

/**
 * What a fixture shows, whoever it is about: the fields at any depth with the kinds of their values, and what it becomes. Two
 * recordings of the same shape teach the same.
 */
export function shapeOf(fixture: object): string {
  const { source: _source, account: _account, ...shown } = fixture as Record<string, unknown>;
  return JSON.stringify(shape(shown));
}

/** Fields whose values tell one kind from another. */
const telling =
  /^(type|kind|event|rawKind|reason|ability|method|status|code|style|messageType|t|what|change)$/;

function shape(value: unknown, field = ''): unknown {
  if (Array.isArray(value))
    return [...new Set(value.map((item) => JSON.stringify(shape(item, field))))].sort();
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [/\d{4}/.test(key) ? '#' : key, shape(value[key], key)]),
    );
  }
  return telling.test(field) ? value : value === null ? 'null' : typeof value;
}
