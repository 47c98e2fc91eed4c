import type { OutboundMessage } from '@omni-hub/channel-sdk';
import { ruleIds } from './rules/rule';
import { brokenRules, mutated, only, removeFixtures, without } from './sample/broken-rules';
import { mutations } from './sample/mutations';
import { provesByPath, signByPath } from './sample/mutations-signature';
import { verifySample } from './sample/sample-inbound';
import { sampleChannel } from './sample/sample.channel';
import { sampleCapabilities } from './sample/sample.models';
import { sampleOptions } from './sample/sample-options';

jest.setTimeout(60_000);

afterAll(removeFixtures);

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

  // LIVE-1 waits for seconds where the others work: mutations-listener.spec.ts looks at it, for all of them at once.
  it.each(mutations)('refuses by $rule, and no other rule, a channel that $what', async (mutation) => {
    const expected = [mutation.rule].filter((rule) => rule !== 'LIVE-1');
    expect(await brokenRules(mutated(mutation), without('LIVE-1'))).toEqual(expected);
  });
});
