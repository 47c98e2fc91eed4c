import type { Channel } from '@omni-hub/channel-sdk';
import { cloudCapabilities, CloudHandler } from './cloud/handler/cloud.handler';
import { evolutionCapabilities, EvolutionHandler } from './evolution/handler/evolution.handler';
import { recipient } from './handler/ids';
import { WhatsAppConfig } from './models/config.models';

/** WhatsApp on two rails: Meta's Cloud API, and Evolution API. What comes in and what goes out is the same on both. */
export const whatsappChannel: Channel<WhatsAppConfig> = {
  id: 'whatsapp',
  title: 'WhatsApp',
  configClass: WhatsAppConfig,
  capabilities: { cloud: cloudCapabilities, evolution: evolutionCapabilities },
  recipient,
  create: (config, tools) =>
    config.provider === 'cloud' ? new CloudHandler(config, tools) : new EvolutionHandler(config, tools),
};
