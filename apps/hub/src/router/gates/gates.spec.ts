import type { ActionChosen, ChatEvent, ContactId, MessageId, ReactionChanged } from '@omni-hub/contracts';
import { sampleInstance, sampleMessage } from '../../testing/samples';
import { decide } from './gates';

const at = 1_000_000;
const group = { chat: { ...sampleMessage().chat, kind: 'group' as const } };
const me = { contactId: 'sample:1' as ContactId, username: 'bot', isSelf: true };
const someone = { ...me, isSelf: false };

function lastVerdict(event: ChatEvent, instance = sampleInstance(), receivedAt = at) {
  const decisions = decide('m1', { event, instance, receivedAt, now: at });
  return decisions[decisions.length - 1];
}

describe('the gates before an agent is asked', () => {
  it('let a direct message of a person through, and say what each gate found', () => {
    const decisions = decide('m1', {
      event: sampleMessage(),
      instance: sampleInstance(),
      receivedAt: at,
      now: at,
    });
    expect(decisions.map(({ gate, verdict, reason }) => [gate, verdict, reason])).toEqual([
      ['kind', 'pass', 'answerable'],
      ['own', 'pass', 'from_person'],
      ['enabled', 'pass', 'instance_enabled'],
      ['groups', 'pass', 'direct_chat'],
      ['fresh', 'pass', 'fresh'],
    ]);
  });

  it('stop at the first gate that refuses, and say what would change it', () => {
    const decisions = decide('m1', {
      event: sampleMessage(),
      instance: sampleInstance({ enabled: false }),
      receivedAt: at,
      now: at,
    });
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
    ['always', { plain: 'groups_always', mention: 'groups_always', reply: 'groups_always' }],
    ['mention', { plain: null, mention: 'addressed', reply: 'addressed' }],
    ['reply', { plain: null, mention: null, reply: 'addressed' }],
    ['never', { plain: null, mention: null, reply: null }],
  ] as const)('in a group, with "groups" set to "%s"', (groups, expected) => {
    const instance = sampleInstance({ settings: { groups } });
    const messages = {
      plain: sampleMessage({ mentions: [someone] }, group),
      mention: sampleMessage({ mentions: [someone, me] }, group),
      reply: sampleMessage({ replyTo: { id: 'sample:42:0' as MessageId, text: null, fromMe: true } }, group),
    };

    it.each(['plain', 'mention', 'reply'] as const)(
      'a %s message is answered or stopped accordingly',
      (kind) => {
        const decision = decide('m1', { event: messages[kind], instance, receivedAt: at, now: at }).find(
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
});
