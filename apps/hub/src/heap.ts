import { setFlagsFromString } from 'node:v8';

/**
 * Loaded before anything else. Where memory is plenty, V8 lets garbage pile up to several times what is in use before it
 * collects it, in every thread. The hub's objects live for one message: little room for what is new serves as well.
 * docs/performance.md has what the hub takes with and without.
 */
setFlagsFromString('--heap-growing-percent=50');
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--max-semi-space-size=4');
