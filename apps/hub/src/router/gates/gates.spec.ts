import type { ActionChosen, ChatEvent, ContactId, MessageId, ReactionChanged } from '@omni-hub/contracts';
import { sampleInstance, sampleMessage } from '../../testing/samples';
import { RuleSet, type AccessRule } from '../../access/rule-set';
import type { ContactRate } from '../../instances/live-instance';
import type { GateContext } from './gate';
import { decide } from './gates';

const at = 1_000_000;
const group = { chat: { ...sampleMessage().chat, kind: 'group' as const } };
const me = { contactId: 'sample:1' as ContactId, username: 'bot', isSelf: true };
const someone = { ...me, isSelf: false };

/** A direct message of a person to an instance for which nothing is configured, and what a spec changes of that. */
const context = (changes: Partial<GateContext> = {}): GateContext => ({
  event: sampleMessage(),
  instance: sampleInstance(),
  receivedAt: at,
  now: at,
  access: null,
  counted: [],
  pause: null,
  ...changes,
});

function lastVerdict(event: ChatEvent, instance = sampleInstance(), receivedAt = at) {
  return decide('m1', context({ event, instance, receivedAt })).at(-1);
}

describe('the gates before an agent is asked', () => {
  it('let a direct message of a person through, and say what each gate found', () => {
    const decisions = decide('m1', context());
    expect(decisions.map(({ gate, verdict, reason }) => [gate, verdict, reason])).toEqual([
      ['kind', 'pass', 'answerable'],
      ['own', 'pass', 'from_person'],
      ['enabled', 'pass', 'instance_enabled'],
      ['access', 'pass', 'access_open'],
      ['groups', 'pass', 'direct_chat'],
      ['rate', 'pass', 'rate_unlimited'],
      ['paused', 'pass', 'agent_not_paused'],
      ['fresh', 'pass', 'fresh'],
    ]);
  });

  it('stop at the first gate that refuses, and say what would change it', () => {
    const decisions = decide('m1', context({ instance: sampleInstance({ enabled: false }) }));
    expect(decisions.map(({ gate }) => gate)).toEqual(['kind', 'own', 'enabled']);
    expect(decisions[2]).toMatchObject({
      verdict: 'stop',
      reason: 'instance_disabled',
      change: expect.stringContaining('enabled'),
    });
  });

  it('stop what the account itself or another bot wrote', () => {
    expect(lastVerdict(sampleMessage({ fromMe: true }))).toMatchObject({
      verdict: 'stop',
      reason: 'own_message',
    });
    const bot = sampleMessage({}, { sender: { ...sampleMessage().sender, isBot: true } });
    expect(lastVerdict(bot)).toMatchObject({ verdict: 'stop', reason: 'sender_is_bot' });
  });

  it('stop a reaction with a reason of its own', () => {
    const { chat, sender } = sampleMessage();
    const reaction: ReactionChanged = {
      type: 'reaction',
      eventId: '2',
      at,
      rawKind: 'message_reaction',
      chat,
      sender,
      messageId: 'sample:42:1' as MessageId,
      added: ['👍'],
      removed: [],
    };
    expect(lastVerdict(reaction)).toMatchObject({ gate: 'kind', verdict: 'stop', reason: 'kind_reaction' });
  });

  it('stop a message that waited longer than its answer may live', () => {
    expect(lastVerdict(sampleMessage(), sampleInstance(), at - 900_000)).toMatchObject({ verdict: 'pass' });
    expect(lastVerdict(sampleMessage(), sampleInstance(), at - 900_001)).toMatchObject({
      verdict: 'stop',
      reason: 'stale',
    });
  });

  describe.each([
    [
      'always',
      { plain: 'groups_always', mention: 'groups_always', reply: 'groups_always', keyword: 'groups_always' },
    ],
    ['mention', { plain: null, mention: 'addressed', reply: 'addressed', keyword: null }],
    ['reply', { plain: null, mention: null, reply: 'addressed', keyword: null }],
    ['keyword', { plain: null, mention: 'addressed', reply: 'addressed', keyword: 'group_keyword' }],
    ['observe', { plain: null, mention: null, reply: null, keyword: null }],
    ['never', { plain: null, mention: null, reply: null, keyword: null }],
  ] as const)('in a group, with "groups" set to "%s"', (groups, expected) => {
    const instance = sampleInstance({ settings: { groups, groupKeywords: ['price'] } });
    const messages = {
      plain: sampleMessage({ mentions: [someone] }, group),
      mention: sampleMessage({ mentions: [someone, me] }, group),
      reply: sampleMessage({ replyTo: { id: 'sample:42:0' as MessageId, text: null, fromMe: true } }, group),
      keyword: sampleMessage({ text: 'What PRICE?' }, group),
    };

    it.each(['plain', 'mention', 'reply', 'keyword'] as const)(
      'a %s message is answered or stopped accordingly',
      (kind) => {
        const decision = decide('m1', context({ event: messages[kind], instance })).find(
          ({ gate }) => gate === 'groups',
        );
        if (expected[kind]) expect(decision).toMatchObject({ verdict: 'pass', reason: expected[kind] });
        else expect(decision).toMatchObject({ verdict: 'stop', change: expect.stringContaining('groups') });
      },
    );
  });

  it('take a press of one of the account’s buttons in a group as addressed', () => {
    const { sender } = sampleMessage();
    const press: ActionChosen = {
      type: 'action',
      eventId: '3',
      at,
      rawKind: 'callback_query',
      ...group,
      sender,
      actionId: 'yes',
      label: 'Yes',
      messageId: null,
      ackRef: null,
    };
    expect(lastVerdict(press)).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['hilfe', 'HILFE!', true],
    ['hilfe', 'die Nothilfe', false],
    ['hilfe', 'hilfest du?', false],
    ['preço', 'qual o prec\u0327o?', true],
    ['цена', 'Цена?', true],
    ['!bot', 'hey !bot now', true],
    ['c++', 'do you know C++?', true],
    ['c++', 'do you know c?', false],
    ['good morning', 'Good morning all', true],
  ])('take the keyword "%s" in "%s" as a whole word: %s', (word, text, found) => {
    const instance = sampleInstance({ settings: { groups: 'keyword', groupKeywords: ['other', word] } });
    expect(lastVerdict(sampleMessage({ text }, group), instance)?.reason === 'fresh').toBe(found);
  });

  it('name the reason of each policy that stops', () => {
    const reasons = (['mention', 'reply', 'keyword', 'observe', 'never'] as const).map(
      (groups) =>
        lastVerdict(
          sampleMessage({}, group),
          sampleInstance({ settings: { groups, groupKeywords: ['price'] } }),
        )?.reason,
    );
    expect(reasons).toEqual([
      'group_not_mentioned',
      'group_not_reply',
      'group_no_keyword',
      'group_observed',
      'groups_never',
    ]);
  });

  describe('with access rules', () => {
    const rule = (action: AccessRule['action'], pattern: string): AccessRule => ({
      id: `rule-${action}`,
      instanceId: null,
      action,
      pattern,
      createdAt: 0,
    });
    const asked = (...rules: AccessRule[]) => {
      const { channel } = sampleInstance();
      const access = { rules: new RuleSet(rules, channel), names: ['sample:7', 'sample:42'] };
      return decide('m1', context({ access })).find(({ gate }) => gate === 'access');
    };

    it('stop whom a rule blocks, and name the rule and what would change it', () => {
      expect(asked(rule('block', 'sample:7'))).toMatchObject({
        verdict: 'stop',
        reason: 'access_blocked',
        detail: expect.stringContaining('"sample:7"'),
        change: expect.stringContaining('DELETE /api/v1/access-rules/rule-block'),
      });
    });

    it('stop whom no rule allows where there is an allow rule', () => {
      expect(asked(rule('allow', 'sample:8'))).toMatchObject({
        verdict: 'stop',
        reason: 'access_not_allowed',
        detail: expect.stringContaining('"sample:8"'),
        change: expect.stringContaining('"pattern": "sample:7"'),
      });
    });

    it('let through whom a rule allows, and everybody whom none blocks', () => {
      expect(asked(rule('allow', 'sample:*'))).toMatchObject({ verdict: 'pass', reason: 'access_allowed' });
      expect(asked(rule('block', 'sample:8'))).toMatchObject({ verdict: 'pass', reason: 'access_open' });
    });
  });

  describe('with a rate for each contact', () => {
    const contactRate: ContactRate = { messages: 2, perSeconds: 60 };
    const after = (...counted: number[]) =>
      decide('m1', context({ instance: sampleInstance({ settings: { contactRate } }), counted })).find(
        ({ gate }) => gate === 'rate',
      );

    it('let as many through as it allows', () => {
      expect(after(at - 10)).toMatchObject({ verdict: 'pass', reason: 'rate_within' });
    });

    it('stop what is more, and say when that ends', () => {
      const endsAt = new Date(at - 30_000 + 60_000).toISOString();
      expect(after(at - 30_000, at - 10)).toMatchObject({
        verdict: 'stop',
        reason: 'contact_rate',
        detail: expect.stringContaining(endsAt),
        change: expect.stringContaining('contactRate'),
      });
    });
  });

  describe('in a chat in which the agent is paused', () => {
    const paused = (until: number | null) =>
      decide(
        'm1',
        context({ pause: { chatId: 'c1', since: at - 10, until, reason: 'Grace took over' } }),
      ).find(({ gate }) => gate === 'paused');

    it.each([
      ['until somebody resumes it', null],
      ['until a time that is ahead', at + 1],
    ])('stop %s', (_what, until) => {
      expect(paused(until)).toMatchObject({
        verdict: 'stop',
        reason: 'agent_paused',
        detail: expect.stringContaining('Grace took over'),
        change: expect.stringContaining('POST /api/v1/chats/c1/resume'),
      });
    });

    it('pass once its time has come, by itself', () => {
      expect(paused(at)).toMatchObject({ verdict: 'pass', reason: 'agent_pause_over' });
    });
  });
});
