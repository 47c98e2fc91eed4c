/**
 * How TypeScript becomes JavaScript, in the build and in tests alike: types are dropped, decorators keep the metadata that
 * Nest and class-validator read, class fields are plain assignments.
 */
module.exports = {
  swcrc: false,
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};
