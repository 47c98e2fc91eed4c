import type { ChatId, ContactId, InboundEvent } from '@omni-hub/contracts';
import failedFixture from '../../fixtures/inbound/receipt-failed.json';
import personFixture from '../../fixtures/inbound/person.json';
import readFixture from '../../fixtures/inbound/receipt-read.json';
import standingFixture from '../../fixtures/inbound/standing.json';
import textFixture from '../../fixtures/inbound/text.json';
import type { Mutation } from './mutations';
import type { SampleVariant } from './sample.channel';

/** The good webhook, with the event of this id changed. */
function rereading(eventId: string, change: object): SampleVariant {
  return {
    handler: (good) => ({
      receive: (request) => {
        const received = good.receive!(request);
        return { ...received, events: received.events.map((event) => changed(event, eventId, change)) };
      },
    }),
  };
}

function changed(event: InboundEvent, eventId: string, change: object): InboundEvent {
  return event.eventId === eventId ? { ...event, ...change } : event;
}

interface Fixture {
  expect: { events: { eventId: string }[] };
}

/** A channel that reads the fixture's one event with a change, and whose author expects it so: only its soundness tells. */
function unsound(
  rule: Mutation['rule'],
  what: string,
  file: string,
  fixture: Fixture,
  change: object,
): Mutation {
  const [event] = fixture.expect.events;
  return {
    rule,
    what,
    variant: rereading(event.eventId, change),
    files: { [`inbound/${file}`]: { ...fixture, expect: { events: [{ ...event, ...change }] } } },
  };
}

const [text] = textFixture.expect.events;
const [person] = personFixture.expect.events;
const alias = 'ada' as ChatId & ContactId;

export const eventMutations: Mutation[] = [
  unsound('IN-3', "tells a chat's other ids without its prefix", 'text.json', textFixture, {
    chat: { ...text.chat, aliases: [alias] },
  }),
  unsound('IN-3', 'tells where to answer without its prefix', 'text.json', textFixture, {
    chat: { ...text.chat, address: alias },
  }),
  unsound('IN-3', "tells a sender's other ids without its prefix", 'text.json', textFixture, {
    sender: { ...text.sender, aliases: [alias] },
  }),
  unsound('IN-3', "tells a contact's id without its prefix", 'person.json', personFixture, {
    contact: { ...person.contact, id: alias },
  }),
  unsound('IN-3', "tells a contact's other ids without its prefix", 'person.json', personFixture, {
    contact: { ...person.contact, aliases: [alias] },
  }),
  unsound('IN-5', 'tells other ids that are no list', 'person.json', personFixture, {
    contact: { ...person.contact, aliases: 'sample:4242' },
  }),
  unsound('IN-5', 'tells a contact without an id', 'person.json', personFixture, {
    contact: { ...person.contact, id: null },
  }),
  unsound('IN-5', 'tells a chat without an id', 'text.json', textFixture, {
    chat: { ...text.chat, id: null },
  }),
  unsound('IN-5', 'tells a status that there is not', 'receipt-read.json', readFixture, { status: 'seen' }),
  unsound('IN-5', 'tells a failure by a code of its own', 'receipt-failed.json', failedFixture, {
    errorCode: '131026',
  }),
  unsound('IN-5', 'tells a failure without saying why', 'receipt-failed.json', failedFixture, { detail: '' }),
  unsound('IN-5', 'tells an error of what was read', 'receipt-read.json', readFixture, {
    errorCode: 'REJECTED',
  }),
  unsound('IN-5', 'gives a reason for what was read', 'receipt-read.json', readFixture, {
    detail: 'Why not',
  }),
  unsound('IN-5', 'shows a restriction by what was read', 'receipt-read.json', readFixture, {
    restricted: true,
  }),
  unsound('IN-5', 'tells a status of no message', 'receipt-read.json', readFixture, { messageId: null }),
  unsound('IN-5', 'tells an empty delivery id', 'receipt-read.json', readFixture, { deliveryId: '' }),
  unsound('IN-5', 'tells a connection that there is not', 'standing.json', standingFixture, {
    connection: 'on',
  }),
  unsound('IN-5', 'tells nothing of its account', 'standing.json', standingFixture, { detail: '' }),
  unsound('IN-5', 'does not say what of its account', 'standing.json', standingFixture, { what: '' }),
  unsound('IN-5', 'tells a restriction that is neither yes nor no', 'standing.json', standingFixture, {
    restricted: 'perhaps',
  }),
];
