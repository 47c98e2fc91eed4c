import { ConfigValidationError, validateConfig } from '@omni-hub/channel-sdk';
import { watchPurity } from '../checks/purity';
import { secretsIn } from '../checks/secrets';
import { configFor, createHandler, nowhere, type Context } from '../context';
import { show } from '../fixtures/compare';
import { Findings } from './rule';

/**
 * CFG-1: an empty configuration is refused naming every missing field, a wrong one naming the wrong field, and no refusal
 * tells a secret; `create` does no I/O and reads no clock.
 */
export async function checkConfig(context: Context): Promise<void> {
  const findings = new Findings('CFG-1');
  const config = configFor(context, nowhere);
  await findings.attempt('options.config', () => validProblems(context, config));
  await findings.attempt('an empty configuration', () => emptyProblems(context, config));
  await findings.attempt('a configuration', () =>
    Object.keys(config).flatMap((field) => wrongProblems(context, config, field)),
  );
  await findings.attempt('create', async () => {
    const { impurities, error } = await watchPurity(() => createHandler(context, config));
    return [
      ...impurities.map((impurity) => `used ${impurity}`),
      ...(error === undefined ? [] : [`threw ${show(error)}`]),
    ];
  });
  findings.conclude();
}

function validProblems(context: Context, config: Record<string, unknown>): string[] {
  const refusal = refusalOf(context, config);
  return refusal ? [`is refused: ${refusal.message}`] : [];
}

function emptyProblems(context: Context, config: Record<string, unknown>): string[] {
  const required = Object.keys(config).filter((field) => {
    const { [field]: gone, ...rest } = config;
    return gone !== undefined && namedFields(refusalOf(context, rest)).includes(field);
  });
  const refusal = refusalOf(context, {});
  if (!refusal) return ['is accepted: the config class asks for no field'];
  const named = namedFields(refusal);
  return required
    .filter((field) => !named.includes(field))
    .map((field) => `does not name the missing "${field}"`);
}

function wrongProblems(context: Context, config: Record<string, unknown>, field: string): string[] {
  if (typeof config[field] === 'object') return [];
  const refusal = refusalOf(context, { ...config, [field]: { of: 'the wrong type' } });
  if (!refusal) return [`whose "${field}" is an object is accepted`];
  const { secrets } = context.options;
  const told = secretsIn(refusal, secrets).map(
    () => `whose "${field}" is wrong is refused with a secret in the error`,
  );
  return namedFields(refusal).includes(field)
    ? told
    : [...told, `whose "${field}" is wrong is refused without naming it`];
}

function refusalOf({ options }: Context, config: Record<string, unknown>): ConfigValidationError | null {
  try {
    validateConfig(options.channel.configClass, config);
    return null;
  } catch (error) {
    if (error instanceof ConfigValidationError) return error;
    throw error;
  }
}

function namedFields(refusal: ConfigValidationError | null): string[] {
  return refusal?.problems.map(({ field }) => field) ?? [];
}
