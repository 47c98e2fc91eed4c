import {
  secretFields,
  type Account,
  type Channel,
  type ChannelHandler,
  type Received,
} from '@omni-hub/channel-sdk';
import type { Log } from '../flow/log';
import { batchFixture, nameOf, useFixture, webhookFixture, type Fixture } from './fixtures';
import { HeardNames } from './heard-names';
import { Recording } from './recording';
import { Redactor, type ConfigValue } from './redactor';
import { StandIns } from './stand-ins';
import { watchHandler } from './watched-handler';

/** Shorter values of a configuration stand in too many places to be told from chance. */
const shortestValue = 3;
/** Fields whose value is a common word, which stands in the traffic for itself. */
const choices = new Set(['mode', 'provider']);

/**
 * Channels whose handlers write down their traffic as fixtures of the conformance kit, redacted, into `folder`. For an author's
 * machine and a test account: a log line at every start says so.
 */
export function recordingChannels(channels: readonly Channel[], folder: string, log: Log): Channel[] {
  log.warn(
    { folder },
    'OMNI_RECORD_FIXTURES is set: what platforms and the hub say to each other is WRITTEN TO DISK, redacted. Use it with a test account, look through the files before they leave this machine, and unset it when done',
  );
  const recording = new Recording(folder, log);
  const standIns = new StandIns();
  return channels.map((channel) => ({
    ...channel,
    create: (config, tools) =>
      watch({ channel, config, account: tools.account, recording, standIns }, channel.create(config, tools)),
  }));
}

interface Watched {
  channel: Channel;
  config: object;
  account: Account | null;
  recording: Recording;
  standIns: StandIns;
}

function watch(
  { channel, config, account, recording, standIns }: Watched,
  handler: ChannelHandler,
): ChannelHandler {
  const names = new HeardNames();
  if (account) names.account(account);
  const redactor = new Redactor(standIns, configValues(channel, config), channel.id, names.all);
  const { provider, apiUrl } = config as { provider?: unknown; apiUrl?: unknown };
  const folder = typeof provider === 'string' ? `${channel.id}/${provider}` : channel.id;
  const about = () => ({
    source: `Recorded by omni-hub on ${new Date().toISOString().slice(0, 10)}, redacted`,
    account: accountOf(redactor, account),
  });
  const inbound = (received: Received, make: () => Fixture | null) => {
    names.hear(received);
    recording.add(folder, 'inbound', nameOf(received), () => {
      const made = make();
      return made && { ...about(), ...made, expect: { events: [] } };
    });
  };
  return watchHandler(handler, {
    webhook: (request, received) =>
      inbound(received, () =>
        webhookFixture(redactor, { ...request, body: handler.scrub?.(request.body) ?? request.body }),
      ),
    batch: (raw, received) => inbound(received, () => batchFixture(redactor, raw)),
    use: (ability, input, exchanged, end) =>
      recording.add(folder, 'outbound', ability, () => {
        const made = useFixture(redactor, String(apiUrl), ability, input, exchanged, end);
        return made && { ...about(), ...made };
      }),
  });
}

/** What may stand in the traffic, and by which field of the configuration it is told again. */
function configValues(channel: Channel, config: object): ConfigValue[] {
  const secret = new Set(secretFields(channel.configClass));
  return Object.entries(config)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .filter(([field, value]) => secret.has(field) || (value.length >= shortestValue && !choices.has(field)))
    .map(([field, value]) => ({ field, value, secret: secret.has(field) }));
}

function accountOf(redactor: Redactor, account: Account | null): unknown {
  return account && redactor.json(account);
}
