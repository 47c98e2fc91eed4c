export * from './models/config.models';
export * from './models/errors';
export * from './models/speech';
export * from './synthesizer';
