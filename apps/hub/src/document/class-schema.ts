import { aboutField, secretFields } from '@omni-hub/channel-sdk';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { named, orNull, toldApart, type Components, type JsonSchema, type Schema } from './schema';

/** What a field can hold that is checked by another class than its own: which, is told by the request or by what is loaded. */
export type Held = 'Content' | 'AgentConfig' | 'ChannelConfig';

const heldKey = Symbol('held');

/** Says what an object holds whose class leaves that open; the document has a schema of this name. */
export const Holds = (what: Held) => (model: object, field: string) =>
  Reflect.defineMetadata(heldKey, what, model, field);

/** A class whose fields class-validator checks. */
export type Checked<T = object> = new () => T;

/** What a rule of class-validator says in JSON Schema, given its constraints. A rule that is not here says nothing there. */
const rules: Record<string, (...constraints: never[]) => JsonSchema> = {
  isString: () => ({ type: 'string' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isObject: () => ({ type: 'object' }),
  isArray: () => ({ type: 'array' }),
  isLatitude: () => ({ type: 'number', minimum: -90, maximum: 90 }),
  isLongitude: () => ({ type: 'number', minimum: -180, maximum: 180 }),
  isUrl: () => ({ type: 'string', format: 'uri' }),
  isUuid: () => ({ type: 'string', format: 'uuid' }),
  isDateString: () => ({ type: 'string', format: 'date-time' }),
  isBase64: () => ({ type: 'string', contentEncoding: 'base64' }),
  isNotEmpty: () => ({ minLength: 1 }),
  minLength: (minLength: number) => ({ minLength }),
  maxLength: (maxLength: number) => ({ maxLength }),
  min: (minimum: number) => ({ minimum }),
  max: (maximum: number) => ({ maximum }),
  arrayMinSize: (minItems: number) => ({ minItems }),
  arrayMaxSize: (maxItems: number) => ({ maxItems }),
  equals: (value: string) => ({ type: typeof value, const: value }),
  isIn: (values: string[]) => ({ type: typeof values[0], enum: values }),
  // Without flags, or with that by which JSON Schema reads patterns anyway.
  matches: ({ source, flags }: RegExp) =>
    flags.replace('u', '') === '' ? { type: 'string', pattern: source } : { type: 'string' },
};

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Condition = (object: object, value: unknown) => boolean;

/** What JSON looks like that a class checks, by the rules that check it; named as the class. */
export function classSchema<T>(type: Checked<T & object>): Schema<T> {
  const schema: Schema<T> = {
    write: (components) => {
      const fields = fieldsOf(type, components);
      return {
        type: 'object',
        required: fields.filter(({ needed }) => needed).map(({ name }) => name),
        properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
        additionalProperties: false,
      };
    },
  };
  return named(type.name, schema, type);
}

/** Objects that a field tells apart, each checked by its class. */
export const classesBy = <T>(
  name: string,
  field: string,
  classes: Readonly<Record<string, Checked>>,
): Schema<T> =>
  named(name, {
    write: (components) => {
      const kinds = Object.entries(classes).map(([kind, type]) => [kind, classSchema(type)] as const);
      return toldApart(field, Object.fromEntries(kinds), components);
    },
  });

export interface CheckedField {
  name: string;
  needed: boolean;
  schema: JsonSchema;
}

export function fieldsOf(type: Checked, components: Components): CheckedField[] {
  const rulesOf = rulesByField(type);
  const probes = probesOf(rulesOf);
  const before: Record<string, unknown> = { ...new type() };
  return [...rulesOf].map(([name, own]) => {
    const mayBe = (value: undefined | null) =>
      probes.some((probe) => own.some((rule) => isSkipped(rule, { ...probe, [name]: value }, value)));
    const schema = heldBy(type, name) ?? checkedBy(type, name, own, components);
    return {
      name,
      needed: !mayBe(undefined) && before[name] === undefined,
      schema: { ...(mayBe(null) ? orNull(schema) : schema), ...factsOf(type, name, before[name]) },
    };
  });
}

function heldBy(type: Checked, field: string): JsonSchema | undefined {
  const what = Reflect.getMetadata(heldKey, type.prototype as object, field) as Held | undefined;
  return what && { $ref: `#/components/schemas/${what}` };
}

function rulesByField(type: Checked): Map<string, Rule[]> {
  const fields = new Map<string, Rule[]>();
  for (const rule of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false))
    fields.set(rule.propertyName, [...(fields.get(rule.propertyName) ?? []), rule]);
  return fields;
}

/** What decides whether a field is looked at can be another field: objects that have none, or one of them, with each value that it may have. */
function probesOf(fields: Map<string, Rule[]>): object[] {
  const values = ([name, own]: [string, Rule[]]) => {
    const words = own.find(({ name: rule }) => rule === 'isIn')?.constraints[0] as unknown[] | undefined;
    return (words ?? ['x']).map((value) => ({ [name]: value }));
  };
  return [{}, ...[...fields].flatMap(values)];
}

/** Whether a rule keeps the others of its field from being asked. */
function isSkipped({ type, constraints }: Rule, object: object, value: unknown): boolean {
  return type === 'conditionalValidation' && !(constraints[0] as Condition)(object, value);
}

function checkedBy(type: Checked, name: string, own: readonly Rule[], components: Components): JsonSchema {
  const said = (each: boolean): JsonSchema =>
    Object.assign({}, ...own.filter((rule) => Boolean(rule.each) === each).map(jsonOf)) as JsonSchema;
  const whole = said(false);
  const isNested = own.some((rule) => rule.type === 'nestedValidation');
  if (whole.type === 'array')
    return { ...whole, items: isNested ? nestedSchema(type, name, own, components) : said(true) };
  if (isNested) return nestedSchema(type, name, own, components);
  return Reflect.getMetadata('design:type', type.prototype as object, name) === String
    ? { type: 'string', ...whole }
    : whole;
}

const jsonOf = ({ name, constraints }: Rule): JsonSchema =>
  name !== undefined && Object.hasOwn(rules, name) ? rules[name](...((constraints ?? []) as never[])) : {};

/** Which class is within, class-transformer knows: it makes one. */
function nestedSchema(type: Checked, name: string, own: readonly Rule[], components: Components): JsonSchema {
  const isList = own.some((rule) => rule.name === 'isArray');
  const made = plainToInstance(type, { [name]: isList ? [{}] : {} }) as Record<string, object | object[]>;
  const within = isList ? (made[name] as object[])[0] : made[name];
  return classSchema(within.constructor as Checked).write(components);
}

function factsOf(type: Checked, name: string, before: unknown): JsonSchema {
  const description = aboutField(type, name);
  return {
    ...(description === undefined ? {} : { description }),
    ...(before === undefined ? {} : { default: before }),
    ...(secretFields(type).includes(name) ? { format: 'password' } : {}),
  };
}
