import { startTestPostgres } from '@omni-hub/test-postgres';
import { randomBytes } from 'node:crypto';
import { until } from '../../harness/until';
import { type Bench, type Delivered, medians, type Section } from '../bench';
import type { BenchHub } from '../bench-hub';
import { Platforms } from '../platforms';
import { type Row, shown } from '../report';

/** Few chats and an agent that takes a moment: both replicas want the same lanes all the time. */
const contended = { chats: 100, messages: 10_000, minMs: 1, maxMs: 10 };

/** Two hubs on one PostgreSQL: what the second one costs or brings, and whether a chat is ever answered twice at once. */
export const replicas: Section = {
  name: 'replicas',
  async run(bench) {
    const database = await startTestPostgres();
    const platforms = await Platforms.start();
    const hubs: BenchHub[] = [];
    try {
      const secretKey = randomBytes(32).toString('base64');
      for (let index = 0; index < 2; index++)
        hubs.push(await bench.startHub({ databaseUrl: database.url, secretKey }));
      await hubs[0].createInstance(platforms);
      let accepted = 0;
      await until('both replicas know the instance', async () => {
        const statuses = await Promise.all(hubs.map((hub) => bench.probe(hub)));
        accepted += statuses.filter((status) => status === 200).length;
        return statuses.every((status) => status === 200);
      });
      await platforms.untilReplies(accepted);
      return [await throughput(bench, hubs, platforms), await lanes(bench, hubs, platforms)];
    } finally {
      for (const hub of hubs) await hub.stop();
      await platforms.close();
      await database.stop();
    }
  },
};

async function throughput(bench: Bench, hubs: BenchHub[], platforms: Platforms): Promise<Row> {
  const count = bench.options.quick ? 4_000 : 10_000;
  await bench.deliver(hubs, platforms, 4_000);
  const rounds: Delivered[] = [];
  for (let index = 0; index < bench.rounds; index++) {
    rounds.push(await bench.deliver(hubs, platforms, count));
    bench.say(`two replicas: ${shown(rounds[index].perSecond)} replies/s`);
  }
  const { perSecond, cpuMs, busy } = medians(rounds);
  return {
    section: 'replicas',
    figure: 'replies delivered, 2 replicas',
    value: perSecond,
    unit: '/s',
    target: 'no waiting: ≥ 90 % busy',
    reached: busy >= 0.9,
    ratio: null,
    detail: `${shown(cpuMs)} ms of the hubs' CPU each; the machine ${shown(busy * 100)} % busy`,
  };
}

async function lanes(bench: Bench, hubs: BenchHub[], platforms: Platforms): Promise<Row> {
  let told = 0;
  let turns = 0;
  platforms.agent.answers((turn) => {
    told += turn.messages.length;
    turns++;
    return { kind: 'delay', minMs: contended.minMs, maxMs: contended.maxMs };
  });
  const before = platforms.replies;
  await bench.converse(hubs, contended.chats, contended.messages);
  await until('the agent was told every message', () => told >= contended.messages, { timeoutMs: 120_000 });
  await platforms.untilReplies(before + turns);
  const violations = platforms.agent.violations();
  return {
    section: 'replicas',
    figure: 'lanes run twice at once or out of order',
    value: violations.length + (told - contended.messages),
    unit: '',
    target: '0',
    reached: violations.length === 0 && told === contended.messages,
    ratio: null,
    detail: `${shown(contended.messages)} messages of ${contended.chats} chats, in ${shown(turns)} turns`,
  };
}
