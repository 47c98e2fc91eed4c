import { badRequest } from './errors';
import { parseMultipart, type Upload } from '../multipart';

const noFiles: ReadonlyMap<string, Upload> = new Map();

/**
 * The parameters of one call, however they were sent. The Bot API reads every value as text, so a number may come as a
 * string and an object as JSON in a string.
 */
export class Params {
  constructor(
    private readonly fields: Record<string, unknown>,
    readonly files: ReadonlyMap<string, Upload> = noFiles,
  ) {}

  /** For the record of calls. */
  get raw(): Record<string, unknown> {
    return this.fields;
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined && this.fields[name] !== null && this.fields[name] !== '';
  }

  text(name: string): string | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  integer(name: string): number | undefined {
    if (!this.has(name)) return undefined;
    const value = Number(this.fields[name]);
    return Number.isSafeInteger(value) ? value : undefined;
  }

  number(name: string): number | undefined {
    if (!this.has(name)) return undefined;
    const value = Number(this.fields[name]);
    return Number.isFinite(value) ? value : undefined;
  }

  flag(name: string): boolean {
    const value = this.fields[name];
    return value === true || value === 'true' || value === 'True' || value === '1' || value === 1;
  }

  /** The value as an object or array; refuses what is neither. */
  json<T extends object>(name: string): T | undefined {
    if (!this.has(name)) return undefined;
    const value = this.fields[name];
    const parsed = typeof value === 'string' ? parseJson(value, name) : value;
    if (typeof parsed !== 'object' || parsed === null)
      throw badRequest(`object expected as ${name.replaceAll('_', ' ')}`);
    return parsed as T;
  }
}

/** Reads the query, a JSON body, a form or a multipart form into parameters. */
export function readParams(query: string, contentType: string | undefined, body: Buffer): Params {
  const fields: Record<string, unknown> = query ? Object.fromEntries(new URLSearchParams(query)) : {};
  if (body.length === 0) return new Params(fields);
  if (contentType?.startsWith('application/json')) return new Params({ ...fields, ...parseBody(body) });
  if (contentType?.startsWith('multipart/form-data')) {
    const form = parseMultipart(contentType, body);
    if (!form) throw badRequest("can't parse multipart body");
    return new Params({ ...fields, ...form.fields }, form.files);
  }
  return new Params({ ...fields, ...Object.fromEntries(new URLSearchParams(body.toString())) });
}

function parseBody(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest("can't parse JSON object");
  }
  return value as Record<string, unknown>;
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`can't parse ${name.replaceAll('_', ' ')} JSON object`);
  }
}
