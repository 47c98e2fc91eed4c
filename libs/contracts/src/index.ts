export * from './agent';
export * from './capabilities';
export * from './content';
export * from './events';
export * from './ids';
