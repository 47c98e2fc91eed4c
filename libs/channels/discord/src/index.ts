export * from './client/discord.client';
export * from './discord.channel';
export * from './handler/discord.handler';
export * from './models/api.models';
export * from './models/config.models';
export * from './models/inbound.models';
