export * from './client/telegram.client';
export * from './handler/telegram.handler';
export * from './models/api.models';
export * from './models/config.models';
export * from './models/inbound.models';
export * from './telegram.channel';
