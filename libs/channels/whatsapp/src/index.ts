export * from './cloud/client/cloud.client';
export * from './cloud/handler/cloud.handler';
export * from './evolution/client/evolution.client';
export * from './evolution/handler/evolution.handler';
export * from './models/config.models';
export * from './whatsapp.channel';
