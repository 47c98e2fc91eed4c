import { cpus } from 'node:os';

/** Starts to watch all cores; the answered function tells the share of their time that was used since, 0 to 1. */
export function watchMachine(): () => number {
  const before = coreTimes();
  return () => {
    const { used, total } = coreTimes();
    return total === before.total ? 0 : (used - before.used) / (total - before.total);
  };
}

function coreTimes() {
  let used = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    used += all - times.idle;
    total += all;
  }
  return { used, total };
}
