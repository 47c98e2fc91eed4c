import { setFlagsFromString } from 'node:v8';

/**
 * Loaded before anything else. Where memory is plenty, V8 lets garbage pile up to several times what is in use before it
 * collects it: it collects earlier here. Starting makes much garbage and keeps little of it, so the space for what is new
 * stays small meanwhile. docs/performance.md has what the hub takes with and without.
 */
setFlagsFromString('--heap-growing-percent=50');
setFlagsFromString('--semi-space-growth-factor=1');

/**
 * Lets the space for what is new grow from now on. For a process that speaks to its database itself: what waits for PostgreSQL's answers
 * outlives a small space, and a third of the time would go into collecting it from the old one.
 */
export function letNewSpaceGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}

/** Whether traces are told in lines of the sources: by `--enable-source-maps`. */
export const tracesAreMapped = process.sourceMapsEnabled;
/** Node has read the hub's own map by now, and would keep those that packages bring in memory as well. `main` switches it on again. */
process.setSourceMapsEnabled(false);
