import { seededRandom, type FaultRule } from '@omni-hub/simulator';
import { setTimeout as delay } from 'node:timers/promises';
import type { Operator, Trace } from './api';
import { type Engine, startDatabase, type TestDatabase } from './engines';
import type { Hub } from './hub';
import { Load, type Post } from './load';
import { type FollowReplies, ShownReplies } from './shown';
import { stoppedBy } from './trace';
import { until } from './until';
import type { World, WorldOptions } from './world';

const seed = Number(process.env.OMNI_E2E_SEED ?? Date.now() % 1_000_000);
/** The most that lies between the platform's showing a reply and the hub's writing that down. */
const onTheWireMs = 2_000;

/** A hub between a fake platform, on which anybody can be written to, and a fake agent. */
export interface CrashSubject {
  world: { hub: Hub; operator: Operator; agent: World['agent']; dispose(): Promise<void> };
  webhook: string;
  post: Post;
  follow: FollowReplies;
  chatId(chat: number): string;
  slowDown(fault: FaultRule['fault']): void;
}

export type StartSubject = (options: Pick<WorldOptions, 'hub' | 'agent'>) => Promise<CrashSubject>;

/** What holds for a hub that is killed again and again while people write. */
export function describeCrashes(name: string, engine: Engine, kills: number, start: StartSubject): void {
  describe(`a hub for ${name} on ${engine} that is killed ${kills} times under load`, () => {
    const chats = Array.from({ length: 60 }, (_, index) => 2_000 + index);
    const killedAt: number[] = [];
    let database: TestDatabase;
    let subject: CrashSubject;
    let world: CrashSubject['world'];
    let load: Load;
    let shown: ShownReplies;

    beforeAll(async () => {
      database = await startDatabase(engine);
      subject = await start({
        hub: { databaseUrl: database.url },
        agent: { script: { kind: 'delay', minMs: 1, maxMs: 120 } },
      });
      world = subject.world;
      shown = new ShownReplies(subject.follow);
      subject.slowDown({ kind: 'slow', ms: 60 });
      process.stdout.write(`the crash test for ${name} on ${engine} runs with OMNI_E2E_SEED=${seed}\n`);

      const random = seededRandom(seed);
      const { post, webhook } = subject;
      load = new Load({ webhooks: () => [webhook], post, chats, everyMs: 800, seed });
      for (let kill = 0; kill < kills; kill++) {
        await delay(random() * 700);
        await world.hub.kill();
        killedAt.push(Date.now());
        await world.hub.start();
      }
      await load.stop();
      await until('every message has come to its end', async () => (await open()) === 0, {
        timeoutMs: 120_000,
        everyMs: 250,
      });
    }, 240_000);

    afterAll(async () => {
      await world.dispose();
      await database.stop();
    });

    /** What nobody has seen an answer to yet. */
    const unanswered = () =>
      chats.flatMap((chat) => {
        const lines = new Set(shown.lines(chat));
        return load.acknowledged.get(chat)!.filter((text) => !lines.has(text));
      });

    async function traceOf(text: string): Promise<Trace> {
      const chat = await world.operator.chat(subject.chatId(Number(text.split('/')[0])));
      const messages = await world.operator.messages(chat!);
      return world.operator.trace(messages.find(({ content }) => content.message?.text === text)!.id);
    }

    /** Whether a message was given up for good, since twice no answer came to its reply. */
    async function isUncertain(text: string): Promise<boolean> {
      const trace = await traceOf(text);
      return trace.outcome === 'dead' && stoppedBy(trace) === 'AMBIGUOUS';
    }

    /** How many messages have not come to their end. */
    async function open(): Promise<number> {
      const ends = await Promise.all(unanswered().slice(0, 20).map(isUncertain));
      return ends.filter((end) => !end).length;
    }

    it('never answered a webhook with anything but 2xx and 503', () => {
      expect(load.unexpected).toEqual([]);
      expect(load.count).toBeGreaterThan(100);
    });

    it('answered every message that it had acknowledged, or shows that it cannot know', async () => {
      for (const text of unanswered()) expect([text, await isUncertain(text)]).toEqual([text, true]);
      const codes = (await world.operator.deadLetters()).map(({ code }) => code);
      expect(codes.filter((code) => code !== 'AMBIGUOUS')).toEqual([]);
    });

    it('showed no reply more than twice, and twice only what was on the wire when it was killed', async () => {
      for (const chat of chats) {
        const times = new Map<string, number>();
        for (const { text } of shown.of(chat)) times.set(text, (times.get(text) ?? 0) + 1);
        expect([...times].filter(([, count]) => count > 2)).toEqual([]);
        for (const { first, again } of shown.repeats(chat)) {
          // What had left before the kill may be read by the platform after it.
          const kill = killedAt.find((at) => at >= first.at - onTheWireMs && at <= again.at);
          expect(kill).toBeDefined();
          expect(kill! - first.at).toBeLessThan(onTheWireMs);
          const { steps } = await traceOf(first.text.split('\n')[0]);
          expect(steps.map(({ detail }) => detail)).toContain('the hub ended during the attempt');
        }
      }
    });

    it('answered each message in one reply only', () => {
      for (const chat of chats) {
        const replies = new Set(shown.of(chat).map(({ text }) => text));
        const lines = [...replies].flatMap((text) => text.split('\n'));
        expect(lines).toEqual([...new Set(lines)]);
      }
    });

    it('kept the order of every chat', () => {
      for (const chat of chats) {
        const lines = new Set(shown.lines(chat));
        expect([...lines]).toEqual(load.acknowledged.get(chat)!.filter((text) => lines.has(text)));
      }
      expect(world.agent.violations()).toEqual([]);
    });

    it('works as before afterwards', async () => {
      const { body, headers } = subject.post(9_999, 1, 'still there?');
      await world.hub.api.post(subject.webhook, body, {
        headers: { 'content-type': 'application/json', ...headers },
        transformRequest: (data: unknown) => data,
      });
      await until('it is answered', () => shown.lines(9_999).includes('still there?'));
    });
  });
}
