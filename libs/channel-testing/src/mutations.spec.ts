import type { OutboundMessage } from '@omni-hub/channel-sdk';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContext } from './context';
import type { ConformanceOptions } from './options';
import { ruleIds, RuleViolation, type Rule, type RuleId } from './rules/rule';
import { checkRule, rules } from './rules/rules';
import { provesByPath, signByPath } from './sample/mutations-signature';
import { verifySample } from './sample/sample-inbound';
import { mutations, type Mutation } from './sample/mutations';
import { sampleChannel } from './sample/sample.channel';
import { sampleCapabilities } from './sample/sample.models';
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
  return rule === 'LIVE-1' || variant?.read ? rules : without('LIVE-1');
}

const only = (...ids: RuleId[]) => rules.filter(({ id }) => ids.includes(id));
const without = (...ids: RuleId[]) => rules.filter(({ id }) => !ids.includes(id));

const spaces = (text: string) => text.split(' ').length - 1;

/** Every blank becomes three characters. */
function withMarks(message: OutboundMessage): OutboundMessage {
  const { part } = message;
  if (part.type !== 'text') return message;
  return {
    ...message,
    part: { ...part, body: { ...part.body, text: part.body.text.replaceAll(' ', ' · ') } },
  };
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
    const abilities = { ...sampleCapabilities.abilities, receive: false };
    const channel = sampleChannel({
      handler: () => ({ receive: undefined }),
      capabilities: { ...sampleCapabilities, abilities },
    });
    expect(await brokenRules({ ...sampleOptions, channel, sign: undefined, handshakes: undefined })).toEqual(
      [],
    );
  });

  it('lets a correct channel of several providers pass, however soon its account is told', async () => {
    const capabilities = { ...sampleCapabilities, acknowledgesWithinMs: 5_000 };
    const other = { ...sampleCapabilities, maxTextLength: 20 };
    const channel = sampleChannel({
      capabilities,
      channel: { capabilities: { other, sample: sampleCapabilities } },
    });
    expect(await brokenRules({ ...sampleOptions, channel }, without('LIVE-1'))).toEqual([]);
  });

  it('lets a correct channel pass that writes more than is read, and says so', async () => {
    const channel = sampleChannel({
      handler: (good) => ({
        measure: ({ text }) => text.length + 2 * spaces(text),
        send: (message, signal) => good.send(withMarks(message), signal),
      }),
    });
    expect(await brokenRules({ ...sampleOptions, channel }, only('OUT-5'))).toEqual([]);
  });

  it('lets a correct channel pass whose address proves the sender, whatever else is in it', async () => {
    const channel = sampleChannel({
      verify: (secret, request) => verifySample(secret, request) && provesByPath(request),
    });
    expect(await brokenRules({ ...sampleOptions, channel, sign: signByPath }, without('LIVE-1'))).toEqual([]);
  });

  it('has a faulty channel for every rule', () => {
    expect(new Set(mutations.map(({ rule }) => rule))).toEqual(new Set(ruleIds));
  });

  it.each(mutations)('refuses by $rule, and no other rule, a channel that $what', async (mutation) => {
    expect(await brokenRules(mutated(mutation), rulesFor(mutation))).toEqual([mutation.rule]);
  });
});
