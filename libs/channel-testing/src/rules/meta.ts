import type { ChannelHandler } from '@omni-hub/channel-sdk';
import { waysIn } from '../checks/reading';
import { fill } from '../fixtures/placeholders';
import { configFor, nowhere, type Context } from '../context';
import type { ExercisedAbility } from '../fixtures/fixtures';
import { Findings, ruleIds, type RuleId } from './rule';

const neverExempt: RuleId[] = ['META-1', 'META-2'];

/** META-1: every file in the fixtures' folder is a fixture, and every fixture is one that a rule uses. */
export async function checkFixturesUsed(context: Context): Promise<void> {
  const findings = new Findings('META-1');
  const { abilities } = context.handler.capabilities;
  findings.add(context.options.fixtures, ...context.fileProblems);
  if (context.inbound.length === 0) findings.add('inbound', 'there is no fixture');
  if (context.outbound.length === 0) findings.add('outbound', 'there is no fixture');
  for (const { file, fixture } of context.inbound) {
    const way = waysIn(context, fixture);
    if (!abilities[way]) findings.add(file, `comes via "${way}", which the channel does not have`);
    await findings.attempt(file, () => placeholderProblems(context, fixture));
  }
  for (const { file, fixture } of context.outbound) {
    if (!hasAbility(context.handler, fixture.ability))
      findings.add(file, `exercises "${fixture.ability}", which the channel does not have`);
    await findings.attempt(file, () => placeholderProblems(context, fixture));
  }
  findings.conclude();
}

/** META-2: every exemption has a known rule and a reason. */
export async function checkExemptions({ options }: Context): Promise<void> {
  const findings = new Findings('META-2');
  for (const [id, reason] of Object.entries(options.exempt ?? {})) {
    const subject = `options.exempt["${id}"]`;
    if (!ruleIds.includes(id as RuleId)) findings.add(subject, 'there is no such rule');
    if (neverExempt.includes(id as RuleId)) findings.add(subject, 'nothing is exempt from this rule');
    if (typeof reason !== 'string' || reason.trim() === '') findings.add(subject, 'needs a reason');
  }
  findings.conclude();
}

function hasAbility({ capabilities, outsideWindow }: ChannelHandler, ability: ExercisedAbility): boolean {
  if (ability === 'send') return true;
  return ability === 'outsideWindow' ? outsideWindow !== undefined : capabilities.abilities[ability];
}

/** Throws on a placeholder that names no field of the configuration. */
function placeholderProblems(context: Context, fixture: { config?: Record<string, unknown> }): string[] {
  fill(fixture, configFor(context, nowhere, fixture.config));
  return [];
}
