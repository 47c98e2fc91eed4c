import { explain } from '../../access/explain';
import { pass, stop, type Gate } from './gate';

/** Whom the operator lets in or keeps out: the access rules. */
export const accessGate: Gate = {
  name: 'access',
  decide({ instance, access }) {
    if (!access) return pass('access_open', 'there are no access rules: everybody is allowed');
    const { rules, names } = access;
    const { allowed, reason, detail, change } = explain(rules.decide(names), names[0], instance.name);
    return allowed ? pass(reason, detail) : stop(reason, detail, change);
  },
};
