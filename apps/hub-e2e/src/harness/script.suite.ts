import {
  startAgentSimulator,
  startTranscriberSimulator,
  type AgentScript,
  type AgentSimulator,
  type AskedTurn,
  type TranscriberSimulator,
} from '@omni-hub/simulator';
import { Operator, type InstanceStatus } from './api';
import { Hub } from './hub';
import type { Stage, StagedPlatform } from './stages';
import { until } from './until';

const spoken = 'Where is my parcel?';
const burst = ['good morning', 'I have a question', 'about a parcel'];

/** Longer than any platform's message, with all that is hard to cut. */
const explanation = [
  '# Lanes',
  'A chat is a **lane**. What is said in it is answered *in order*, and `nothing` is said twice.',
  '| stage | hands over | to |\n| --- | --- | --- |\n| inbox | a message | router |\n| router | an answer | outbox |',
  '```ts\nfor (const lane of ready) {\n  await answer(lane); // one turn at a time\n}\n```',
  '- a slow chat delays no other\n- a crash loses nothing',
  ...Array.from(
    { length: 30 },
    (_, index) =>
      `Rule ${index + 1}: what is acknowledged is stored, what is stored is answered or explained, and what is answered arrives once, in its place, on [every channel](https://example.com/${index + 1}).`,
  ),
  'That is *the end*.',
].join('\n\n');

/** Answers by what it was told, whatever protocol told it. */
const script: AgentScript = (turn) => {
  const told = toldIn(turn);
  const has = (part: string) => told.includes(part);
  if (has(spoken)) return { kind: 'fixed', text: 'You asked aloud: it is on its way.' };
  if (has('this one') && has('image')) return { kind: 'fixed', text: 'A fine picture.' };
  if (has('are you there')) return { kind: 'fixed', text: 'Here I am.' };
  if (has('explain')) return { kind: 'stream', deltas: explanation.match(/[^]{1,200}/g)!, everyMs: 20 };
  if (has('please fail')) return { kind: 'status', status: 500 };
  if (has('and quickly')) return { kind: 'fixed', text: 'Quickly.' };
  if (has('slow one'))
    return { kind: 'delay', minMs: 700, maxMs: 700, then: { kind: 'fixed', text: 'Slowly.' } };
  return { kind: 'fixed', text: burst.every(has) ? 'Three messages, one answer.' : `Only: ${told}` };
};

function toldIn(turn: AskedTurn): string {
  const body = (turn.body ?? turn) as { messages?: unknown[] };
  return JSON.stringify(body.messages && !turn.chat ? body.messages.at(-1) : (body.messages ?? body));
}

const kinds: Record<string, (agent: AgentSimulator) => object> = {
  http: ({ url }) => ({ kind: 'http', url }),
  openai: ({ baseUrl }) => ({ kind: 'openai', url: baseUrl, model: 'small', images: true }),
  automagik: ({ baseUrl }) => ({ kind: 'automagik', url: baseUrl, agent: 'helper', apiKey: 'e2e-key' }),
  hive: ({ baseUrl }) => ({ kind: 'hive', url: baseUrl, agentId: 'helper' }),
};

interface Scene {
  kind: string;
  stage: Stage;
  agent: AgentSimulator;
}

/**
 * One conversation, played on a platform to every kind of agent at once, each with an account of its own: a burst, a voice note, a
 * photo, a group, a long answer, an agent that fails, words that come while it works. What people read is asserted whole.
 */
export function describeScript(start: () => Promise<StagedPlatform>): void {
  let platform: StagedPlatform;
  let transcriber: TranscriberSimulator;
  let hub: Hub;
  let operator: Operator;
  const agents: AgentSimulator[] = [];
  const played = new Map<string, { direct: string[]; group: string[] }>();

  /** An account and its instance, once messages can reach it. */
  async function prepare(kind: string): Promise<Scene> {
    const stage = await platform.stage(`the_${kind}_one`);
    const agent = await startAgentSimulator({ script });
    agents.push(agent);
    await operator.post('/api/v1/instances', {
      name: kind,
      ...stage.instance,
      agent: kinds[kind]?.(agent) ?? { kind },
      settleMs: 1_500,
      fallback: 'Sorry, ask me later.',
    });
    stage.deliversTo?.(`${hub.url}/webhooks/${stage.instance.channel}/${kind}`);
    await until(`${kind} is connected`, async () => {
      const { transport } = await operator.get<InstanceStatus>(`/api/v1/instances/${kind}/status`);
      return stage.instance.channel !== 'discord' || transport?.state === 'connected';
    });
    return { kind, stage, agent };
  }

  async function play({ kind, stage, agent }: Scene): Promise<void> {
    try {
      for (const text of burst) stage.says(text);
      await stage.reply(kind in kinds ? 'Three messages' : burst[2]);
      await operator.patch(`/api/v1/instances/${kind}`, { settleMs: 0 });
      await (kind in kinds ? converse(stage, agent) : echoed(stage));
    } catch (error) {
      const status = await operator.get(`/api/v1/instances/${kind}/status`);
      const stored = await operator.get(`/api/v1/messages?instance=${kind}`);
      const known = JSON.stringify({ status, stored, asked: agent.counters() });
      throw new Error(`${kind}: ${(error as Error).message}\nThe hub: ${known}`);
    }
    played.set(kind, { direct: stage.transcript(), group: stage.group.transcript() });
  }

  async function converse(stage: Stage, agent: AgentSimulator): Promise<void> {
    stage.sendsVoice();
    await stage.reply('You asked aloud');
    stage.sendsPhoto('this one');
    await stage.reply('A fine picture');
    stage.group.aside('lunch?');
    stage.group.addresses('are you there?');
    await stage.group.reply('Here I am');
    stage.says('explain lanes');
    await stage.reply('the end');
    stage.says('please fail');
    await stage.reply('Sorry');
    const asked = agent.counters().asked;
    stage.says('slow one');
    await until('the agent works', () => agent.counters().asked > asked);
    stage.says('and quickly?');
    await stage.reply('Slowly');
    await stage.reply('Quickly');
  }

  async function echoed(stage: Stage): Promise<void> {
    stage.sendsVoice();
    await stage.reply('[voice]');
    stage.sendsPhoto('this one');
    await stage.reply('[image]');
    stage.group.aside('lunch?');
    stage.group.addresses('are you there?');
    await stage.group.reply('are you there?');
    stage.says(explanation.slice(0, 1_500));
    await stage.reply('Lanes');
  }

  beforeAll(async () => {
    platform = await start();
    transcriber = await startTranscriberSimulator();
    transcriber.hears(spoken);
    hub = await Hub.start({ environment: { OMNI_TRANSCRIBER_URL: transcriber.url } });
    operator = new Operator(hub.api);
    const scenes = await Promise.all([...Object.keys(kinds), 'echo'].map(prepare));
    await Promise.all(scenes.map(play));
  });
  afterAll(async () => {
    await hub.dispose();
    await platform.close();
    await Promise.all(agents.map((agent) => agent.close()));
    await transcriber.close();
  });

  it('reads as people expect it', () => {
    expect(played.get('http')).toMatchSnapshot();
  });

  it.each(Object.keys(kinds))('reads the same whoever answers: %s', (kind) => {
    expect(played.get(kind)).toEqual(played.get('http'));
  });

  it('is echoed by the agent that is built in', () => {
    expect(played.get('echo')).toMatchSnapshot();
  });
}
