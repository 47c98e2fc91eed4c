import type { Person } from '@omni-hub/simulator';
import { RailWorld } from './harness/rail-world';
import { EvolutionRail, instanceName as railInstance } from './harness/rails';
import { stoppedBy } from './harness/trace';
import { until } from './harness/until';
import { instanceName, World } from './harness/world';

interface Rule {
  id: string;
  instance: string | null;
  action: string;
  pattern: string;
}

interface Check {
  allowed: boolean;
  reason: string;
  change: string | null;
  rule: Rule | null;
  names: string[];
}

interface Paused {
  paused: { since: string; until: string | null; reason: string | null } | null;
}

const path = '/api/v1/access-rules';
const instancePath = `/api/v1/instances/${instanceName}`;

describe('whom the agent answers on Telegram', () => {
  let world: World;
  let ada: Person;
  let address: string;

  beforeAll(async () => (world = await World.create()));
  afterAll(() => world.dispose());
  beforeEach(() => {
    ada = world.person({ name: 'Ada' });
    address = `telegram:${ada.chat.id}`;
  });
  afterEach(async () => {
    for (const { id } of await world.operator.all<Rule>(path)) await world.operator.delete(`${path}/${id}`);
  });

  const rule = (action: string, pattern: string, instance: string | null = instanceName) =>
    world.operator.post<Rule>(path, { action, pattern, instance });
  const check = (id: string) => world.operator.post<Check>(`${path}/check`, { instance: instanceName, id });
  const configure = (settings: object) => world.operator.patch(instancePath, settings);
  const answered = async (text: string) => {
    ada.says(text);
    await world.reply(ada, text);
  };
  /** What a message ends in that is not answered: the reason, which every step and the trace agree on. */
  const silenceOf = async (said: ReturnType<Person['says']>) => {
    const trace = await world.traceOf(said);
    expect(trace.outcome).toBe('silent');
    const last = trace.steps.at(-1)!;
    expect([last.verdict, last.reason, last.detail]).toEqual(['stop', stoppedBy(trace), trace.because]);
    return last;
  };

  it('a blocked contact is kept and not answered; the trace and the check name the rule and the way out', async () => {
    const { id } = await rule('block', address);
    const step = await silenceOf(ada.says('hello?'));
    expect(step).toMatchObject({ step: 'access', reason: 'access_blocked' });
    expect([step.detail, step.change]).toEqual([
      expect.stringContaining(id),
      expect.stringContaining(`DELETE ${path}/${id}`),
    ]);
    expect(await check(address)).toMatchObject({
      allowed: false,
      reason: 'access_blocked',
      change: step.change,
      rule: { id, action: 'block', pattern: address, instance: instanceName },
      names: [address],
    });
    await world.operator.delete(`${path}/${id}`);
    await answered('and now?');
    expect(world.asked(ada)).toHaveLength(1);
  });

  it('with an allow rule, also one of all instances, nobody else is answered', async () => {
    await rule('allow', 'telegram:1', null);
    const step = await silenceOf(ada.says('hello?'));
    expect(step).toMatchObject({ reason: 'access_not_allowed', change: expect.stringContaining(address) });
    expect(await check(address)).toMatchObject({ allowed: false, reason: 'access_not_allowed', rule: null });
    await rule('allow', `${address.slice(0, -2)}*`);
    await answered('and now?');
    expect(await check(address)).toMatchObject({ allowed: true, reason: 'access_allowed', change: null });
  });

  it('the longest pattern decides, then an instance’s rule, then the one that blocks', async () => {
    const decisive = async () => (await check(address)).rule!.id;
    await rule('allow', 'telegram:*');
    const ofAll = await rule('block', address, null);
    expect(await decisive()).toBe(ofAll.id);
    const own = await rule('allow', address);
    expect(await decisive()).toBe(own.id);
    const blocking = await rule('block', address);
    expect(await decisive()).toBe(blocking.id);
    expect(await silenceOf(ada.says('hello?'))).toMatchObject({
      detail: expect.stringContaining(blocking.id),
    });
  });

  it.each([
    [{ groups: 'mention' }, 'group_not_mentioned'],
    [{ groups: 'reply' }, 'group_not_reply'],
    [{ groups: 'keyword', groupKeywords: ['price'] }, 'group_no_keyword'],
    [{ groups: 'observe' }, 'group_observed'],
    [{ groups: 'never' }, 'groups_never'],
  ])('in groups %j keeps quiet by the reason %s', async (settings, reason) => {
    await configure(settings);
    const group = world.telegram.group({ members: [ada] });
    expect(await silenceOf(ada.says('lunch?', { chat: group }))).toMatchObject({ step: 'groups', reason });
    await configure({ groups: 'mention' });
  });

  it('in groups a keyword of the instance addresses the account', async () => {
    await configure({ groups: 'keyword', groupKeywords: ['price', 'preço'] });
    const group = world.telegram.group({ members: [ada] });
    ada.says('Qual o PREÇO?', { chat: group });
    await world.reply(group, 'Qual o PREÇO?');
    await configure({ groups: 'mention' });
  });

  it('a contact who writes more than the instance’s rate is kept and not answered, and told when that ends', async () => {
    await configure({ contactRate: { messages: 2, perSeconds: 3 } });
    await answered('one');
    await answered('two');
    const step = await silenceOf(ada.says('three'));
    expect(step).toMatchObject({ step: 'rate', reason: 'contact_rate' });
    const endsAt = Date.parse(/[\d-]+T[\d:.]+Z/.exec(step.change!)![0]);
    await until('the rate has ended', () => Date.now() > endsAt);
    await answered('four');
    await configure({ contactRate: null });
    await answered('five');
    await answered('six');
  });

  it('a chat in which the agent is paused is kept and not answered, until somebody resumes it', async () => {
    await answered('hello');
    const { id } = (await world.operator.chat(address))!;
    const pause = (body: object) => world.operator.post<Paused>(`/api/v1/chats/${id}/pause`, body);
    const { paused } = await pause({ reason: 'Grace took over' });
    expect(paused).toMatchObject({ until: null, reason: 'Grace took over' });
    expect(await world.operator.chat(address)).toMatchObject({ paused });
    expect(await silenceOf(ada.says('anybody?'))).toMatchObject({
      step: 'paused',
      reason: 'agent_paused',
      detail: expect.stringContaining('Grace took over'),
      change: `POST /api/v1/chats/${id}/resume`,
    });
    const grace = world.person({ name: 'Grace' });
    grace.says('other chats go on');
    await world.reply(grace, 'other chats go on');

    expect((await world.operator.post<Paused>(`/api/v1/chats/${id}/resume`)).paused).toBeNull();
    await answered('now?');
  });

  it('a pause with an end ends by itself', async () => {
    await answered('hello');
    const { id } = (await world.operator.chat(address))!;
    const endsAt = Date.now() + 1_500;
    const ends = new Date(endsAt).toISOString();
    await world.operator.post(`/api/v1/chats/${id}/pause`, { until: ends });
    const step = await silenceOf(ada.says('anybody?'));
    expect(step).toMatchObject({ reason: 'agent_paused', change: expect.stringContaining(ends) });
    await until('the pause is over', () => Date.now() > endsAt);
    await answered('now?');
    expect(await world.operator.get<Paused>(`/api/v1/chats/${id}`)).toMatchObject({ paused: null });
  });

  it('the other reasons for silence are named as exactly', async () => {
    await answered('hello');
    const changed = ada.edits(ada.says('a'), 'b');
    expect(stoppedBy(await world.traceOfEvent(ada.chat.id, 'edit'))).toBe('kind_edit');
    ada.reacts(changed, '👍');
    expect(stoppedBy(await world.traceOfEvent(ada.chat.id, 'reaction'))).toBe('kind_reaction');
    await configure({ enabled: false });
    expect(await silenceOf(ada.says('anybody?'))).toMatchObject({
      step: 'enabled',
      reason: 'instance_disabled',
    });
    await configure({ enabled: true });
  });

  describe('the API', () => {
    const refused = async (method: string, url: string, data?: object, key?: string) => {
      const headers = key === undefined ? undefined : { 'x-api-key': key };
      const { status, data: problem } = await world.hub.api.request({ method, url, data, headers });
      return [status, problem.code, ...(problem.errors ?? []).map(({ field }: { field: string }) => field)];
    };

    it('lists rules newest first, page by page, and those of an instance alone', async () => {
      const made = [
        await rule('block', 'telegram:1'),
        await rule('block', '+49*', null),
        await rule('allow', '*'),
      ];
      type Page = { items: Rule[]; nextCursor: string | null };
      const first = await world.operator.get<Page>(`${path}?limit=2`);
      const rest = await world.operator.get<Page>(`${path}?limit=2&cursor=${first.nextCursor}`);
      expect([...first.items, ...rest.items]).toEqual([...made].reverse());
      expect(rest.nextCursor).toBeNull();
      const own = await world.operator.all<Rule>(`${path}?instance=${instanceName}`);
      expect(own.map(({ id }) => id)).toEqual([made[2].id, made[0].id]);
    });

    it.each([
      ['a * within', 'telegram:*42'],
      ['no channel', 'somebody'],
      ['another channel than the instance’s', 'discord:42'],
      ['nothing', ' '],
    ])('refuses a pattern with %s', async (_what, pattern) => {
      const rejected = await refused('POST', path, { action: 'block', pattern, instance: instanceName });
      expect(rejected).toEqual([422, 'VALIDATION', 'pattern']);
    });

    it('refuses what cannot be, and says so', async () => {
      const block = { action: 'block', pattern: 'telegram:1' };
      expect(await refused('POST', path, { ...block, instance: 'nobody' })).toEqual([404, 'NOT_FOUND']);
      expect(await refused('POST', path, { ...block, action: 'deny' })).toEqual([
        422,
        'VALIDATION',
        'action',
      ]);
      await rule('block', 'telegram:1', null);
      expect(await refused('POST', path, block)).toEqual([409, 'ACCESS_RULE_EXISTS']);
      expect(await refused('DELETE', `${path}/unknown`)).toEqual([404, 'NOT_FOUND']);
      const check = { instance: instanceName, id: 'whoever' };
      expect(await refused('POST', `${path}/check`, check)).toEqual([422, 'VALIDATION', 'id']);
      expect(await refused('POST', '/api/v1/chats/unknown/pause', {})).toEqual([404, 'NOT_FOUND']);
      expect(await refused('POST', '/api/v1/chats/unknown/resume')).toEqual([404, 'NOT_FOUND']);
      await answered('hello');
      const { id } = (await world.operator.chat(address))!;
      const past = { until: '2020-01-01T00:00:00Z' };
      expect(await refused('POST', `/api/v1/chats/${id}/pause`, past)).toEqual([422, 'VALIDATION', 'until']);
      expect(await refused('PATCH', instancePath, { groups: 'keyword', groupKeywords: [] })).toEqual([
        422,
        'VALIDATION',
        'groupKeywords',
      ]);
      const rate = { contactRate: { messages: 0, perSeconds: 1 } };
      expect(await refused('PATCH', instancePath, rate)).toEqual([422, 'VALIDATION', 'contactRate.messages']);
    });

    it('opens to keys with the scopes access:read and access:write, and to none that is bound to an instance', async () => {
      const key = async (scopes: string[], instances?: string[]) =>
        (
          await world.operator.post<{ key: string }>('/api/v1/api-keys', {
            name: 'a key',
            scopes,
            instances,
          })
        ).key;
      const reader = await key(['access:read']);
      const bound = await key(['*'], [instanceName]);
      const block = { action: 'block', pattern: 'telegram:1' };
      const headers = { 'x-api-key': reader };
      expect((await world.hub.api.get(path, { headers })).status).toBe(200);
      expect(await refused('POST', path, block, reader)).toEqual([403, 'FORBIDDEN']);
      expect(await refused('POST', '/api/v1/chats/x/pause', {}, reader)).toEqual([403, 'FORBIDDEN']);
      expect(await refused('GET', path, undefined, bound)).toEqual([403, 'FORBIDDEN']);
      expect(await refused('POST', path, block, bound)).toEqual([403, 'FORBIDDEN']);
    });
  });
});

describe('whom the agent answers on WhatsApp', () => {
  let world: RailWorld<EvolutionRail>;
  beforeAll(async () => (world = await RailWorld.create(await EvolutionRail.start({ version: '2.3.6' }))));
  afterAll(() => world.dispose());

  it('somebody is known by any of their ids and by their number, however it is written', async () => {
    const ada = world.rail.person('Ada', { lid: '14100777', phone: '551187654321' }).itself;
    const ids = [
      'whatsapp:5511987654321',
      'whatsapp:lid:14100777',
      '+55 11 98765-4321',
      '+55 (11) 8765-4321',
    ];
    for (const pattern of [...ids, '+55 11*', 'whatsapp:lid:1410*']) {
      const { id } = await world.operator.post<Rule>(path, { action: 'block', pattern });
      const trace = await world.traceOf(ada.says(`blocked by ${pattern}?`).id);
      expect([pattern, stoppedBy(trace)]).toEqual([pattern, 'access_blocked']);
      for (const who of ids) {
        const checked = await world.operator.post<Check>(`${path}/check`, {
          instance: railInstance,
          id: who,
        });
        expect([pattern, who, checked.rule?.id]).toEqual([pattern, who, id]);
      }
      await world.operator.delete(`${path}/${id}`);
    }
    const question = ada.says('and now?');
    expect((await world.traceOf(question.id)).outcome).toBe('answered');
  });
});
