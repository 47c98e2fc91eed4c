import type { StandIns } from './stand-ins';

/** What a recording may keep of a value by the name of its field: words of the platform's, never of a person. */
const kinds =
  /^(type|kind|event|events|status|action|mode|state|object|field|product|op|t|source|version|role|presence|integration|method|encoding|style|format|scope|ability|addressingMode|language|language_code|locale|allowed_updates|change|rawKind)$|[a-z_](type|Type|status|Status|mode|Mode|kind|Kind|state|State|Action|_action|product)$|mime_?type$/i;
const times =
  /(^|_)(date|time|timestamp|at|since|until|expires?|expiration|ts)$|[a-z](Date|Time|Timestamp|At|Until)$/;
const sizes = /(size|length|duration|width|height|offset|count|bytes|seconds|interval)$/i;
/** The platform's own words about what went wrong: they decide what an error becomes. */
const explanations = /^(description|message|error|errors|details|title|detail|error_user_msg)$/;
/** What people write: there a short number is a word as any other. */
const said =
  /^(text|body|caption|conversation|content|message|label|name|title|question|options?|description|comment)$/i;
const places = /^(latitude|longitude|degreesLatitude|degreesLongitude|lat|lng|lon)$/;

const codeValue = /^(-?\d{1,6}|[A-Za-z][A-Za-z_.]*)$/;
const kindValue = /^[A-Za-z][A-Za-z0-9_./+;=-]{0,79}$/;
const isoTime = /^\d{4}-\d{2}-\d{2}([T ][\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/;
const tokenShapes =
  /\b\d{6,12}:[A-Za-z0-9_-]{30,}|\bEAA[A-Za-z0-9]{20,}|\bxox[a-z]-[A-Za-z0-9-]{10,}|\bsk-[A-Za-z0-9_-]{16,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,}|-----BEGIN [A-Z ]*PRIVATE KEY-----/g;
/** Of this many on, small numbers in a row are the bytes of something. */
const fewestBytes = 8;

/** The hub's own ids, of deliveries and turns: they say nothing of anybody, and what a channel makes of them must still fit. */
const ownId = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** A value of the configuration, and what stands for it. */
export interface ConfigValue {
  field: string;
  value: string;
  secret: boolean;
}

/**
 * Makes of a platform's JSON what may be kept: secrets by value become `{{field}}`, everything that is not known to be a word of the
 * platform's own or a small number becomes a stand-in. What it does not know it replaces: it may spoil a value, it must not let one out.
 */
export class Redactor {
  constructor(
    private readonly standIns: StandIns,
    private readonly values: readonly ConfigValue[],
    private readonly channelId: string,
    /** Names that were heard of: they are replaced wherever they are the whole of a value. */
    private readonly names: ReadonlySet<string>,
  ) {}

  /** JSON, at any depth. `refused` where the platform says that something went wrong. */
  json(value: unknown, refused = false, path: readonly string[] = []): unknown {
    if (typeof value === 'string') return this.string(value, refused, path);
    if (typeof value === 'number') return this.number(value, path);
    if (Array.isArray(value)) {
      if (isBytes(value)) return value.map((_, index) => index % 256);
      return value.map((item) => this.json(item, refused, path));
    }
    if (value === null || typeof value !== 'object') return value;
    if (isBytes(Object.values(value)))
      return Object.fromEntries(Object.keys(value).map((key, index) => [key, index % 256]));
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [this.key(key), this.json(inner, refused, [...path, key])]),
    );
  }

  /** A path below the platform's address: its words stay, what is in between does not. */
  path(path: string): string {
    return this.hidden(path)
      .split('/')
      .map((segment) => this.segment(segment))
      .join('/');
  }

  /** `path` of a webhook's address, without what proves the sender. */
  webhookPath(path: string): string {
    return path
      .split('/')
      .filter((segment) => /^[a-z]+([-_.][a-z]+)*$/i.test(segment))
      .join('/');
  }

  query(query: Readonly<Record<string, string | undefined>>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(query).map(([key, value = '']) => [key, String(this.json(value, false, [key]))]),
    );
  }

  private string(value: string, refused: boolean, path: readonly string[]): string {
    const field = path.at(-1) ?? '';
    const text = this.hidden(value);
    const whole = this.values.find((known) => !known.secret && known.value === text);
    if (whole) return `{{${whole.field}}}`;
    if (text !== value || text.includes('{{')) return this.around(text);
    if (
      ownId.test(text) ||
      field === 'nonce' ||
      isoTime.test(text) ||
      (times.test(field) && /^\d{10,16}(\.\d+)?$/.test(text))
    )
      return text;
    if (sizes.test(field) && /^\d+$/.test(text)) return text;
    if (/^-?\d+$/.test(text) && !said.test(field)) return this.standIns.numbers(text);
    if (text.startsWith(`${this.channelId}:`)) return this.id(text);
    if (/^\d[\d:-]*@[a-z.]+$/.test(text)) return this.standIns.numbers(text);
    if (this.names.has(text)) return this.standIns.text(text);
    if (/code$/i.test(field) && codeValue.test(text)) return text;
    if (kinds.test(field) && kindValue.test(text) && !/\d{7}/.test(text)) return text;
    if (refused && path.some((name) => explanations.test(name))) return this.explanation(text);
    return this.standIns.text(text);
  }

  private number(value: number, path: readonly string[]): number {
    const field = path.at(-1) ?? '';
    if (places.test(field))
      return Math.round(this.standIns.number(1e9 + Math.round(Math.abs(value) * 1e6)) % 90);
    if (path.some((name) => times.test(name)) || path.slice(-2).some((name) => sizes.test(name)))
      return value;
    return this.standIns.number(value);
  }

  /** An id of the hub's: its prefix and its own words stay. */
  private id(text: string): string {
    const [prefix, ...rest] = text.split(':');
    const parts = rest.map((part) => (/^[a-z]{1,12}$/.test(part) ? part : this.idPart(part)));
    return [prefix, ...parts].join(':');
  }

  private idPart(part: string): string {
    return /^-?\d+$/.test(part) ? this.standIns.numbers(part) : this.standIns.text(part);
  }

  /** A field's name that is itself an id, as where a platform makes a table of people. */
  private key(key: string): string {
    return /\d{7}|[@\s]/.test(key) ? this.standIns.text(this.hidden(key)) : key;
  }

  private segment(segment: string): string {
    const whole = this.values.find((known) => !known.secret && known.value === segment);
    if (whole) return `{{${whole.field}}}`;
    if (segment.includes('{{') || /^[A-Za-z_@-]*$/.test(segment) || /^v\d+(\.\d+)?$/.test(segment))
      return segment;
    return /^-?\d+$/.test(segment) ? this.standIns.numbers(segment) : this.standIns.text(segment);
  }

  /** Everything but the placeholders. */
  private around(text: string): string {
    return text
      .split(/(\{\{\w+\}\})/)
      .map((piece) => (/^\{\{\w+\}\}$/.test(piece) ? piece : this.standIns.text(piece)))
      .join('');
  }

  private explanation(text: string): string {
    const named = [...this.names]
      .filter((name) => name.length > 2)
      .reduce((rest, name) => rest.replaceAll(name, (found) => this.standIns.text(found)), text);
    const mailed = named.replace(/[\w.+-]+@[\w.-]+\.[a-z]{2,}/gi, (address) => this.standIns.text(address));
    return this.standIns.numbers(mailed);
  }

  /** Without secrets, and without what looks like one. */
  private hidden(text: string): string {
    const known = this.values
      .filter(({ secret, value }) => secret && value !== '')
      .flatMap(({ field, value }) => [value, encodeURIComponent(value)].map((form) => ({ field, form })))
      .sort((a, b) => b.form.length - a.form.length)
      .reduce((rest, { field, form }) => rest.replaceAll(form, `{{${field}}}`), text);
    return known.replace(tokenShapes, (token) => this.standIns.text(token.replace(/[^A-Za-z0-9]/g, ' ')));
  }
}

/** A file, a key or a picture, as some serialise them. */
function isBytes(values: readonly unknown[]): boolean {
  return (
    values.length >= fewestBytes &&
    values.every((value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 256)
  );
}
