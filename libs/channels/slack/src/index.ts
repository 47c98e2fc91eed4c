export * from './client/slack.client';
export * from './handler/slack.handler';
export * from './models/api.models';
export * from './models/config.models';
export * from './models/inbound.models';
export * from './slack.channel';
