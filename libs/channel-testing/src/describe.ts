import { basename } from 'node:path';
import { loadContext } from './context';
import type { ConformanceOptions } from './options';
import { checkRule, requiredRules, rules } from './rules/rules';

const ruleTimeoutMs = 120_000;

let collected: ConformanceOptions[] | null = null;

/** What the specs that `load` requires tell the kit about their channel. Nothing is described meanwhile. */
export function conformanceOptionsOf(load: () => void): ConformanceOptions[] {
  const options: ConformanceOptions[] = [];
  collected = options;
  try {
    load();
  } finally {
    collected = null;
  }
  return options;
}

/**
 * Call at the top level of a Jest spec, once for each provider of the channel: describes its conformance, one test for each
 * rule of the tier. A broken rule fails with a message that begins with its id; an exempt one is named with its reason and
 * not checked. A fixtures' folder that is called otherwise than `fixtures` is named in the title.
 */
export function describeChannelConformance(options: ConformanceOptions): void {
  if (collected) return void collected.push(options);
  const { channel, exempt = {}, tier = 'complete' } = options;
  const context = loadContext(options);
  const folder = basename(options.fixtures);
  const provider = folder === 'fixtures' ? '' : ` (${folder})`;
  describe(`channel "${channel.id}"${provider} keeps the ${tier} rules`, () => {
    for (const rule of tier === 'required' ? requiredRules : rules) {
      const reason = rule.id.startsWith('META') ? undefined : exempt[rule.id];
      if (reason !== undefined) it(`${rule.id} is exempt: ${reason}`, () => undefined);
      else it(`${rule.id} ${rule.title}`, () => checkRule(rule, context), ruleTimeoutMs);
    }
  });
}
