import type { Dialect } from './dialect';

export type Fields = Record<string, unknown>;

/** A 64-bit integer of WhatsApp's protocol. */
export class Long {
  constructor(readonly value: number) {}
}

/** A value of one of WhatsApp's enums. */
export class Enum {
  constructor(
    readonly name: string,
    readonly number: number,
  ) {}
}

const two32 = 2 ** 32;

/** A copy as JSON will carry it: bytes, longs and enums as this version writes them, what is undefined left out. */
export function onTheWire(value: unknown, dialect: Pick<Dialect, 'values'>): unknown {
  if (value instanceof Long) {
    if (dialect.values === 'text') return String(value.value);
    return { low: value.value % two32 | 0, high: Math.floor(value.value / two32), unsigned: true };
  }
  if (value instanceof Enum) return dialect.values === 'text' ? value.name : value.number;
  if (Buffer.isBuffer(value)) {
    return dialect.values === 'text' ? value.toString('base64') : Object.fromEntries(value.entries());
  }
  if (Array.isArray(value)) return value.map((item) => onTheWire(item, dialect));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, onTheWire(field, dialect)]),
  );
}
