import { ConfigurationError, readConfig } from './hub.config';

const faultOf = (environment: NodeJS.ProcessEnv) => {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
};

describe('the environment', () => {
  it('may be empty: everything has a default', () => {
    expect(readConfig({})).toMatchObject({
      port: 8882,
      databaseUrl: 'sqlite:./data/omni-hub.db',
      roles: ['api', 'worker'],
    });
  });

  it('is read with its types', () => {
    const config = readConfig({
      OMNI_PORT: '9000',
      OMNI_ROLES: 'api',
      OMNI_CHANNELS: 'telegram, discord',
      OMNI_DATA_DIR: '/var/hub/',
    });
    expect(config).toMatchObject({
      port: 9000,
      roles: ['api'],
      channels: ['telegram', 'discord'],
      databaseUrl: 'sqlite:/var/hub/omni-hub.db',
    });
  });

  it.each([
    ['OMNI_PORT', 'eighty'],
    ['OMNI_PORT', '70000'],
    ['OMNI_PUBLIC_URL', 'hub.example.com'],
    ['OMNI_DATABASE_URL', 'mysql://db'],
    ['OMNI_SECRET_KEY', 'short'],
    ['OMNI_ADMIN_API_KEY', 'short'],
    ['OMNI_LOG_LEVEL', 'loud'],
    ['OMNI_ROLES', 'api,sleeper'],
    ['OMNI_RETENTION_DAYS', '1'],
    ['OMNI_MEDIA_URL', '/mnt/media'],
    ['OMNI_MEDIA_URL', 's3://bucket?endpoint=minio'],
    ['OMNI_MEDIA_ALLOWED_HOSTS', 'http://media'],
    ['OMNI_TRANSCRIBER_URL', 'whisper'],
    ['OMNI_TRANSCRIBER_API_KEY', 'two words'],
    ['OMNI_SPEECH_URL', 'kokoro'],
    ['OMNI_SPEECH_API_KEY', 'two words'],
  ])('%s=%s is refused in one line that names it and gives an example', (name, value) => {
    const message = faultOf({ [name]: value });
    expect(message.split('\n')).toHaveLength(1);
    expect(message).toContain(`${name}: `);
    expect(message).toContain(`Example: ${name}=`);
  });

  it('names the keys of a bucket that is named without them', () => {
    const message = faultOf({ OMNI_MEDIA_URL: 's3://bucket', OMNI_MEDIA_SECRET_KEY: 'two words' });
    expect(message).toMatch(/^OMNI_MEDIA_ACCESS_KEY: .*\nOMNI_MEDIA_SECRET_KEY: /);
    expect(message).not.toContain('two words');
  });

  it('names every fault at once', () => {
    expect(faultOf({ OMNI_PORT: 'x', OMNI_LOG_LEVEL: 'y' }).split('\n')).toHaveLength(2);
  });

  it('refuses a setting that does not exist, so that a typing error is not silence', () => {
    expect(faultOf({ OMNI_PROT: '1' })).toContain('OMNI_PROT: there is no such setting');
  });

  it('never repeats a secret', () => {
    expect(faultOf({ OMNI_SECRET_KEY: 'hunter2' })).not.toContain('hunter2');
    expect(faultOf({ OMNI_TRANSCRIBER_API_KEY: 'hunter2 ' })).not.toContain('hunter2');
    expect(faultOf({ OMNI_SPEECH_API_KEY: 'hunter2 ' })).not.toContain('hunter2');
  });
});
