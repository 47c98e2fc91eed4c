export * from './models/config.models';
export * from './models/errors';
export * from './models/recording';
export * from './transcriber';
