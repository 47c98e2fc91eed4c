import { abilityNames, validateConfig, type ChannelHandler } from '@omni-hub/channel-sdk';
import type { ChatId } from '@omni-hub/contracts';
import { WhatsAppConfig } from '../../models/config.models';
import { evolutionCapabilities, EvolutionHandler } from './evolution.handler';

const log = { info: () => undefined, warn: () => undefined };
const handlerOf = (more: object = {}) =>
  new EvolutionHandler(
    validateConfig(WhatsAppConfig, {
      provider: 'evolution',
      apiUrl: 'http://127.0.0.1:9',
      apiKey: 'a-key-of-evolution',
      webhookSecret: 'w'.repeat(16),
      instanceName: 'loja',
      ...more,
    }),
    { account: null, log },
  );

describe('the handler of an Evolution account', () => {
  it('has a method exactly for what it can do', () => {
    const handler: ChannelHandler = handlerOf();
    for (const ability of abilityNames) {
      expect([ability, typeof handler[ability] === 'function']).toEqual([
        ability,
        evolutionCapabilities.abilities[ability],
      ]);
    }
  });

  it('waits for acknowledgements as long as its configuration says', () => {
    expect(handlerOf().capabilities.acknowledgesWithinMs).toBe(120_000);
    expect(handlerOf({ acknowledgeTimeoutMs: 5_000 }).capabilities.acknowledgesWithinMs).toBe(5_000);
  });

  it('sends as fast as it is allowed to, and slower within a chat', () => {
    const chat = 'whatsapp:5511987654321' as ChatId;
    const pace = (more?: object) => handlerOf(more).pace(chat);
    expect(pace()).toEqual([
      { key: 'instance', scope: 'instance', burst: 5, perSecond: 5 },
      { key: 'chat:whatsapp:5511987654321', scope: 'chat', burst: 3, perSecond: 1 },
    ]);
    expect(pace({ messagesPerSecond: 2 })[0]).toMatchObject({ burst: 2, perSecond: 2 });
  });

  it('counts the marks of a text', () => {
    const spans = [{ style: 'bold' as const, offset: 0, length: 2 }];
    expect(handlerOf().measure({ text: 'hi', spans })).toBe(4);
  });
});
