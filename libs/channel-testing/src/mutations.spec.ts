import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContext } from './context';
import type { ConformanceOptions } from './options';
import { ruleIds, RuleViolation, type Rule } from './rules/rule';
import { checkRule, rules } from './rules/rules';
import { mutations, type Mutation } from './sample/mutations';
import { sampleChannel } from './sample/sample.channel';
import { sampleOptions } from './sample/sample-options';

jest.setTimeout(60_000);

const temporary: string[] = [];
afterAll(() => temporary.forEach((folder) => rmSync(folder, { recursive: true })));

function fixturesWith(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'channel-testing-'));
  temporary.push(folder);
  cpSync(sampleOptions.fixtures, folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

function mutated({ variant, options, files }: Mutation): ConformanceOptions {
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

/** LIVE-1 takes seconds, and only what reaches the listener can break it. */
function rulesFor({ rule, variant }: Mutation): readonly Rule[] {
  return rule === 'LIVE-1' || variant?.read ? rules : rules.filter(({ id }) => id !== 'LIVE-1');
}

/** Every rule that the channel breaks, exempt or not. */
async function brokenRules(options: ConformanceOptions, checked = rules): Promise<string[]> {
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

describe('the kit', () => {
  it('lets a correct channel pass', async () => {
    expect(await brokenRules(sampleOptions)).toEqual([]);
  });

  it('lets a correct channel without a webhook pass', async () => {
    const { capabilities } = sampleOptions.channel;
    const channel = sampleChannel({
      handler: () => ({ receive: undefined }),
      channel: {
        capabilities: { ...capabilities, abilities: { ...capabilities.abilities, receive: false } },
      },
    });
    expect(await brokenRules({ ...sampleOptions, channel, sign: undefined, handshakes: undefined })).toEqual(
      [],
    );
  });

  it('has a faulty channel for every rule', () => {
    expect(new Set(mutations.map(({ rule }) => rule))).toEqual(new Set(ruleIds));
  });

  it.each(mutations)('refuses by $rule, and no other rule, a channel that $what', async (mutation) => {
    expect(await brokenRules(mutated(mutation), rulesFor(mutation))).toEqual([mutation.rule]);
  });
});
