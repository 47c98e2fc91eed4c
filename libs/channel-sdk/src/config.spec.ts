import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Min, ValidateNested } from 'class-validator';
import { About, aboutField, ConfigValidationError, Secret, secretFields, validateConfig } from './config';

class Limits {
  @IsInt()
  @Min(1)
  perSecond: number;

  @Secret()
  @Matches(/^k-/, { message: '"$value" must begin with k-' })
  key: string;
}

class Config {
  @About('What the bot proves itself by.')
  @Secret()
  @Matches(/^\d+:\w+$/, { message: '$value is not a bot token' })
  token: string;

  @Secret()
  @IsOptional()
  @IsString()
  webhookSecret?: string;

  @IsIn(['webhook', 'polling'])
  mode: string = 'webhook';

  @IsUrl()
  apiUrl: string = 'https://api.example.org';

  @IsOptional()
  @ValidateNested()
  @Type(() => Limits)
  limits?: Limits;
}

class Empty {}

function problemsOf(plain: unknown, configClass: new () => object = Config) {
  try {
    validateConfig(configClass, plain);
  } catch (error) {
    if (error instanceof ConfigValidationError) return error.problems;
    throw error;
  }
  return [];
}

describe('validateConfig', () => {
  it('gives an instance of the class with its defaults', () => {
    const config = validateConfig(Config, { token: '1:abc', limits: { perSecond: 2, key: 'k-1' } });
    expect(config).toBeInstanceOf(Config);
    expect(config.limits).toBeInstanceOf(Limits);
    expect(config).toMatchObject({ token: '1:abc', mode: 'webhook', apiUrl: 'https://api.example.org' });
  });

  it('names every failing field, nested and unknown ones too', () => {
    const plain = { mode: 'push', colour: 'red', limits: { perSecond: 0, key: 'k-1', extra: true } };
    const fields = problemsOf(plain).map(({ field }) => field);
    expect(new Set(fields)).toEqual(new Set(['token', 'mode', 'colour', 'limits.perSecond', 'limits.extra']));
  });

  it('says what is wrong without the name twice', () => {
    expect(problemsOf({ token: '1:abc', mode: 'push' })).toEqual([
      { field: 'mode', problem: 'must be one of the following values: webhook, polling' },
    ]);
    expect(problemsOf({ token: '1:abc', colour: 'red' })).toEqual([
      { field: 'colour', problem: 'is not a known setting' },
    ]);
  });

  it('never echoes a secret, not even where a validator quotes the value', () => {
    const plain = { token: 'hunter2-token', limits: { perSecond: 1, key: 'hunter2-key' } };
    const problems = problemsOf(plain);
    expect(problems.map(({ field }) => field)).toEqual(['token', 'limits.key']);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
    expect(() => validateConfig(Config, plain)).toThrow(
      /^token: \*\*\* is not a bot token; limits\.key: "\*\*\*"/,
    );
  });

  it.each([null, undefined, 'text', 7, ['a']])('refuses %p, which is no object', (plain) => {
    expect(problemsOf(plain)).toEqual([{ field: '', problem: 'the configuration must be an object' }]);
  });

  it('accepts nothing but {} for a class without settings', () => {
    expect(validateConfig(Empty, {})).toBeInstanceOf(Empty);
    expect(problemsOf({ token: 'x' }, Empty).map(({ field }) => field)).toEqual(['token']);
  });
});

describe('secretFields', () => {
  class Special extends Config {
    @Secret()
    appSecret: string;
  }

  it('names the fields marked @Secret, inherited ones first', () => {
    expect(secretFields(Config)).toEqual(['token', 'webhookSecret']);
    expect(secretFields(Special)).toEqual(['token', 'webhookSecret', 'appSecret']);
    expect(secretFields(Empty)).toEqual([]);
  });
});

describe('aboutField', () => {
  it('tells what a field is, also that of a base class', () => {
    class Special extends Config {}
    expect(aboutField(Config, 'token')).toBe('What the bot proves itself by.');
    expect(aboutField(Special, 'token')).toBe('What the bot proves itself by.');
    expect(aboutField(Config, 'mode')).toBeUndefined();
  });
});
