import type { ChatId, ChatRef } from '@omni-hub/contracts';
import * as fc from 'fast-check';
import { sampleInstance } from '../testing/samples';
import { namesOf } from './names';
import { RuleSet, type AccessRule } from './rule-set';

const telegram = { ...sampleInstance().channel, id: 'telegram' };
/** A channel that files people by their number, whichever of two forms it is written in. */
const phones = {
  ...telegram,
  id: 'whatsapp',
  recipient: (to: string): ChatRef | null => {
    const digits = to.replace(/^whatsapp:/, '').replace(/[\s+()-]/g, '');
    if (!/^\d{6,15}$/.test(digits)) return null;
    const filed = digits.replace(/^55(\d{2})(\d{8})$/, '55$19$2');
    return { id: `whatsapp:${filed}` as ChatId, kind: 'direct', title: null };
  },
};

let made = 0;
const rule = (
  action: AccessRule['action'],
  pattern: string,
  instanceId: string | null = null,
): AccessRule => ({
  id: `rule-${String(++made).padStart(6, '0')}`,
  instanceId,
  action,
  pattern,
  createdAt: made,
});
const block = (pattern: string, instanceId?: string) => rule('block', pattern, instanceId);
const allow = (pattern: string, instanceId?: string) => rule('allow', pattern, instanceId);
const decides = (rules: AccessRule[], names: string[], channel = telegram) =>
  new RuleSet(rules, channel).decide(names);
const verdict = (rules: AccessRule[], names: string[], channel = telegram) =>
  decides(rules, names, channel).verdict;

describe('access rules', () => {
  it('let everybody in where none allows anybody', () => {
    expect(verdict([], ['telegram:1'])).toBe('open');
    expect(verdict([block('telegram:2')], ['telegram:1'])).toBe('open');
  });

  it('let nobody else in where one allows somebody', () => {
    const rules = [allow('telegram:1')];
    expect([verdict(rules, ['telegram:1']), verdict(rules, ['telegram:2'])]).toEqual(['allowed', 'unlisted']);
  });

  it('name one contact or chat without a *, and whatever begins so with one', () => {
    expect(verdict([block('telegram:4')], ['telegram:42'])).toBe('open');
    expect(verdict([block('telegram:4*')], ['telegram:42'])).toBe('blocked');
    expect(verdict([block('*')], ['telegram:42'])).toBe('blocked');
  });

  it('concern the sender and the chat: one who is blocked is so in a group that is allowed', () => {
    const rules = [allow('telegram:-100200300'), block('telegram:7')];
    expect(verdict(rules, ['telegram:7', 'telegram:-100200300'])).toBe('blocked');
    expect(verdict(rules, ['telegram:8', 'telegram:-100200300'])).toBe('allowed');
  });

  it('take one contact or chat before any beginning, however long', () => {
    const rules = [allow('telegram:7'), block('telegram:-1002003*')];
    expect(verdict(rules, ['telegram:7', 'telegram:-100200300'])).toBe('allowed');
  });

  describe('on phone numbers', () => {
    const ada = namesOf({ id: 'whatsapp:5511987654321', aliases: ['whatsapp:lid:141'], phone: null }, phones);

    it.each([
      '+55 (11) 98765-4321',
      '5511987654321',
      '+55 11 8765-4321',
      'whatsapp:551187654321',
      'whatsapp:lid:141',
      '+55 11*',
      '55119*',
      'whatsapp:5511*',
    ])('know somebody by "%s"', (pattern) => {
      expect(verdict([block(pattern)], ada, phones)).toBe('blocked');
    });

    it.each(['+5511987654320', '+551198765432', '+5521*', 'whatsapp:lid:14', 'telegram:5511987654321'])(
      'leave alone whom "%s" does not mean',
      (pattern) => {
        expect(verdict([block(pattern)], ada, phones)).toBe('open');
      },
    );

    it('use the number that the platform tells beside an id of another kind', () => {
      const names = namesOf({ id: 'telegram:42', aliases: [], phone: '4930123456' }, telegram);
      expect(verdict([block('+49 30*')], names)).toBe('blocked');
      expect(verdict([block('+49*')], ['telegram:4930123456'])).toBe('open');
    });

    it('are as long as the ids that they stand for', () => {
      const rules = [allow('whatsapp:55119*'), block('+5511*')];
      expect(verdict(rules, ada, phones)).toBe('allowed');
      expect(verdict([allow('whatsapp:5511*'), block('+5511*')], ada, phones)).toBe('blocked');
    });
  });

  describe('whatever they are', () => {
    const digits = fc.stringMatching(/^[12]{0,4}$/);
    const pattern = fc
      .tuple(digits, fc.boolean())
      .map(([text, open]) => `telegram:${text}${open ? '*' : ''}`);
    const anyRule = fc
      .tuple(fc.constantFrom('allow' as const, 'block' as const), pattern, fc.constantFrom(null, 'i1'))
      .map(([action, text, instanceId]) => rule(action, text, instanceId));
    const anyRules = fc.array(anyRule, { maxLength: 12 });
    const someone = digits.map((text) => `telegram:${text}`);
    const fits = ({ pattern: text }: AccessRule, name: string) =>
      text.endsWith('*') ? name.startsWith(text.slice(0, -1)) : name === text;
    const length = ({ pattern: text }: AccessRule) => (text.endsWith('*') ? text.length - 1 : Infinity);
    const decisive = (rules: AccessRule[], name: string) => {
      const decision = decides(rules, [name]);
      return 'rule' in decision ? decision.rule : null;
    };

    it('one that fits decides if there is one, and none that does not fit', () => {
      fc.assert(
        fc.property(anyRules, someone, (rules, name) => {
          const fitting = rules.filter((one) => fits(one, name));
          const found = decisive(rules, name);
          expect(found === null).toBe(fitting.length === 0);
          if (found) expect(fitting).toContain(found);
        }),
      );
    });

    it('the longest decides', () => {
      fc.assert(
        fc.property(anyRules, someone, (rules, name) => {
          const found = decisive(rules, name);
          for (const other of rules.filter((one) => fits(one, name)))
            expect(length(found!)).toBeGreaterThanOrEqual(length(other));
        }),
      );
    });

    it('of equally long ones an instance’s decides before one of all instances', () => {
      fc.assert(
        fc.property(anyRules, someone, (rules, name) => {
          const found = decisive(rules, name);
          const rivals = rules.filter((one) => fits(one, name) && length(one) === length(found!));
          if (rivals.some(({ instanceId }) => instanceId !== null)) expect(found!.instanceId).not.toBeNull();
        }),
      );
    });

    it('of equally long ones of the same reach one that blocks decides', () => {
      fc.assert(
        fc.property(anyRules, someone, (rules, name) => {
          const found = decisive(rules, name);
          const rivals = rules.filter(
            (one) =>
              fits(one, name) && length(one) === length(found!) && one.instanceId === found!.instanceId,
          );
          if (rivals.some(({ action }) => action === 'block')) expect(found!.action).toBe('block');
        }),
      );
    });

    it('their order does not matter', () => {
      const shuffled = anyRules.chain((rules) =>
        fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
      );
      fc.assert(
        fc.property(shuffled, someone, ([rules, others], name) => {
          expect(decisive(others, name)).toBe(decisive(rules, name));
          expect(verdict(others, [name])).toBe(verdict(rules, [name]));
        }),
      );
    });

    it('somebody is let in exactly where an allow rule decides, or none does and nobody is allowed by one', () => {
      fc.assert(
        fc.property(anyRules, someone, (rules, name) => {
          const closed = rules.some(({ action }) => action === 'allow');
          const expected =
            decisive(rules, name)?.action === 'allow' || (decisive(rules, name) === null && !closed);
          expect(['open', 'allowed'].includes(verdict(rules, [name]))).toBe(expected);
        }),
      );
    });

    it('more names of somebody never make a longer rule lose', () => {
      fc.assert(
        fc.property(anyRules, fc.array(someone, { minLength: 1, maxLength: 4 }), (rules, names) => {
          const decision = decides(rules, names);
          const best = Math.max(
            -1,
            ...rules.filter((one) => names.some((name) => fits(one, name))).map(length),
          );
          expect('rule' in decision ? length(decision.rule) : -1).toBe(best);
        }),
      );
    });
  });
});
