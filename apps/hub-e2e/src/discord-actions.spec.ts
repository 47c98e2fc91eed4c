import type { DiscordChannel, DiscordGuild } from '@omni-hub/simulator';
import { DiscordRail, type DiscordMode } from './harness/discord-rail';
import { RailWorld } from './harness/rail-world';
import { stoppedBy } from './harness/trace';
import { until } from './harness/until';

/** Discord tells the person that nothing came of it when an interaction is not acknowledged for so long. */
const discordWaitsMs = 3_000;

describe.each<[string, DiscordMode]>([
  ['by the gateway', 'gateway'],
  ['by webhook', 'both'],
])('commands, buttons and forms on Discord %s', (_name, mode) => {
  let world: RailWorld<DiscordRail>;
  let guild: DiscordGuild;
  let channel: DiscordChannel;
  let ada: ReturnType<DiscordRail['person']>['itself'];

  beforeAll(async () => {
    world = await RailWorld.create(await DiscordRail.start({ mode }));
    guild = world.rail.platform.guild({ name: 'Shop' });
    await world.connected();
    expect(world.rail.application.interactionsUrl).toBe(mode === 'both' ? world.webhookUrl : null);
  });
  afterAll(() => world.dispose());
  beforeEach(() => {
    channel = guild.channel({ name: 'help' });
    ada = world.rail.person('Ada').itself;
    guild.adds(ada.user);
  });
  afterEach(() => world.rail.platform.inbound.clear());

  const platform = () => world.rail.platform;
  const chatId = () => `discord:${channel.id}`;
  const agentSays = (text: string) => world.agent.answersNext({ kind: 'fixed', text });
  const askedAbout = () => world.lastAsked(chatId()).messages.at(-1)!;
  const endOf = async ({ id }: { id: string }) => {
    const trace = await world.traceOf(id);
    return [trace.outcome, stoppedBy(trace)];
  };

  describe('a command', () => {
    it('is deferred, told to the agent, and answered in the place of "is thinking"', async () => {
      const asked = ada.usesCommand('ask', { question: 'why?' }, { chat: channel });
      expect(await asked.answered()).toMatchObject({ type: 5 });
      await world.rail.reply(channel, '/ask question: why?');
      expect(askedAbout()).toMatchObject({
        type: 'action',
        actionId: '/ask',
        text: '/ask question: why?',
      });
      expect(platform().transcript(channel)).toEqual(['support: /ask question: why?']);
      expect(world.rail.callsIn(channel, 'create-message')).toEqual([]);
      expect(await endOf(asked)).toEqual(['answered', null]);
    });

    it('is deferred in time when the agent takes longer than Discord waits, and so are those behind it', async () => {
      world.agent.answersNext({ kind: 'delay', minMs: 4_200, maxMs: 4_200 });
      const use = async (question: string) => {
        const at = Date.now();
        const asked = ada.usesCommand('ask', { question }, { chat: channel });
        expect(await asked.answered()).toMatchObject({ type: 5 });
        expect(Date.now() - at).toBeLessThan(discordWaitsMs);
        return asked;
      };
      const asked = [await use('slowly')];
      await until('the agent is asked', () => world.asked(chatId()).length === 1);
      asked.push(await use('and this?'), await use('and that?'));
      expect(platform().transcript(channel)).toEqual(Array(3).fill('support: (is thinking)'));
      for (const one of asked) expect(await endOf(one)).toEqual(['answered', null]);
      const shown = world.rail.shown(channel);
      expect(shown[0]).toBe('/ask question: slowly');
      expect(shown.at(-1)).toBe('/ask question: and this?\n/ask question: and that?');
      expect(world.rail.callsIn(channel, 'create-message')).toEqual([]);
    });

    it('that is answered with several messages has the first of them in its place', async () => {
      const messages = ['one', 'two'].map((text) => ({ type: 'text', text }));
      world.agent.answersNext({ kind: 'messages', messages });
      ada.usesCommand('ask', {}, { chat: channel });
      await world.rail.reply(channel, 'two');
      expect(world.rail.shown(channel)).toEqual(['one', 'two']);
      expect(world.rail.callsIn(channel, 'create-message')).toHaveLength(1);
    });

    it('that is answered with a file has it in its place', async () => {
      const data = Buffer.from('a report').toString('base64');
      const messages = [{ type: 'document', data, filename: 'report.pdf', caption: 'here' }];
      world.agent.answersNext({ kind: 'messages', messages });
      ada.usesCommand('report', {}, { chat: channel });
      const { message } = await world.rail.reply(channel, 'here');
      expect(message.files).toMatchObject([{ filename: 'report.pdf', bytes: Buffer.from('a report') }]);
      expect(world.rail.shown(channel)).toEqual(['here']);
    });

    it('that is answered as it is written has the answer in its place, and nothing else is left', async () => {
      world.agent.answersNext({ kind: 'stream', deltas: ['a ', 'growing ', 'answer'], everyMs: 700 });
      ada.usesCommand('ask', {}, { chat: channel });
      await until('only the answer is left', () => world.rail.shown(channel).join() === 'a growing answer');
    });

    it('that the agent answers with silence, or that another one answers, leaves no sign of being answered', async () => {
      world.agent.answersNext({ kind: 'silent', reason: 'nothing to say' });
      const silent = ada.usesCommand('hush', {}, { chat: channel });
      expect(await silent.answered()).toMatchObject({ type: 5 });
      expect(await endOf(silent)).toEqual(['silent', null]);
      await until('nothing is shown', () => world.rail.shown(channel).length === 0);

      world.agent.answersNext({ kind: 'delay', minMs: 1_500, maxMs: 1_500 });
      ada.usesCommand('first', {}, { chat: channel });
      await until('the agent is asked', () => world.asked(chatId()).length === 2);
      const together = ['second', 'third'].map((name) => ada.usesCommand(name, {}, { chat: channel }));
      for (const one of together) expect(await endOf(one)).toEqual(['answered', null]);
      await until('only answers are shown', () => world.rail.shown(channel).length === 2);
      expect(world.rail.shown(channel)).toEqual(['/first', '/second\n/third']);
      expect(world.rail.callsIn(channel, 'create-message')).toEqual([]);
    });

    it('with groups, in direct messages, and of the context menu', async () => {
      ada.usesCommand('ticket open', { urgent: true, count: 2 }, { chat: channel });
      await world.rail.reply(channel, '/ticket open urgent: true count: 2');
      expect(askedAbout()).toMatchObject({ actionId: '/ticket open' });

      const direct = ada.usesCommand('ask', { question: 'just us' });
      await world.rail.reply(ada, '/ask question: just us');
      expect(await endOf(direct)).toEqual(['answered', null]);
      expect(world.lastAsked(`discord:${ada.chat.id}`).chat.kind).toBe('direct');

      agentSays('translated');
      const said = ada.says('bonjour', { chat: channel });
      ada.usesMenu('Translate', said);
      await world.rail.reply(channel, 'translated');
      expect(askedAbout()).toMatchObject({ actionId: '/Translate' });
      expect(askedAbout().text).toContain('bonjour');
    });

    it('that comes five times is one turn', async () => {
      platform().inbound.set({ duplicates: 4 });
      const asked = ada.usesCommand('once', {}, { chat: channel });
      await world.rail.reply(channel, '/once');
      await platform().drained();
      platform().inbound.clear();
      ada.usesCommand('after', {}, { chat: channel });
      await world.rail.reply(channel, '/after');
      expect(world.asked(chatId()).map(({ messages }) => messages.map(({ text }) => text))).toEqual([
        ['/once'],
        ['/after'],
      ]);
      expect(world.rail.shown(channel)).toEqual(['/once', '/after']);
      const stored = await world.operator.storedAs('support', asked.id);
      expect(stored.redeliveries).toBe(4);
    });
  });

  it('who types an option that the command completes is told at once that there are no completions', async () => {
    const typed = ada.typesCommand('ask', { question: 'wh' }, { chat: channel });
    expect(await typed.answered()).toEqual({ type: 8, data: { choices: [] } });
    expect(await endOf(typed)).toEqual(['ignored', expect.stringMatching(/^ignored_/)]);
  });

  it('a form that was filled in is told to the agent, and answered', async () => {
    const sent = ada.submitsModal({ size: 'L', name: 'Ada' }, { customId: 'order-form', chat: channel });
    expect(await sent.answered()).toMatchObject({ type: 5 });
    await world.rail.reply(channel, 'L');
    expect(askedAbout()).toMatchObject({ type: 'action', actionId: 'order-form' });
    expect(askedAbout().text).toMatch(/L[^]*Ada/);
    expect(await endOf(sent)).toEqual(['answered', null]);
  });

  describe('a choice', () => {
    const offers = async (...messages: object[]) => {
      world.agent.answersNext({ kind: 'messages', messages });
      ada.mentions(world.rail.application, 'what is there?', { chat: channel });
      await world.rail.reply(channel);
    };
    const buttons = (id: string) => ({
      type: 'buttons',
      text: 'Sure?',
      buttons: [
        { id, label: 'Yes' },
        { url: 'https://example.org/help', label: 'Help' },
      ],
    });

    it('by a button is seen at once, told to the agent, and answered', async () => {
      await offers(buttons('sure:yes'));
      const press = ada.presses('Yes', { chat: channel });
      expect(await press.answered()).toMatchObject({ type: 6 });
      await world.rail.reply(channel, 'Yes');
      expect(askedAbout()).toMatchObject({ type: 'action', actionId: 'sure:yes', text: 'Yes' });
      expect(await endOf(press)).toEqual(['answered', null]);
      expect(platform().transcript(channel).slice(-2)).toEqual([
        'support: Sure? [Yes] [Help]',
        'support: Yes',
      ]);
    });

    it('by a button whose id is longer than Discord takes comes back whole', async () => {
      const id = `order:${'ä'.repeat(100)}`;
      await offers(buttons(id));
      ada.presses('Yes', { chat: channel });
      await world.rail.reply(channel, 'Yes');
      expect(askedAbout()).toMatchObject({ actionId: id });
    });

    it('from a list is the row that was chosen, whatever its id', async () => {
      const id = `tea:${'ä'.repeat(100)}`;
      const sections = [
        { title: 'Hot', rows: [{ id, label: 'Tea', description: 'Assam' }] },
        { title: 'Cold', rows: [{ id: 'water', label: 'Water' }] },
      ];
      await offers({ type: 'list', text: 'What?', button: 'Menu', sections });
      for (const [label, actionId] of [
        ['Tea', id],
        ['Water', 'water'],
      ]) {
        const choice = ada.selects(label, { chat: channel });
        expect(await choice.answered()).toMatchObject({ type: 6 });
        await world.rail.reply(channel, label);
        expect(askedAbout()).toMatchObject({ type: 'action', actionId, text: label });
      }
    });
  });
});
