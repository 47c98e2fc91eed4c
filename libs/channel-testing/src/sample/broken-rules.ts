import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContext } from '../context';
import type { ConformanceOptions } from '../options';
import { RuleViolation, type Rule, type RuleId } from '../rules/rule';
import { checkRule, rules } from '../rules/rules';
import type { Mutation } from './mutations';
import { sampleChannel } from './sample.channel';
import { sampleOptions } from './sample-options';

const temporary: string[] = [];

/** Call when a spec is done with what `mutated` made. */
export function removeFixtures(): void {
  temporary.splice(0).forEach((folder) => rmSync(folder, { recursive: true }));
}

function fixturesWith(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'channel-testing-'));
  temporary.push(folder);
  cpSync(sampleOptions.fixtures, folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** The sample with its one fault. */
export function mutated({ variant, options, files }: Mutation): ConformanceOptions {
  return {
    ...sampleOptions,
    ...(variant ? { channel: sampleChannel(variant) } : {}),
    ...(variant?.read && sampleOptions.listen
      ? { listen: { ...sampleOptions.listen, read: variant.read } }
      : {}),
    ...(files ? { fixtures: fixturesWith(files) } : {}),
    ...options,
  };
}

/** Only what reaches the listener can break LIVE-1. */
export function reachesListener({ rule, variant }: Mutation): boolean {
  return rule === 'LIVE-1' || variant?.read !== undefined;
}

export const only = (...ids: RuleId[]) => rules.filter(({ id }) => ids.includes(id));
export const without = (...ids: RuleId[]) => rules.filter(({ id }) => !ids.includes(id));

/** Every rule that the channel breaks, exempt or not. */
export async function brokenRules(
  options: ConformanceOptions,
  checked: readonly Rule[] = rules,
): Promise<string[]> {
  const context = loadContext(options);
  const broken: string[] = [];
  for (const rule of checked) {
    await checkRule(rule, context).catch((error: RuleViolation) => {
      expect(error).toBeInstanceOf(RuleViolation);
      expect(error.message.startsWith(`${rule.id}: `)).toBe(true);
      broken.push(rule.id);
    });
  }
  return broken;
}
