import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, ValidateBy, validateSync, type ValidationError } from 'class-validator';
import { redact } from './http/failures';

type ConfigClass<C extends object = object> = new () => C;

const secretNames = new WeakMap<object, string[]>();

/** Marks a field of a config class: sealed at rest, masked everywhere, never told back. */
export function Secret(): PropertyDecorator {
  return (prototype, field) => {
    secretNames.set(prototype, [...(secretNames.get(prototype) ?? []), String(field)]);
  };
}

/** The names of a config class's secret fields, those of its base classes first. */
export function secretFields(configClass: ConfigClass): string[] {
  const fields: string[] = [];
  for (let prototype = configClass.prototype; prototype; prototype = Object.getPrototypeOf(prototype)) {
    fields.unshift(...(secretNames.get(prototype) ?? []));
  }
  return [...new Set(fields)];
}

const aboutRule = 'about';

/** Says what a field is, for whoever fills it in: the API's document shows it. Refuses nothing. */
export function About(what: string): PropertyDecorator {
  return ValidateBy({ name: aboutRule, constraints: [what], validator: { validate: () => true } });
}

/** What `About` says of a field, in the class or in one that it extends; undefined where that is nothing. */
export function aboutField(configClass: ConfigClass, field: string): string | undefined {
  return getMetadataStorage()
    .getTargetValidationMetadatas(configClass, '', false, false)
    .find(({ name, propertyName }) => name === aboutRule && propertyName === field)?.constraints[0] as
    | string
    | undefined;
}

export interface ConfigProblem {
  /** The path of the field, for example `limits.perSecond`; empty for the configuration as a whole. */
  field: string;
  problem: string;
}

/** Every fault of a configuration at once. Holds no value that was given. */
export class ConfigValidationError extends Error {
  override readonly name = 'ConfigValidationError';

  constructor(readonly problems: ConfigProblem[]) {
    super(problems.map(({ field, problem }) => (field ? `${field}: ${problem}` : problem)).join('; '));
  }
}

/**
 * An instance of the class, with its defaults, from what an operator wrote. Unknown fields are refused. Throws
 * ConfigValidationError, which names every failing field, nested ones too.
 */
export function validateConfig<C extends object>(configClass: ConfigClass<C>, plain: unknown): C {
  if (plain === null || typeof plain !== 'object' || Array.isArray(plain)) {
    throw new ConfigValidationError([{ field: '', problem: 'the configuration must be an object' }]);
  }
  const config = plainToInstance(configClass, plain, { exposeDefaultValues: true });
  const secrets = secretValues(config);
  const problems = validateSync(config, strict)
    .flatMap((error) => describe(error))
    .map(({ field, problem }) => ({ field, problem: redact(problem, secrets) }));
  if (problems.length > 0) throw new ConfigValidationError(problems);
  return config;
}

const strict = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: false,
  validationError: { target: false, value: false },
};

function describe(error: ValidationError, parent = ''): ConfigProblem[] {
  const field = parent ? `${parent}.${error.property}` : error.property;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    problem: rule === 'whitelistValidation' ? 'is not a known setting' : withoutName(message, error.property),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => describe(child, field))];
}

/** class-validator begins its sentences with the property, which is named already. */
function withoutName(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}

/** What stands in secret fields, nested ones too: a validator's message may quote the value that it refuses. */
function secretValues(config: object): string[] {
  const secret = new Set(secretFields((config.constructor ?? Object) as ConfigClass));
  return Object.entries(config).flatMap(([field, value]) => {
    if (value !== null && typeof value === 'object') return secretValues(value);
    return secret.has(field) ? [String(value)] : [];
  });
}
