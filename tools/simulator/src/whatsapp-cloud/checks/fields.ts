import type { Fields } from '../chat';
import { badParam, missing } from '../errors';

/** `text`, `text['body']`: how the platform names a parameter. */
export const at = (path: string, key: string | number) => (path === '' ? String(key) : `${path}['${key}']`);

/** The object at `path`. Refuses a key that is not documented. */
export function object(value: unknown, path: string, keys: readonly string[]): Fields {
  if (value === undefined || value === null) throw missing(`Parameter '${path}' is mandatory.`);
  if (typeof value !== 'object' || Array.isArray(value))
    throw badParam(`Param ${path} must be a JSON object.`);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    throw badParam(`Unexpected key "${unknown}" on param "${path || 'messages'}".`);
  }
  return value as Fields;
}

export function list(value: unknown, path: string, most: number): unknown[] {
  if (value === undefined || value === null) throw missing(`Parameter '${path}' is mandatory.`);
  if (!Array.isArray(value)) throw badParam(`Param ${path} must be an array.`);
  if (value.length === 0) throw badParam(`Param ${path} must have at least 1 item.`);
  if (value.length > most) throw badParam(`Param ${path} must have at most ${most} items.`);
  return value;
}

/** A text that has to be there; its length counts UTF-16 units. */
export function text(value: unknown, path: string, most: number): string {
  if (value === undefined || value === null) throw missing(`Parameter '${path}' is mandatory.`);
  if (typeof value !== 'string') throw badParam(`Param ${path} must be a string.`);
  if (value.trim() === '') throw badParam(`Param ${path} must be a non-empty string.`);
  if (value.length > most) throw badParam(`Param ${path} must be at most ${most} characters long.`);
  return value;
}

export function optionalText(value: unknown, path: string, most: number): string | undefined {
  return value === undefined ? undefined : text(value, path, most);
}

export function oneOf(value: unknown, path: string, values: readonly string[]): string {
  if (typeof value === 'string' && values.includes(value)) return value;
  if (value === undefined || value === null) throw missing(`Parameter '${path}' is mandatory.`);
  throw badParam(`Param ${path} must be one of {${values.join(', ')}} - got "${String(value)}".`);
}

export function optionalFlag(value: unknown, path: string): void {
  if (value !== undefined && typeof value !== 'boolean') throw badParam(`Param ${path} must be a boolean.`);
}

export function number(value: unknown, path: string, least: number, most: number): number {
  if (value === undefined || value === null) throw missing(`Parameter '${path}' is mandatory.`);
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isFinite(read)) throw badParam(`Param ${path} must be a number.`);
  if (read < least || read > most) throw badParam(`Param ${path} must be between ${least} and ${most}.`);
  return read;
}

export function link(value: unknown, path: string): string {
  const url = text(value, path, 2048);
  if (!/^https?:\/\/./i.test(url) || !URL.canParse(url)) throw badParam(`Param ${path} is not a valid URI.`);
  return url;
}
