import type { AgentScript } from '@omni-hub/simulator';
import type { Bench, Section } from '../bench';
import type { Usage } from '../bench-hub';
import { mean } from '../numbers';
import { Platforms } from '../platforms';
import { type Row, shown } from '../report';

/** Turns at once: each batch ends before the next begins. */
const batch = 50;
/** Until then V8 and the databases' caches grow to their size, whatever the turns are. */
const warmUp = 10 * batch;
/** How much higher the last quarter of the turns may be than the first one, for memory to be called flat. */
const flatWithin = 1.1;

const words = 60;
const everyMs = 50;
const deltas = Array.from({ length: words }, (_, index) => `Word ${index} of the answer. `);

/** The same answer after the same time: word by word, or whole. */
const scripts: Record<'streamed' | 'whole', AgentScript> = {
  streamed: { kind: 'stream', deltas, everyMs },
  whole: {
    kind: 'delay',
    minMs: words * everyMs,
    maxMs: words * everyMs,
    then: { kind: 'fixed', text: deltas.join('') },
  },
};

interface Kind {
  name: string;
  answers: keyof typeof scripts;
  agent(platforms: Platforms): object;
}

const kinds: Kind[] = [
  { name: 'whole (http)', answers: 'whole', agent: ({ agent }) => ({ kind: 'http', url: agent.url }) },
  { name: 'streamed (http)', answers: 'streamed', agent: ({ agent }) => ({ kind: 'http', url: agent.url }) },
  {
    name: 'streamed (openai)',
    answers: 'streamed',
    agent: ({ agent }) => ({ kind: 'openai', url: agent.baseUrl, model: 'bench' }),
  },
];

/** The hub's memory over turns whose answers are shown while an agent writes them, beside turns that are answered whole. */
export const streams: Section = {
  name: 'streams',
  onDemand: 'streams',
  async run(bench) {
    const rows: Row[] = [];
    for (const kind of kinds) rows.push(await measure(bench, kind, rows[0]?.value ?? null));
    return rows;
  },
};

async function measure(bench: Bench, kind: Kind, wholeGrowth: number | null): Promise<Row> {
  const { turns } = bench.options;
  const platforms = await Platforms.start(scripts[kind.answers]);
  const hub = await bench.startHub();
  try {
    await hub.createInstance(platforms, kind.agent(platforms));
    await bench.deliver([hub], platforms, warmUp);
    const drafts = platforms.drafts;
    const samples: Usage[] = [];
    for (let done = 0; done < turns; done += batch) {
      await bench.deliver([hub], platforms, Math.min(batch, turns - done));
      samples.push(await hub.usage());
    }
    const previews = (platforms.drafts - drafts) / turns;
    if (kind.answers === 'streamed' && previews < 1)
      throw new Error(`only ${shown(previews)} previews a turn were shown: nothing was streamed to Telegram`);
    return toRow(kind, turns, quarters(samples), previews, wholeGrowth);
  } finally {
    await hub.stop();
    await platforms.close();
  }
}

interface Quarter {
  rssMb: number;
  /** The least of its samples: the nearest to what is really in use. */
  heapMb: number;
}

function quarters(samples: Usage[]): Quarter[] {
  return [0, 1, 2, 3].map((quarter) => {
    const own = samples.slice((samples.length * quarter) / 4, (samples.length * (quarter + 1)) / 4);
    return {
      rssMb: mean(own.map(({ rssMb }) => rssMb)),
      heapMb: Math.min(...own.map(({ heapMb }) => heapMb)),
    };
  });
}

function toRow(
  { name, answers }: Kind,
  turns: number,
  all: Quarter[],
  previews: number,
  wholeGrowth: number | null,
): Row {
  const growth = all[3].rssMb / all[0].rssMb;
  const megabytes = (of: keyof Quarter) => all.map((quarter) => Math.round(quarter[of])).join(' ');
  const shownAs = answers === 'streamed' ? `; ${shown(previews)} previews a turn` : '';
  return {
    section: streams.name,
    figure: `memory, ${shown(turns)} turns ${name}, last ÷ first quarter`,
    value: growth,
    unit: '×',
    target: `≤ ${flatWithin} (flat)`,
    reached: growth <= flatWithin,
    ratio: wholeGrowth === null ? null : { value: growth / wholeGrowth, to: 'not streamed' },
    detail: `by quarters: RSS ${megabytes('rssMb')} MB, heap ${megabytes('heapMb')} MB${shownAs}`,
  };
}
