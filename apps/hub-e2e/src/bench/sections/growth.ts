import { type Delivered, medians, type Section } from '../bench';
import { Platforms } from '../platforms';
import { shown } from '../report';

const atOnce = 10_000;

/**
 * Whether a message costs more when many are stored: two hubs side by side, one with an empty store and one whose store was
 * filled by the same road that every message takes, so that every table has grown as it does in life. A webhook and its
 * reply are two stored messages.
 */
export const growth: Section = {
  name: 'growth',
  onDemand: 'growth',
  async run(bench) {
    const stored = bench.options.quick ? 100_000 : 1_000_000;
    const platforms = await Platforms.start();
    const full = await bench.startHub();
    const empty = await bench.startHub();
    try {
      await full.createInstance(platforms);
      await empty.createInstance(platforms);
      for (let filled = 0; filled < stored / 2; filled += atOnce) {
        const { perSecond, cpuMs } = await bench.deliver([full], platforms, atOnce);
        if (filled % (atOnce * 5) === 0)
          bench.say(
            `${shown(filled * 2)} stored: ${shown(perSecond)} replies/s, ${shown(cpuMs)} ms CPU each`,
          );
      }
      await bench.deliver([empty], platforms, 4_000);

      const rounds: { full: Delivered; empty: Delivered }[] = [];
      for (let index = 0; index < bench.rounds + 2; index++) {
        rounds.push({
          empty: await bench.deliver([empty], platforms, atOnce / 2),
          full: await bench.deliver([full], platforms, atOnce / 2),
        });
      }
      const inFull = medians(rounds.map((round) => round.full));
      const inEmpty = medians(rounds.map((round) => round.empty));
      const value = inEmpty.perSecond / inFull.perSecond;
      return [
        {
          section: 'growth',
          figure: `time for a message with ${shown(stored)} stored`,
          value,
          unit: '×',
          target: '≤ 1.2 × empty store',
          reached: value <= 1.2,
          ratio: { value: inFull.cpuMs / inEmpty.cpuMs, to: `CPU ${shown(inEmpty.cpuMs)} ms each` },
          detail: `${shown(inFull.perSecond)} replies/s, with an empty store ${shown(inEmpty.perSecond)}/s`,
        },
      ];
    } finally {
      await full.stop();
      await empty.stop();
      await platforms.close();
    }
  },
};
