import 'reflect-metadata';

export interface SettingFacts {
  what: string;
  example: string;
  secret: boolean;
}

const key = Symbol('settings');

/** Describes a field of the configuration for people: what it does and an example value. */
export function Setting(what: string, example: string, secret = false): PropertyDecorator {
  return (target, property) => {
    const facts: Record<string, SettingFacts> = Reflect.getOwnMetadata(key, target) ?? {};
    facts[String(property)] = { what, example, secret };
    Reflect.defineMetadata(key, facts, target);
  };
}

/** Every described field of a configuration class, in the order of the class. */
Setting.of = (configClass: new () => object): Record<string, SettingFacts> =>
  Reflect.getMetadata(key, configClass.prototype) ?? {};
