import { isAllowedHost } from '@omni-hub/channel-sdk';
import { plainToInstance, Transform } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateBy,
  ValidateIf,
  validateSync,
} from 'class-validator';
import { parseS3Url } from './s3-location';
import { Setting } from './setting';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type Role = 'api' | 'worker';

const toNumber = ({ value }: { value: unknown }) =>
  typeof value === 'string' && value !== '' ? Number(value) : value;
const toList = ({ value }: { value: unknown }) =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean)
    : value;

/**
 * Everything that the environment decides. Instance settings are not here: they live in the database.
 * `.env.example` and the table in docs/guides/configuration.md are generated from this class.
 */
export class HubConfig {
  @Setting('The port that the hub listens on; 0 takes a free one.', '8882')
  @Transform(toNumber)
  @IsInt()
  @Min(0)
  @Max(65535)
  port = 8882;

  @Setting('The address that the hub listens on.', '0.0.0.0')
  @IsString()
  host = '127.0.0.1';

  @Setting(
    'The address under which platforms and agents reach the hub. Needed for webhooks.',
    'https://hub.example.com',
  )
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true })
  publicUrl?: string;

  @Setting(
    '`sqlite:<file>` for one process, `postgres://…` for any number of them.',
    'postgres://hub:secret@db/hub',
  )
  @IsOptional()
  @Matches(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, { message: 'must start with sqlite: or postgres://' })
  databaseUrl?: string;

  @Setting('The folder for everything that the hub writes.', '/var/lib/omni-hub')
  @IsString()
  @MinLength(1)
  dataDir = './data';

  @Setting(
    'Seals the instances’ secrets: 32 bytes in base64. Made on the first start into the data folder when absent.',
    '(openssl rand -base64 32)',
    true,
  )
  @IsOptional()
  @Matches(/^[A-Za-z0-9+/]{43}=$/, {
    message: 'must be 32 bytes in base64, as `openssl rand -base64 32` prints them',
  })
  secretKey?: string;

  @Setting(
    'The admin API key. Made and printed once on the first start when absent.',
    '(at least 24 characters)',
    true,
  )
  @IsOptional()
  @IsString()
  @MinLength(24)
  adminApiKey?: string;

  @Setting('How much is logged.', 'debug')
  @IsIn(logLevels)
  logLevel: (typeof logLevels)[number] = 'info';

  @Setting('Which channels to load, separated by commas; all when absent.', 'telegram')
  @Transform(toList)
  @IsOptional()
  @IsString({ each: true })
  channels?: string[];

  @Setting(
    'What this process does: `api` answers HTTP and takes webhooks, `worker` runs turns and deliveries.',
    'api',
  )
  @Transform(toList)
  @IsIn(['api', 'worker'], { each: true, message: 'each role must be api or worker' })
  roles: Role[] = ['api', 'worker'];

  @Setting('A JSON or YAML file whose instances are created or updated at every start.', './instances.yaml')
  @IsOptional()
  @IsString()
  instancesFile?: string;

  @Setting('How many turns may wait for agents at once.', '2000')
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  maxTurns = 1000;

  @Setting('How long finished messages, turns and deliveries are kept, in days.', '90')
  @Transform(toNumber)
  @IsInt()
  @Min(7)
  retentionDays = 30;

  @Setting(
    'Where files are kept: a bucket of an S3-compatible service, which any number of processes share; the folder `media` in the data folder when absent.',
    's3://bucket/omni?endpoint=https://minio.example.com&region=eu-central-1',
  )
  @IsOptional()
  @ValidateBy({
    name: 'isS3Url',
    validator: {
      validate: (value) => typeof value === 'string' && parseS3Url(value) !== null,
      defaultMessage: () => 'must be s3://<bucket>/<prefix>?endpoint=<url>&region=<region>',
    },
  })
  mediaUrl?: string;

  @Setting('The access key for that bucket.', '(the access key)', true)
  @ValidateIf(({ mediaUrl }) => typeof mediaUrl === 'string' && parseS3Url(mediaUrl) !== null)
  @Matches(/^[\x21-\x7e]{1,200}$/, { message: 'must be the access key of the bucket in OMNI_MEDIA_URL' })
  mediaAccessKey?: string;

  @Setting('The secret key for that bucket.', '(the secret key)', true)
  @ValidateIf(({ mediaUrl }) => typeof mediaUrl === 'string' && parseS3Url(mediaUrl) !== null)
  @Matches(/^[\x21-\x7e]{1,200}$/, { message: 'must be the secret key of the bucket in OMNI_MEDIA_URL' })
  mediaSecretKey?: string;

  @Setting(
    'Hosts that files may be fetched from although they are not of the public internet, separated by commas: a host, a host with its port, or a subnet. That of the instance’s agent needs no naming.',
    'media.internal,10.0.3.7:9000,10.1.0.0/16',
  )
  @Transform(toList)
  @ValidateBy({
    name: 'areHosts',
    validator: {
      validate: (value) => Array.isArray(value) && value.every((one) => isAllowedHost(String(one))),
      defaultMessage: () => 'each must be a host, a host with its port, or a subnet',
    },
  })
  mediaAllowedHosts: string[] = [];

  @Setting('The longest file that is fetched, uploaded or sent, in bytes.', '20971520')
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  mediaMaxBytes = 104_857_600;

  @Setting(
    'A service with OpenAI’s `/v1/audio/transcriptions`, which makes texts of voice notes and audio; nothing is transcribed when absent.',
    'https://api.openai.com',
  )
  @IsOptional()
  @IsUrl({
    require_tld: false,
    allow_underscores: true,
    protocols: ['http', 'https'],
    require_protocol: true,
  })
  transcriberUrl?: string;

  @Setting('The key for that service, where it wants one.', '(the key)', true)
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,1024}$/, { message: 'must be 1 to 1024 characters without blanks' })
  transcriberApiKey?: string;

  @Setting('The model that the service uses.', 'large-v3')
  @IsString()
  @Matches(/^[^\r\n]{1,200}$/, { message: 'must be the name of a model' })
  transcriberModel = 'whisper-1';

  @Setting(
    'A service with OpenAI’s `/v1/audio/speech`, which says answers; nothing is spoken when absent.',
    'https://api.openai.com',
  )
  @IsOptional()
  @IsUrl({
    require_tld: false,
    allow_underscores: true,
    protocols: ['http', 'https'],
    require_protocol: true,
  })
  speechUrl?: string;

  @Setting('The key for that service, where it wants one.', '(the key)', true)
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,1024}$/, { message: 'must be 1 to 1024 characters without blanks' })
  speechApiKey?: string;

  @Setting('The model that speaks.', 'gpt-4o-mini-tts')
  @IsString()
  @Matches(/^[^\r\n]{1,200}$/, { message: 'must be the name of a model' })
  speechModel = 'tts-1';

  @Setting('The voice that speaks where an instance names none.', 'nova')
  @IsString()
  @Matches(/^[^\r\n]{1,200}$/, { message: 'must be the name of a voice' })
  speechVoice = 'alloy';

  @Setting(
    'A folder into which traffic is written as fixtures, redacted, to develop channels with a test account. Never in production.',
    './tmp/recorded',
  )
  @IsOptional()
  @IsString()
  @MinLength(1)
  recordFixtures?: string;
}

/** A wrong environment. The message is one line for each fault: the variable, what is wrong, an example. */
export class ConfigurationError extends Error {}

const environmentName = (field: string) =>
  `OMNI_${field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** Reads and checks the `OMNI_` variables. Throws ConfigurationError; never repeats a secret's value. */
export function readConfig(environment: NodeJS.ProcessEnv): HubConfig {
  const fields = Object.keys(Setting.of(HubConfig));
  const given = Object.fromEntries(
    fields
      .map((field) => [field, environment[environmentName(field)]])
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const config = plainToInstance(HubConfig, given);
  const faults = validateSync(config);
  const known = new Set(fields.map(environmentName));
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith('OMNI_') && !known.has(name) && !ignored.has(name),
  );
  if (faults.length + unknown.length > 0) {
    throw new ConfigurationError(
      [
        ...faults.map(({ property, constraints }) => {
          const { example } = Setting.of(HubConfig)[property];
          return `${environmentName(property)}: ${Object.values(constraints ?? {}).join('; ')}. Example: ${environmentName(property)}=${example}`;
        }),
        ...unknown.map(
          (name) =>
            `${name}: there is no such setting. The settings are listed in docs/guides/configuration.md`,
        ),
      ].join('\n'),
    );
  }
  config.databaseUrl ??= `sqlite:${config.dataDir.replace(/\/$/, '')}/omni-hub.db`;
  return config;
}

/** Variables of the project's own tests and tools, not of the hub. */
const ignored = new Set(['OMNI_TEST_DATABASE_URL']);
export { environmentName };
