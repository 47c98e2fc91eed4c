import type { Received } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';
import { watchPurity } from '../checks/purity';
import { eachFixture, readerFor } from '../checks/reading';
import { idProblems, idsOf, receivedProblems } from '../checks/received';
import type { Context } from '../context';
import { differences, isRecord, throughJson } from '../fixtures/compare';
import type { InboundFixture } from '../fixtures/fixtures';
import { fill } from '../fixtures/placeholders';
import { Findings } from './rule';

/** IN-1: every inbound fixture becomes exactly its expected events. */
export async function checkExpectedEvents(context: Context): Promise<void> {
  const findings = new Findings('IN-1');
  await eachFixture(findings, context, (reader, { fixture }) => {
    const { events, ignored = [], reply } = fill(fixture.expect, reader.config);
    const actual = reader.read();
    return [
      ...differences(events, throughJson(actual.events), 'events'),
      ...differences(ignored, throughJson(actual.ignored ?? []), 'ignored'),
      ...(reply ? differences(reply, throughJson(actual.reply), 'reply') : []),
    ];
  });
  findings.conclude();
}

/** IN-2: a redelivery gives the same ids, to the same handler and to one that has just been made. */
export async function checkRedelivery(context: Context): Promise<void> {
  const findings = new Findings('IN-2');
  await eachFixture(findings, context, (reader, named) => {
    const first = throughJson(reader.read());
    const repeated = eventIds(first).filter((id, index, all) => all.indexOf(id) !== index);
    return [
      ...repeated.map((id) => `two events of one request have the id "${id}"`),
      ...differences(first, throughJson(reader.read()), 'redelivered'),
      ...differences(first, throughJson(readerFor(context, named).read()), 'redelivered after a restart'),
    ];
  });
  findings.conclude();
}

/** IN-3: ids carry the channel's prefix and round-trip through the codec, in events and in receipts. */
export async function checkIds(context: Context): Promise<void> {
  const { id } = context.options.channel;
  const findings = new Findings('IN-3');
  for (const { file, fixture } of context.outbound) {
    const made = fixture.receipt?.platformIds ?? [];
    findings.add(file, ...made.flatMap((platformId) => idProblems(platformId, id)));
  }
  await eachFixture(findings, context, (reader) =>
    reader
      .read()
      .events.flatMap((event) => idsOf(event))
      .flatMap((found) => idProblems(found.id, id).map((problem) => `${found.path}: ${problem}`)),
  );
  findings.conclude();
}

/** IN-6: the account's own messages never trigger a turn. */
export async function checkOwnMessages(context: Context): Promise<void> {
  const findings = new Findings('IN-6');
  const { channel, account } = context.options;
  if (!context.inbound.some(({ fixture }) => fixture.own)) {
    findings.fail('inbound', 'no fixture is marked "own": true, a message that the account wrote itself');
  }
  await eachFixture(findings, context, (reader, { fixture }) =>
    reader.read().events.flatMap((event, index) => {
      const byAccount = account !== undefined && senderOf(event) === `${channel.id}:${account.id}`;
      return (fixture.own || byAccount) && startsTurn(event)
        ? [
            `events[${index}] (${event.type}) is the account's own and not marked fromMe: it would be answered`,
          ]
        : [];
    }),
  );
  findings.conclude();
}

/** IN-7: unknown kinds are answered with 200, give no events, and `ignored` says why. */
export async function checkUnknownKinds(context: Context): Promise<void> {
  const findings = new Findings('IN-7');
  const { unknown } = context.options;
  if (!unknown) findings.fail('options.unknown', 'give a body of a kind that the channel does not know');
  const sample: InboundFixture = { source: 'options.unknown', request: unknown, expect: { events: [] } };
  const named = { file: 'options.unknown', fixture: sample };
  await findings.attempt('options.unknown', () => {
    const received = readerFor(context, named).read();
    return [...unknownProblems(received), ...receivedProblems(received)];
  });
  findings.conclude();
}

/** IN-9: `receive` opens no connection and reads no clock. */
export async function checkPurity(context: Context): Promise<void> {
  const findings = new Findings('IN-9');
  await eachFixture(findings, context, async (reader) => {
    const { impurities } = await watchPurity(() => reader.read());
    return impurities.map((impurity) => `used ${impurity}; receive must be pure`);
  });
  findings.conclude();
}

function eventIds(received: unknown): string[] {
  const { events, ignored = [] } = received as Received;
  return [...events, ...ignored].map(({ eventId }) => eventId);
}

function senderOf(event: InboundEvent): string | null {
  return 'sender' in event && isRecord(event.sender) ? event.sender.id : null;
}

function startsTurn(event: InboundEvent): boolean {
  if (event.type === 'message' || event.type === 'edit') return !event.message.fromMe;
  return event.type === 'action';
}

function unknownProblems({ events, ignored = [], reply }: Received): string[] {
  return [
    ...(events.length > 0 ? [`gave ${events.length} events, expected none`] : []),
    ...(ignored.length === 0 ? ['gave no ignored entry that says why nothing happens'] : []),
    ...(reply && (reply.status < 200 || reply.status > 299)
      ? [`was answered with ${reply.status}, not 200`]
      : []),
  ];
}
