import { setFlagsFromString } from 'node:v8';

/**
 * Loaded before anything else. Where memory is plenty, V8 lets garbage pile up to several times what is in use before it
 * collects it: a hub under load would take 400 MB to keep 60 MB. It collects earlier here, for about a twentieth more of processor time.
 */
setFlagsFromString('--heap-growing-percent=50');
setFlagsFromString('--semi-space-growth-factor=1');
