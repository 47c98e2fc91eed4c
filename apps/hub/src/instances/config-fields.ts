import { ConfigValidationError, validateConfig } from '@omni-hub/channel-sdk';
import type { FieldProblem } from '../flow/content.check';
import { mask } from './instance-secrets';

type Config = Record<string, unknown>;

/** What is wrong with a configuration, by fields that begin with `prefix`. */
export function problemsOf(configClass: new () => object, plain: object, prefix: string): FieldProblem[] {
  try {
    validateConfig(configClass, plain);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigValidationError)) throw error;
    return error.problems.map(({ field, problem }) => ({ field: prefix + field, problem }));
  }
}

/** Fields that are not given stay; null takes a field away; the mask of a secret is no value. */
export function mergeConfig(current: Config, changes: Config = {}): Config {
  const given = Object.entries(changes).filter(([, value]) => value !== mask);
  const merged = { ...current, ...Object.fromEntries(given) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}
