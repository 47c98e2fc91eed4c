import type { Happening, InChat } from '@omni-hub/simulator';
import { DiscordRail } from './harness/discord-rail';
import { RailWorld } from './harness/rail-world';
import { until } from './harness/until';
import { instanceName, World } from './harness/world';

const paragraph = (name: string, letters: number) =>
  `${name} ${'word '.repeat(letters)}`.slice(0, letters - 1) + '.';
const inParagraphs = (paragraphs: string[]) => ({ kind: 'fixed', text: paragraphs.join('\n\n') }) as const;
const [one, two, three] = [paragraph('One', 60), paragraph('Two', 120), paragraph('Three', 60)];

/** What a busy machine may add to a wait. */
const slackMs = 2_500;

/** What a chat sees, when, by the simulator's clock. */
class Seen {
  readonly messages: { at: number; text: string }[] = [];
  readonly typing: number[] = [];
  readonly calls: { at: number; method: string; refused: boolean }[] = [];

  constructor(world: World, { chat }: Exclude<InChat, { id: number }>) {
    world.telegram.watch((happening: Happening) => {
      const at = Date.now();
      if (happening.kind === 'call') {
        const { method, chat: where, status, fault } = happening.call;
        if (where === String(chat.id))
          this.calls.push({ at, method, refused: fault !== null || status !== 200 });
      } else if (happening.chat !== chat) return;
      else if (happening.kind === 'message' && happening.entry.byBot)
        this.messages.push({ at, text: happening.entry.message.text! });
      else if (happening.kind === 'action') this.typing.push(at);
    });
  }

  get texts(): string[] {
    return this.messages.map(({ text }) => text);
  }
}

describe('an answer on Telegram that is said as people do', () => {
  let world: World;

  beforeAll(async () => (world = await World.create({ instance: { pacing: 'natural' } })));
  afterAll(() => world.dispose());

  const follow = (name: string) => {
    const person = world.person({ name });
    return { person, seen: new Seen(world, person) };
  };

  it('comes in several messages, each after the time that it takes to type, while typing is shown; others do not wait for it', async () => {
    const [ada, bob] = [follow('Ada'), follow('Bob')];
    world.agent.answersNext(inParagraphs([one, two, three]));
    const asked = Date.now();
    const question = ada.person.says('tell me');
    await world.reply(ada.person, 'One');
    bob.person.says('hi');
    await world.reply(ada.person, 'Three');
    const trace = await world.traceOf(question);

    expect(ada.seen.texts).toEqual([one, two, three]);
    const moments = [asked, ...ada.seen.messages.map(({ at }) => at)];
    [1_800, 3_600, 1_800].forEach((waitMs, index) => {
      const [from, to] = moments.slice(index, index + 2);
      expect(to - from).toBeGreaterThanOrEqual(waitMs - 50);
      expect(to - from).toBeLessThan(waitMs + slackMs);
      expect(ada.seen.typing.filter((at) => at >= from && at <= to)).not.toEqual([]);
    });
    expect(bob.seen.texts).toEqual(['hi']);
    expect(bob.seen.messages[0].at).toBeLessThan(ada.seen.messages[2].at);
    expect(trace.outcome).toBe('answered');
    expect(trace.steps.filter(({ reason }) => reason === 'sent')).toHaveLength(3);
  });

  it('goes on after a crash in the middle of it, with nothing lost and nothing said twice', async () => {
    const { person, seen } = follow('Cem');
    world.agent.answersNext(inParagraphs([one, two, three]));
    const question = person.says('tell me');
    await world.reply(person, 'One');
    await until('the first part is written down', async () => {
      const { id } = await world.stored(question);
      const { steps } = await world.operator.trace(id);
      return steps.some(({ reason }) => reason === 'sent');
    });
    await world.hub.kill();
    expect(seen.texts).toEqual([one]);
    await world.hub.start();
    await world.reply(person, 'Three');
    expect((await world.traceOf(question)).outcome).toBe('answered');
    expect(seen.texts).toEqual([one, two, three]);
  });

  it('is at once where the person saw it grow, and goes on as it is typed', async () => {
    const { person, seen } = follow('Dora');
    world.agent.answersNext({ kind: 'stream', deltas: [`${one}\n\n`, two], everyMs: 300 });
    person.says('slowly');
    await world.reply(person, 'Two');
    expect(seen.texts).toEqual([one, two]);
    const drafted = seen.calls.filter(({ method }) => method === 'sendMessageDraft');
    expect(drafted.length).toBeGreaterThan(0);
    const [first, second] = seen.messages;
    expect(first.at - drafted[0].at).toBeLessThan(800 + slackMs);
    expect(second.at - first.at).toBeGreaterThanOrEqual(3_550);
  });

  it('is whole where an application says it', async () => {
    const { person, seen } = follow('Eva');
    const text = [one, two, three].join('\n\n');
    await world.operator.post(`/api/v1/instances/${instanceName}/messages`, {
      to: `telegram:${person.chat.id}`,
      content: { type: 'text', text },
    });
    await world.reply(person, 'One');
    expect(seen.texts).toEqual([text]);
  });
});

describe('an answer on Telegram that is shown as it is written', () => {
  let world: World;

  beforeAll(async () => {
    const telegram = { rateLimits: { chatPerSecond: 3, groupPerMinute: 4, allPerSecond: 1_000 } };
    world = await World.create({ telegram, instance: { groups: 'always' } });
  });
  afterAll(() => world.dispose());

  const words = Array.from({ length: 70 }, (_, index) => `w${index} `);
  const whole = words.join('').trim();
  const everyMs = 100;

  it('stays within the limits of a group, and is not lost to the platform’s refusal of a preview', async () => {
    const ada = world.person({ name: 'Ada' });
    const [calm, strict] = [1, 2].map(() => world.telegram.group({ members: [ada] }));
    const [calmly, strictly] = [new Seen(world, calm), new Seen(world, strict)];
    const stormMs = 3_000;
    world.telegram.faults.add({
      fault: { kind: 'rate-limit', retryAfter: stormMs / 1_000 },
      method: 'editMessageText',
      chat: strict.id,
      times: 1,
    });
    world.agent.answersNext(...[1, 2].map(() => ({ kind: 'stream', deltas: words, everyMs }) as const));
    for (const group of [calm, strict]) ada.says('all of it', { chat: group });
    for (const group of [calm, strict]) await world.reply(group, ({ text }) => text === whole);

    const shows = ({ method }: { method: string }) =>
      method === 'sendMessage' || method === 'editMessageText';
    expect(calmly.calls.filter(shows).length).toBeLessThanOrEqual(4);
    expect(calmly.calls.filter(({ refused }) => refused)).toEqual([]);

    const refused = strictly.calls.findIndex((call) => call.refused);
    expect(strictly.calls.filter((call) => call.refused)).toHaveLength(1);
    const after = strictly.calls.slice(refused + 1).filter(shows);
    expect(after).toHaveLength(1);
    expect(after[0].at - strictly.calls[refused].at).toBeGreaterThanOrEqual(stormMs);
    for (const { texts } of [calmly, strictly]) expect(texts).toHaveLength(1);
  });

  it('is said once where no preview is let through at all', async () => {
    const bob = world.person({ name: 'Bob' });
    const seen = new Seen(world, bob);
    world.telegram.faults.add({
      fault: { kind: 'rate-limit', retryAfter: 1 },
      method: 'sendMessageDraft',
      chat: bob.chat.id,
    });
    world.agent.answersNext({ kind: 'stream', deltas: words.slice(0, 30), everyMs });
    bob.says('briefly');
    await world.reply(bob, ({ text }) => text === words.slice(0, 30).join('').trim());
    expect(seen.texts).toHaveLength(1);
    const drafts = seen.calls.filter(({ method }) => method === 'sendMessageDraft');
    expect(drafts.length).toBeGreaterThan(0);
    for (const [index, { at }] of drafts.slice(1).entries())
      expect(at - drafts[index].at).toBeGreaterThanOrEqual(1_000);
    expect(seen.calls.filter(({ method }) => method === 'sendMessage')).toEqual([
      expect.objectContaining({ refused: false }),
    ]);
  });
});

describe('an answer on Discord that is said as people do', () => {
  let world: RailWorld<DiscordRail>;

  beforeAll(async () => {
    world = await RailWorld.create(await DiscordRail.start({ mode: 'gateway' }), {
      instance: { pacing: 'fast' },
    });
    await world.connected();
  });
  afterAll(() => world.dispose());

  it('begins in the place of "is thinking", and goes on in messages while typing is shown', async () => {
    const ada = world.rail.person('Ada').itself;
    world.agent.answersNext(inParagraphs([one, two, three]));
    ada.usesCommand('ask', {});
    await world.rail.reply(ada, 'Three');
    expect(world.rail.shown(ada)).toEqual([one, two, three]);
    expect(world.rail.callsIn(ada, 'create-message')).toHaveLength(2);
    expect(world.rail.callsIn(ada, 'typing').length).toBeGreaterThanOrEqual(2);
  });
});
