import { PayloadError, type ChannelHandler, type Received } from '@omni-hub/channel-sdk';
import type { ChatId, MessageId, MessageReceived } from '@omni-hub/contracts';
import { timingSafeEqual, createHmac } from 'node:crypto';
import net from 'node:net';
import batchFixture from '../../fixtures/inbound/batch.json';
import colonFixture from '../../fixtures/inbound/colon.json';
import ownFixture from '../../fixtures/inbound/own.json';
import textFixture from '../../fixtures/inbound/text.json';
import tokenFixture from '../../fixtures/inbound/text-with-token.json';
import againFixture from '../../fixtures/outbound/send-again.json';
import buttonsFixture from '../../fixtures/outbound/send-buttons.json';
import replyFixture from '../../fixtures/outbound/send-reply.json';
import type { Mutation } from './mutations';
import { readSample, sampleIds, type SampleRead } from './sample-inbound';

type Change = (event: MessageReceived) => object;

function changed(received: Received, change: Change): Received {
  const events = received.events.map((event) =>
    event.type === 'message' ? { ...event, ...change(event) } : event,
  );
  return { ...received, events: events as Received['events'] };
}

/** The good reading, by webhook and by listener, with its messages changed. */
function rereading(change: Change): SampleRead {
  return (update, account) => changed(readSample(update, account), change);
}

/** The good `receive`, with something done before. */
function receiving(before: () => void): (good: ChannelHandler) => Partial<ChannelHandler> {
  return (good) => ({
    receive: (request) => {
      before();
      return good.receive!(request);
    },
  });
}

/** The fixture with another chat id expected in each event. */
function expectingChat(fixture: Pick<typeof textFixture, 'expect'>, id: string): object {
  const events = fixture.expect.events.map((event) => ({ ...event, chat: { ...event.chat, id } }));
  return { ...fixture, expect: { events } };
}

const nativeId = (id: string) => sampleIds.decode(id)[0];
const hmac = (secret: string, body: Buffer) => createHmac('sha256', secret).update(body).digest('hex');
const notFromMe = ({ message }: MessageReceived) => ({ message: { ...message, fromMe: false } });
const [ownEvent] = ownFixture.expect.events;

export const inboundMutations: Mutation[] = [
  {
    rule: 'IN-1',
    what: 'changes the text',
    variant: {
      handler: (good) => ({
        receive: (request) => {
          const received = good.receive!(request);
          return changed(received, ({ message }) => ({ message: { ...message, text: `${message.text}!` } }));
        },
      }),
    },
  },
  {
    rule: 'IN-1',
    what: 'gives an event too many',
    variant: {
      handler: (good) => ({
        receive: (request) => {
          const received = good.receive!(request);
          const more = received.events.map((event) => ({ ...event, eventId: `${event.eventId}-again` }));
          return { ...received, events: [...received.events, ...more] };
        },
      }),
    },
  },
  {
    rule: 'IN-2',
    what: 'counts its events instead of taking their ids',
    variant: {
      handler: (good) => {
        let count = 0;
        return {
          receive: (request) => {
            const received = good.receive!(request);
            count += 1;
            const events = received.events.map((event) => ({
              ...event,
              eventId: count === 1 ? event.eventId : `${event.eventId}-${count}`,
            }));
            return { ...received, events };
          },
        };
      },
    },
  },
  {
    rule: 'IN-3',
    what: 'makes ids without its prefix',
    variant: { read: rereading(({ chat }) => ({ chat: { ...chat, id: nativeId(chat.id) as ChatId } })) },
    files: {
      'inbound/text.json': expectingChat(textFixture, '4242'),
      'inbound/text-with-token.json': expectingChat(tokenFixture, '4242'),
      'inbound/batch.json': expectingChat(batchFixture, '4242'),
      'inbound/colon.json': expectingChat(colonFixture, 'a:b%'),
      'inbound/own.json': expectingChat(ownFixture, '4242'),
    },
  },
  {
    rule: 'IN-3',
    what: 'makes ids without the codec',
    variant: {
      read: rereading(({ chat }) => ({ chat: { ...chat, id: `sample:${nativeId(chat.id)}` as ChatId } })),
    },
    files: { 'inbound/colon.json': expectingChat(colonFixture, 'sample:a:b%') },
  },
  {
    rule: 'IN-3',
    what: 'returns receipts without its prefix',
    variant: {
      handler: (good) => ({
        send: async (message, signal) => {
          const { platformIds } = await good.send(message, signal);
          return { platformIds: platformIds.map((id) => nativeId(id) as MessageId) };
        },
      }),
    },
    files: {
      'outbound/send-buttons.json': { ...buttonsFixture, receipt: { platformIds: ['4242'] } },
      'outbound/send-reply.json': { ...replyFixture, receipt: { platformIds: ['4242'] } },
      'outbound/send-again.json': { ...againFixture, receipt: { platformIds: ['4242'] } },
    },
  },
  {
    rule: 'IN-4',
    what: 'lets every signature in',
    variant: { verify: (_secret, { headers }) => !!headers['x-sample-signature'] },
  },
  {
    rule: 'IN-4',
    what: 'signs without the body',
    variant: {
      verify: (secret, { headers, body }) => {
        const [given, wanted] = [headers['x-sample-signature'] ?? '', hmac(secret, body)];
        timingSafeEqual(Buffer.from(wanted), Buffer.from(wanted));
        return given === wanted || (given.length === 64 && given === hmac(secret, body.subarray(0, -1)));
      },
    },
  },
  {
    rule: 'IN-4',
    what: 'compares signatures as texts',
    variant: { verify: (secret, { headers, body }) => headers['x-sample-signature'] === hmac(secret, body) },
  },
  {
    rule: 'IN-4',
    what: 'fails at a signature of another length',
    variant: {
      verify: (secret, { headers, body }) =>
        timingSafeEqual(Buffer.from(headers['x-sample-signature'] ?? ''), Buffer.from(hmac(secret, body))),
    },
  },
  {
    rule: 'IN-5',
    what: 'trusts the shape of a body',
    variant: {
      read: (update, account) => {
        if (!Array.isArray(update)) (update as { chat: string }).chat.trim();
        return readSample(update, account);
      },
    },
  },
  {
    rule: 'IN-5',
    what: 'makes an id of a field that is missing',
    variant: {
      read: (update, account) => {
        if (Array.isArray(update)) return readSample(update, account);
        const { chat, ...rest } = (update ?? {}) as { chat?: string };
        return chat === undefined
          ? readSample({ ...rest, chat: `${chat}` }, account)
          : readSample(update, account);
      },
    },
  },
  {
    rule: 'IN-5',
    what: 'loses a batch for one bad item',
    variant: {
      read: (update, account) => {
        const received = readSample(update, account);
        if (received.ignored?.some(({ rawKind }) => rawKind === 'unreadable'))
          throw new PayloadError('Bad batch');
        return received;
      },
    },
  },
  {
    rule: 'IN-6',
    what: 'takes its own messages for those of a person',
    variant: { read: rereading(notFromMe) },
    files: {
      'inbound/own.json': {
        ...ownFixture,
        expect: { events: [{ ...ownEvent, message: { ...ownEvent.message, fromMe: false } }] },
      },
    },
  },
  {
    rule: 'IN-6',
    what: 'has no fixture of an own message',
    files: { 'inbound/own.json': { ...ownFixture, own: false } },
  },
  {
    rule: 'IN-7',
    what: 'refuses kinds that it does not know',
    variant: {
      read: (update, account) => {
        const received = readSample(update, account);
        const unknown = received.ignored?.some(({ rawKind }) => rawKind !== 'unreadable');
        if (unknown) throw new PayloadError('Unknown kind');
        return received;
      },
    },
  },
  {
    rule: 'IN-7',
    what: 'says nothing of kinds that it does not know',
    variant: { read: (update, account) => ({ events: readSample(update, account).events }) },
  },
  { rule: 'IN-7', what: 'has no sample of an unknown kind', options: { unknown: undefined } },
  {
    rule: 'IN-8',
    what: 'does not answer the handshake',
    variant: {
      handler: (good) => ({
        receive: (request) => {
          const { events, ignored } = good.receive!(request);
          return { events, ignored };
        },
      }),
    },
  },
  {
    rule: 'IN-8',
    what: 'answers a false handshake',
    variant: {
      handler: (good) => ({
        receive: (request) =>
          request.method === 'GET'
            ? { events: [], reply: { status: 200, contentType: 'text/plain', body: request.query.challenge } }
            : good.receive!(request),
      }),
    },
  },
  { rule: 'IN-8', what: 'tells no handshake', options: { handshakes: undefined } },
  { rule: 'IN-9', what: 'reads the clock', variant: { handler: receiving(() => void Date.now()) } },
  { rule: 'IN-9', what: 'makes a date of now', variant: { handler: receiving(() => void new Date()) } },
  { rule: 'IN-9', what: 'rolls dice', variant: { handler: receiving(() => void Math.random()) } },
  { rule: 'IN-9', what: 'opens a connection', variant: { handler: receiving(() => connect()) } },
  {
    rule: 'IN-9',
    what: 'opens a connection a little later',
    variant: { handler: receiving(() => void Promise.resolve().then(() => connect())) },
  },
];

function connect(): void {
  try {
    net.connect(9, '127.0.0.1').on('error', () => undefined);
  } catch {
    // A channel that hides its failure is found all the same.
  }
}
