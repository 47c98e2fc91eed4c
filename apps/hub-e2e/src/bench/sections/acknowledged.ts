import type { Bench, Section } from '../bench';
import { median } from '../numbers';
import { Platforms } from '../platforms';
import { type Row, shown } from '../report';

/** How many webhooks are committed, with fsync, and then acknowledged in a second, beside what the bare handler answers. */
export const acknowledged: Section = {
  name: 'acknowledged',
  async run(bench) {
    const alone = await measure(bench, 'api');
    const answering = await measure(bench, 'api,worker');
    return [
      toRow('webhooks acknowledged', alone, 0.6),
      toRow('… while it also answers them', answering, null),
    ];
  },
};

interface Measured {
  hub: number;
  bare: number;
  p50: number;
  p99: number;
  /** The hub's CPU for one webhook, and for its answer where it is answered. */
  cpuMs: number;
}

async function measure(bench: Bench, roles: 'api' | 'api,worker'): Promise<Measured> {
  const platforms = await Platforms.start();
  const hub = await bench.startHub({ roles });
  try {
    await hub.createInstance(platforms);
    let accepted = 0;
    // What is left over from a round must not take CPU from the next one.
    const round = async (seconds?: number) => {
      const before = await hub.usage();
      const result = await bench.acknowledge(hub, seconds);
      accepted += result.accepted;
      if (roles !== 'api') await platforms.untilReplies(accepted);
      const { cpu } = await hub.usage();
      return { ...result, cpuMs: ((cpu - before.cpu) * 1000) / result.accepted };
    };
    await bench.bare(2);
    await round(2);

    const bare: number[] = [];
    const rounds: Awaited<ReturnType<typeof round>>[] = [];
    for (let index = 0; index < bench.rounds; index++) {
      bare.push(await bench.bare());
      rounds.push(await round());
      bench.say(`${roles}: bare ${shown(bare[index])}/s, hub ${shown(rounds[index].perSecond)}/s`);
    }
    return {
      hub: median(rounds.map(({ perSecond }) => perSecond)),
      bare: median(bare),
      p50: median(rounds.map(({ p50 }) => p50)),
      p99: median(rounds.map(({ p99 }) => p99)),
      cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
    };
  } finally {
    await hub.stop();
    await platforms.close();
  }
}

function toRow(figure: string, { hub, bare, p50, p99, cpuMs }: Measured, atLeast: number | null): Row {
  return {
    section: 'acknowledged',
    figure,
    value: hub,
    unit: '/s',
    target: atLeast === null ? null : `≥ ${atLeast} × bare`,
    reached: atLeast === null ? null : hub / bare >= atLeast,
    ratio: { value: hub / bare, to: `bare ${shown(bare)}/s` },
    detail: `after p50 ${shown(p50)} ms, p99 ${shown(p99)} ms; ${shown(cpuMs)} ms of the hub's CPU each`,
  };
}
