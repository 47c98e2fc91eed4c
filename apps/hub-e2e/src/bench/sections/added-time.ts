import type { Bench, Section } from '../bench';
import { HttpConnection } from '../http-connection';
import { percentile } from '../numbers';
import { Platforms } from '../platforms';
import { type Row, shown } from '../report';
import { until } from '../../harness/until';

const perSecond = 100;
const reach = { p50: 5, p99: 25 };

/** When each message passed, by its text: performance.now() in this process, which plays the platform and the agent. */
interface Passed {
  sent: number;
  asked?: number;
  replied?: number;
}

/**
 * What the hub adds to the agent's own time, at a steady load: from the webhook to the agent's being asked, and from the
 * agent's answer to the platform's being asked. Loopback and the fake platforms' own time are in it.
 */
export const addedTime: Section = {
  name: 'added-time',
  async run(bench) {
    const messages = new Map<string, Passed>();
    const platforms = await Platforms.start((turn) => {
      const message = messages.get(turn.messages[0].text);
      if (message) message.asked = performance.now();
      return { kind: 'echo' };
    });
    platforms.telegram.watch((happening) => {
      if (happening.kind !== 'call' || happening.call.method !== 'sendMessage') return;
      const message = messages.get(String(happening.call.params.text));
      if (message) message.replied = performance.now();
    });
    const hub = await bench.startHub();
    try {
      await hub.createInstance(platforms);
      await bench.deliver([hub], platforms, 4_000);
      await steadily(bench, hub.port, messages, bench.options.quick ? 10 : 30);
      await until('every message is answered', () => [...messages.values()].every(({ replied }) => replied));
    } finally {
      await hub.stop();
      await platforms.close();
    }
    const passed = [...messages.values()] as Required<Passed>[];
    return [
      ...toRows(
        'webhook → agent asked',
        passed.map(({ sent, asked }) => asked - sent),
      ),
      ...toRows(
        'agent answered → platform asked',
        passed.map(({ asked, replied }) => replied - asked),
      ),
    ];
  },
};

/** One message each hundredth of a second, whatever became of the ones before; fails when the hub is a second behind. */
async function steadily(
  bench: Bench,
  port: number,
  messages: Map<string, Passed>,
  seconds: number,
): Promise<void> {
  let failure: Error | null = null;
  const idle = await Promise.all(
    Array.from({ length: perSecond }, () => HttpConnection.open(port, (error) => (failure = error))),
  );
  const all = [...idle];
  const startedAt = performance.now();
  for (let index = 0; index < seconds * perSecond; index++) {
    await until('it is time', () => performance.now() >= startedAt + (index * 1000) / perSecond, {
      everyMs: 1,
    });
    // The one that rested longest: each is used every second, so that the hub closes none for being idle.
    const connection = idle.shift();
    if (failure || !connection) throw failure ?? new Error('the hub does not keep up with 100 a second');
    const text = `timed ${index}`;
    messages.set(text, { sent: performance.now() });
    connection.exchange(bench.webhook(text), (status) => {
      if (status !== 200) failure = new Error(`the hub answered ${status}`);
      idle.push(connection);
    });
  }
  await until('all are acknowledged', () => idle.length === all.length);
  for (const connection of all) connection.close();
}

function toRows(figure: string, milliseconds: number[]): Row[] {
  const sorted = milliseconds.sort((a, b) => a - b);
  return ([50, 99] as const).map((percent) => {
    const value = percentile(sorted, percent);
    const limit = percent === 50 ? reach.p50 : reach.p99;
    return {
      section: addedTime.name,
      figure: `${figure}, p${percent}`,
      value,
      unit: 'ms',
      target: `≤ ${limit} ms`,
      reached: value <= limit,
      ratio: null,
      detail: `${sorted.length} messages at ${perSecond}/s; longest ${shown(sorted[sorted.length - 1])} ms`,
    };
  });
}
