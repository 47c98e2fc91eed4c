import type { Section } from '../bench';
import { median } from '../numbers';
import { Hub } from '../../harness/hub';
import { shown } from '../report';

/** From the start of the process to the first 200 of `/ready`, with a new database: its schema is made on the way. */
export const start: Section = {
  name: 'start',
  async run(bench) {
    const seconds: number[] = [];
    for (let index = 0; index < bench.rounds + 2; index++) {
      const startedAt = performance.now();
      const hub = await Hub.start({ environment: { NODE_ENV: 'production' } });
      seconds.push((performance.now() - startedAt) / 1000);
      await hub.dispose();
    }
    const value = median(seconds);
    return [
      {
        section: 'start',
        figure: 'start to ready',
        value,
        unit: 's',
        target: '≤ 2 s',
        reached: value <= 2,
        ratio: null,
        detail: `${seconds.length} starts, ${shown(Math.min(...seconds))} to ${shown(Math.max(...seconds))} s`,
      },
    ];
  },
};
