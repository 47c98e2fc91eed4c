import { secretFields, validateConfig, type ConfigValidationError } from '@omni-hub/channel-sdk';
import { WhatsAppConfig } from './config.models';

const cloud = {
  provider: 'cloud',
  phoneNumberId: '1122334455667',
  accessToken: 'EAAmade-up',
  appSecret: 'made-up-secret',
  verifyToken: 'made-up-verify',
};
const evolution = {
  provider: 'evolution',
  apiUrl: 'http://localhost:8080',
  apiKey: 'made-up-key',
  instanceName: 'support',
  webhookSecret: 'made-up-secret-of-16',
};

function problemsOf(config: object): string[] {
  try {
    validateConfig(WhatsAppConfig, config);
    return [];
  } catch (error) {
    return (error as ConfigValidationError).problems.map(({ field }) => field);
  }
}

describe('the settings of a number', () => {
  it.each([cloud, evolution])('need no more than these: %j', (config) =>
    expect(problemsOf(config)).toEqual([]),
  );

  it('have defaults', () => {
    expect(validateConfig(WhatsAppConfig, cloud)).toMatchObject({
      acknowledgeTimeoutMs: 120_000,
      apiVersion: 'v26.0',
    });
  });

  it('name everything that is missing, of the provider alone where there is one', () => {
    const without = (provider?: string) => problemsOf({ provider });
    expect(without('cloud')).toEqual(['phoneNumberId', 'accessToken', 'appSecret', 'verifyToken']);
    expect(without('evolution')).toEqual(['apiUrl', 'apiKey', 'instanceName', 'webhookSecret']);
    expect(without()).toEqual(
      expect.arrayContaining(['provider', 'phoneNumberId', 'accessToken', 'apiUrl', 'apiKey']),
    );
  });

  it.each([
    [{ ...cloud, phoneNumberId: '+1 650' }, 'phoneNumberId'],
    [{ ...cloud, businessAccountId: 'mine' }, 'businessAccountId'],
    [{ ...cloud, accessToken: 'two words' }, 'accessToken'],
    [{ ...cloud, apiVersion: '26' }, 'apiVersion'],
    [{ ...cloud, apiUrl: 'graph.facebook.com' }, 'apiUrl'],
    [{ ...cloud, messagesPerSecond: 0 }, 'messagesPerSecond'],
    [{ ...cloud, acknowledgeTimeoutMs: 10 }, 'acknowledgeTimeoutMs'],
    [{ ...cloud, windowTemplate: { name: 'Answer', language: 'en' } }, 'windowTemplate.name'],
    [{ ...cloud, windowTemplate: { name: 'answer', language: 'english' } }, 'windowTemplate.language'],
    [{ ...cloud, windowTemplate: { name: 'answer' } }, 'windowTemplate.language'],
    [{ ...cloud, colour: 'green' }, 'colour'],
    [{ ...evolution, webhookSecret: 'too short' }, 'webhookSecret'],
    [{ ...evolution, instanceName: 'my instance' }, 'instanceName'],
    [{ ...evolution, pairingNumber: '+55 11' }, 'pairingNumber'],
  ])('%# are refused by name: %j', (config, field) => expect(problemsOf(config)).toEqual([field]));

  it('are those of one provider or the other', () =>
    expect(problemsOf({ ...cloud, provider: 'pigeon' })).toContain('provider'));

  it('take a template for the closed window', () =>
    expect(problemsOf({ ...cloud, windowTemplate: { name: 'answer_2', language: 'pt_BR' } })).toEqual([]));

  it('seal what must not be read', () => {
    expect(secretFields(WhatsAppConfig).sort()).toEqual(
      ['accessToken', 'apiKey', 'appSecret', 'verifyToken', 'webhookSecret'].sort(),
    );
  });
});
