import type { Section } from '../bench';
import { mean } from '../numbers';
import { Platforms } from '../platforms';
import { shown } from '../report';

const steps = 20;
const settleMs = 5_000;
/** How much higher the last quarter of a run may be than its second one, for memory to be called flat. */
const flatWithin = 1.1;

/** The hub's resident memory: idle, and while messages pass at full speed. */
export const memory: Section = {
  name: 'memory',
  async run(bench) {
    const total = bench.options.soak ? 200_000 : 20_000;
    const platforms = await Platforms.start();
    const hub = await bench.startHub();
    try {
      await hub.createInstance(platforms);
      await settle();
      const idle = (await hub.usage()).rssMb;
      const samples: number[] = [];
      for (let step = 1; step <= steps; step++) {
        await bench.deliver([hub], platforms, total / steps);
        samples.push((await hub.usage()).rssMb);
        if (step % 4 === 0)
          bench.say(`${shown((step * total) / steps)} messages: ${shown(samples[step - 1])} MB`);
      }
      await settle();
      const after = (await hub.usage()).rssMb;
      const highest = Math.max(...samples, after);
      const growth = mean(samples.slice((steps * 3) / 4)) / mean(samples.slice(steps / 4, steps / 2));
      const row = { section: 'memory', ratio: null };
      return [
        {
          ...row,
          figure: 'memory, idle',
          value: idle,
          unit: 'MB',
          target: '≤ 150 MB',
          reached: idle <= 150,
          detail: 'five seconds after its start, one instance',
        },
        {
          ...row,
          figure: `memory, highest of ${shown(total)} messages`,
          value: highest,
          unit: 'MB',
          target: '≤ 250 MB',
          reached: highest <= 250,
          detail: `${shown(after)} MB when idle again`,
        },
        {
          ...row,
          figure: 'memory, last quarter ÷ second quarter',
          value: growth,
          unit: '×',
          target: `≤ ${flatWithin} (flat)`,
          reached: growth <= flatWithin,
          detail: `samples in MB: ${samples.map((sample) => Math.round(sample)).join(' ')}`,
        },
      ];
    } finally {
      await hub.stop();
      await platforms.close();
    }
  },
};

const settle = () => new Promise((resolve) => setTimeout(resolve, settleMs));
