import { checkFlags, checkUnsupported } from './capabilities';
import { checkConfig } from './config';
import {
  checkExpectedEvents,
  checkIds,
  checkOwnMessages,
  checkPurity,
  checkRedelivery,
  checkUnknownKinds,
} from './inbound';
import { checkMalformedBodies } from './malformed';
import { checkListener } from './listener';
import { checkExemptions, checkFixturesUsed } from './meta';
import { checkAbort, checkExpectedRequests, checkFailures, checkSingleAttempt } from './outbound';
import { ruleIds, RuleViolation, type Rule, type RuleId } from './rule';
import { checkSecrecy } from './secrecy';
import { checkHandshakes, checkSignatures } from './signature';
import { checkSplitting } from './splitting';
import type { Context } from '../context';
import { show } from '../fixtures/compare';

const table: Record<RuleId, Omit<Rule, 'id'>> = {
  'IN-1': {
    tier: 'required',
    title: 'every inbound fixture becomes exactly its expected events',
    check: checkExpectedEvents,
  },
  'IN-2': { tier: 'required', title: 'a redelivery gives the same ids', check: checkRedelivery },
  'IN-3': {
    tier: 'required',
    title: "ids carry the channel's prefix and round-trip through the codec",
    check: checkIds,
  },
  'IN-4': {
    tier: 'required',
    title: 'an unsigned or changed request is a SignatureError, in constant time',
    check: checkSignatures,
  },
  'IN-5': {
    tier: 'required',
    title: 'malformed and fuzzed bodies give events, ignored or PayloadError',
    check: checkMalformedBodies,
  },
  'IN-6': {
    tier: 'required',
    title: "the account's own messages never trigger a turn",
    check: checkOwnMessages,
  },
  'IN-7': {
    tier: 'required',
    title: 'unknown kinds are answered, give no events, and ignored says why',
    check: checkUnknownKinds,
  },
  'IN-8': { tier: 'required', title: 'handshakes are answered', check: checkHandshakes },
  'IN-9': { tier: 'required', title: 'receive opens no connection and reads no clock', check: checkPurity },
  'OUT-1': {
    tier: 'required',
    title: 'every outbound fixture makes exactly its requests and has its end',
    check: checkExpectedRequests,
  },
  'OUT-2': {
    tier: 'required',
    title: 'every failure of the platform maps to the right error',
    check: checkFailures,
  },
  'OUT-3': { tier: 'required', title: 'no secret in an error or a log', check: checkSecrecy },
  'OUT-4': { tier: 'required', title: 'one send is one attempt', check: checkSingleAttempt },
  'OUT-5': { tier: 'complete', title: 'over-long text is split in order and whole', check: checkSplitting },
  'OUT-6': { tier: 'complete', title: 'an aborted signal ends the call within a second', check: checkAbort },
  'CAP-1': {
    tier: 'complete',
    title: 'a flag is true exactly when its method exists and a fixture exercises it',
    check: checkFlags,
  },
  'CAP-2': {
    tier: 'complete',
    title: 'unsupported content is its fallback or UnsupportedError',
    check: checkUnsupported,
  },
  'CFG-1': {
    tier: 'required',
    title: 'a bad config is refused field by field; create does no I/O',
    check: checkConfig,
  },
  'LIVE-1': {
    tier: 'complete',
    title: 'a listener reconnects, ends when told, and waits for the commit',
    check: checkListener,
  },
  'META-1': { tier: 'required', title: 'every fixture is used', check: checkFixturesUsed },
  'META-2': {
    tier: 'required',
    title: 'every exemption has a known rule and a reason',
    check: checkExemptions,
  },
};

/** Every rule, in the order of the table in `docs/patterns/channel.md`. */
export const rules: readonly Rule[] = ruleIds.map((id) => ({ id, ...table[id] }));

/** The rules without which a channel is not registered. */
export const requiredRules: readonly Rule[] = rules.filter(({ tier }) => tier === 'required');

/** Checks one rule. Resolves where it is kept; rejects with a RuleViolation for anything else that happens. */
export async function checkRule(rule: Rule, context: Context): Promise<void> {
  try {
    await rule.check(context);
  } catch (error) {
    if (error instanceof RuleViolation) throw error;
    throw new RuleViolation(rule.id, [`threw ${show(error)}`]);
  }
}
