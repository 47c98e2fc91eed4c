import type { AccessDecision, AccessRule } from './rule-set';

export interface Explanation {
  allowed: boolean;
  /** A stable code: `access_blocked`. */
  reason: string;
  /** A sentence for the operator. */
  detail: string;
  /** What would change it; null where the contact is answered. */
  change: string | null;
}

/** Says a decision in words. `name` is what the contact could be allowed by. Pure. */
export function explain(decision: AccessDecision, name: string, instance: string): Explanation {
  switch (decision.verdict) {
    case 'open':
      return answered(
        'access_open',
        'no rule names this contact or chat, and without an allow rule everybody is allowed',
      );
    case 'allowed':
      return answered('access_allowed', `allowed by ${inWords(decision.rule)}`);
    case 'blocked':
      return {
        allowed: false,
        reason: 'access_blocked',
        detail: `blocked by ${inWords(decision.rule)}`,
        change: `DELETE /api/v1/access-rules/${decision.rule.id}${orOutrank(decision.rule)}`,
      };
    case 'unlisted':
      return {
        allowed: false,
        reason: 'access_not_allowed',
        detail: `no rule names this contact or chat, and with an allow rule nobody else is allowed: there is ${inWords(decision.closedBy)}`,
        change: `POST /api/v1/access-rules {"instance": "${instance}", "action": "allow", "pattern": "${name}"}, or delete every allow rule that concerns this instance`,
      };
  }
}

function orOutrank({ pattern, instanceId }: AccessRule): string {
  if (pattern.endsWith('*')) return ', or add an allow rule with a longer pattern';
  return instanceId === null ? ', or add an allow rule of the instance with the same pattern' : '';
}

function inWords({ action, pattern, instanceId, id }: AccessRule): string {
  return `the ${action} rule "${pattern}" of ${instanceId === null ? 'all instances' : 'this instance'} (${id})`;
}

const answered = (reason: string, detail: string): Explanation => ({
  allowed: true,
  reason,
  detail,
  change: null,
});
