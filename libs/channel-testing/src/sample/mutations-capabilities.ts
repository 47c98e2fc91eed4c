import { RejectedError, UnsupportedError } from '@omni-hub/channel-sdk';
import type { Capabilities } from '@omni-hub/contracts';
import { IsOptional, IsString } from 'class-validator';
import { Secret } from '@omni-hub/channel-sdk';
import net from 'node:net';
import textFixture from '../../fixtures/inbound/text.json';
import probeFixture from '../../fixtures/outbound/probe.json';
import type { Mutation } from './mutations';
import type { SampleVariant } from './sample.channel';
import { sampleCapabilities } from './sample.models';

/** A config class that asks for nothing. */
class LaxConfig {
  @IsOptional()
  @IsString()
  @Secret()
  token: string;

  @IsOptional()
  @IsString()
  @Secret()
  webhookSecret: string;

  @IsOptional()
  @IsString()
  apiUrl: string;
}

/** A config class that takes any value. */
class BlindConfig extends LaxConfig {
  @IsString()
  declare token: string;

  @IsOptional()
  declare apiUrl: string;
}

function claiming(
  abilities: Partial<Capabilities['abilities']>,
  content: Partial<Capabilities['content']> = {},
) {
  const capabilities: Capabilities = {
    ...sampleCapabilities,
    abilities: { ...sampleCapabilities.abilities, ...abilities },
    content: { ...sampleCapabilities.content, ...content },
  };
  return { capabilities } satisfies SampleVariant;
}

/** The good handler, except that polls are refused in another way. */
function refusingPolls(refuse: () => Promise<never>): SampleVariant {
  return {
    handler: (good) => ({
      send: (message, signal) => (message.part.type === 'poll' ? refuse() : good.send(message, signal)),
    }),
  };
}

export const capabilityMutations: Mutation[] = [
  {
    rule: 'CAP-1',
    what: 'claims as an account what none of its providers claims',
    variant: { channel: { capabilities: { sample: { ...sampleCapabilities, maxTextLength: 299 } } } },
  },
  {
    rule: 'CAP-1',
    what: 'claims for no provider what its account can do',
    variant: { channel: { capabilities: {} } },
  },
  {
    rule: 'CAP-1',
    what: 'tells what it sends outside a window, and has none',
    variant: { capabilities: { ...sampleCapabilities, replyWindowMs: null } },
  },
  {
    rule: 'CAP-1',
    what: 'shows by no fixture what it sends outside its window',
    files: {
      'outbound/outside-window.json': probeFixture,
      'outbound/outside-window-nothing.json': probeFixture,
    },
  },
  { rule: 'CAP-1', what: 'claims an ability that it does not have', variant: claiming({ markRead: true }) },
  {
    rule: 'CAP-1',
    what: 'has an ability that it does not claim',
    variant: { handler: () => ({ markRead: async () => undefined }) },
  },
  {
    rule: 'CAP-1',
    what: 'has an ability that no fixture exercises',
    variant: { ...claiming({ markRead: true }), handler: () => ({ markRead: async () => undefined }) },
  },
  {
    rule: 'CAP-1',
    what: 'claims content that no fixture sends',
    variant: claiming({}, { image: 'native' }),
  },
  {
    rule: 'CAP-1',
    what: 'claims captions of files that it does not carry',
    variant: { capabilities: { ...sampleCapabilities, captions: ['image'] } },
  },
  {
    rule: 'CAP-2',
    what: 'refuses unsupported content with another error',
    variant: refusingPolls(() => Promise.reject(new RejectedError('No polls'))),
  },
  {
    rule: 'CAP-2',
    what: 'names another capability than the one that is missing',
    variant: refusingPolls(() => Promise.reject(new UnsupportedError('No polls', 'poll'))),
  },
  {
    rule: 'CAP-2',
    what: 'sends unsupported content as something else',
    variant: {
      handler: (good) => ({
        send: (message, signal) => {
          if (message.part.type !== 'poll') return good.send(message, signal);
          const body = { text: message.part.question, spans: [] };
          return good.send({ ...message, part: { type: 'text', body, buttons: [] } }, signal);
        },
      }),
    },
  },
  { rule: 'CFG-1', what: 'accepts an empty configuration', variant: { channel: { configClass: LaxConfig } } },
  { rule: 'CFG-1', what: 'accepts a value of any type', variant: { channel: { configClass: BlindConfig } } },
  {
    rule: 'CFG-1',
    what: 'connects when it is created',
    variant: {
      handler: () => {
        net.connect(9, '127.0.0.1').on('error', () => undefined);
        return {};
      },
    },
  },
  {
    rule: 'CFG-1',
    what: 'reads the clock when it is created',
    variant: { handler: () => (Date.now() > 0 ? {} : {}) },
  },
  { rule: 'META-1', what: 'has a file that is no fixture', files: { 'inbound/notes.txt': 'to do' } },
  {
    rule: 'META-1',
    what: 'has a fixture with a misspelt key',
    files: { 'inbound/typo.json': { ...textFixture, expects: {} } },
  },
  {
    rule: 'META-1',
    what: 'has a fixture without a source',
    files: { 'inbound/nowhere.json': { ...textFixture, source: '' } },
  },
  { rule: 'META-1', what: 'has a fixture that is no JSON', files: { 'outbound/half.json': '{"source":' } },
  {
    rule: 'META-2',
    what: 'is exempt from a rule that there is not',
    options: { exempt: { 'IN-99': 'We are special.' } as object },
  },
  { rule: 'META-2', what: 'is exempt without a reason', options: { exempt: { 'IN-8': ' ' } } },
  {
    rule: 'META-2',
    what: 'is exempt from the rule of exemptions',
    options: { exempt: { 'META-2': 'No thanks.' } },
  },
];
