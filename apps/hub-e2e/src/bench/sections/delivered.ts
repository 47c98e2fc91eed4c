import { startTestPostgres } from '@omni-hub/test-postgres';
import { type Bench, type Delivered, medians, type Section } from '../bench';
import { median } from '../numbers';
import { Platforms } from '../platforms';
import { type Row, shown } from '../report';

const atLeast = { SQLite: 1_800, PostgreSQL: 1_200 };

/** Webhook, agent over HTTP, reply at the platform: how many in a second, every message in a chat of its own. */
export const delivered: Section = {
  name: 'delivered',
  run: (bench) => measure(bench, 'SQLite'),
};

export const deliveredOnPostgres: Section = {
  name: 'delivered-postgres',
  async run(bench) {
    const database = await startTestPostgres();
    try {
      return await measure(bench, 'PostgreSQL', database.url);
    } finally {
      await database.stop();
    }
  },
};

async function measure(bench: Bench, engine: keyof typeof atLeast, databaseUrl?: string): Promise<Row[]> {
  const platforms = await Platforms.start();
  const hub = await bench.startHub({ databaseUrl });
  try {
    await hub.createInstance(platforms);
    const count = bench.options.quick ? 5_000 : 10_000;
    await bench.bare(2);
    await bench.deliver([hub], platforms, 4_000);

    const bare: number[] = [];
    const rounds: Delivered[] = [];
    for (let index = 0; index < bench.rounds; index++) {
      bare.push(await bench.bare());
      rounds.push(await bench.deliver([hub], platforms, count));
      bench.say(
        `${engine}: bare ${shown(bare[index])}/s, hub ${shown(rounds[index].perSecond)} replies/s, ` +
          `${shown(rounds[index].cpuMs)} ms CPU each`,
      );
    }
    return [toRow(engine, medians(rounds), median(bare))];
  } finally {
    await hub.stop();
    await platforms.close();
  }
}

function toRow(engine: keyof typeof atLeast, { perSecond, cpuMs, busy }: Delivered, bare: number): Row {
  return {
    section: engine === 'SQLite' ? delivered.name : deliveredOnPostgres.name,
    figure: `replies delivered, ${engine}`,
    value: perSecond,
    unit: '/s',
    target: `≥ ${shown(atLeast[engine])}/s`,
    reached: perSecond >= atLeast[engine],
    ratio: { value: perSecond / bare, to: `bare ${shown(bare)}/s` },
    detail: `${shown(cpuMs)} ms of the hub's CPU each; the machine ${shown(busy * 100)} % busy`,
  };
}
