import type { SendOutcome } from '../../flow/outgoing';
import type { UploadedFile } from '../../flow/outgoing-files';
import {
  about,
  either,
  flag,
  integer,
  list,
  named,
  nullable,
  object,
  optional,
  page,
  text,
  time,
  word,
} from '../../document/schema';
import { outcomes } from '../../flow/conclusion';
import type { TraceStep } from '../trace-step';
import type { Trace } from '../trace';
import type { toDeliveryView, toMessageSummary, toMessageView } from '../views';
import { content } from '../../document/content';
import { deliveryWord, ignored, inboundEvent } from './events';

type MessageView = ReturnType<typeof toMessageView>;
type DeliveryView = ReturnType<typeof toDeliveryView>;

/** Where something is said: the hub's id of the chat, and the platform's. */
export const chatName = named(
  'ChatName',
  object<{ id: string; chatId: string }>({
    id: text,
    chatId: about('As agents are told it: `telegram:4242`', text),
  }),
);

const summary = {
  id: text,
  direction: word('in', 'out'),
  type: about('The type of the event or of the content; `ignored` for what was taken no notice of', text),
  at: about('By the platform’s clock', time),
  storedAt: time,
  senderId: about('Who wrote it, as the platform names them', nullable(text)),
  turnId: about('Outbound: the turn that said it', nullable(text)),
  content: about('Inbound the event, outbound what was said', either(either(inboundEvent, ignored), content)),
  redeliveries: about('How often the platform delivered it again', integer),
};

export const messageSummary = named('MessageSummary', object<ReturnType<typeof toMessageSummary>>(summary));
export const messagePage = page('MessagePage', messageSummary);

const delivery = named(
  'DeliveryView',
  object<DeliveryView>({
    id: text,
    status: word('pending', 'sending', 'accepted', 'sent', 'dead', 'held', 'delivered', 'read', 'failed'),
    attempts: integer,
    platformIds: about('What the platform calls it', list(text)),
    errorCode: nullable(text),
    fallback: about('What the channel lacks and how it is shown instead', nullable(text)),
    statuses: about(
      'What the platform told after it took the part',
      list(
        object<DeliveryView['statuses'][number]>({
          status: deliveryWord,
          at: about('Null where the platform does not say', nullable(time)),
          code: nullable(text),
          detail: nullable(text),
        }),
      ),
    ),
    createdAt: time,
    expiresAt: about('When it is given up', time),
    finishedAt: nullable(time),
  }),
);

const media = named(
  'MediaView',
  object<MessageView['media'][number]>({
    index: about('Which attachment of the message, from 0', integer),
    status: about('One that failed may be tried again meanwhile', word('pending', 'ready', 'failed')),
    code: nullable(text),
    reason: nullable(text),
    size: nullable(integer),
    mimeType: nullable(text),
    transcriptStatus: about('Null where none is wanted', nullable(word('pending', 'ready', 'failed'))),
    transcript: nullable(text),
    transcriptReason: nullable(text),
  }),
);

export const messageView = named(
  'MessageView',
  object<MessageView>({
    ...summary,
    instance: text,
    chat: nullable(chatName),
    turnId: about('The turn that read it, or that said it', nullable(text)),
    raw: about('What the platform sent, without secrets; null where it is not kept', nullable(text)),
    deliveries: about('The parts of an outbound message', list(delivery)),
    media: about('The files of an inbound message', list(media)),
  }),
);

const step = named(
  'TraceStep',
  object<TraceStep>({
    at: time,
    stage: word('inbox', 'router', 'agent', 'outbox'),
    step: text,
    verdict: word('pass', 'stop', 'info'),
    reason: about('A stable code', text),
    detail: text,
    change: about('What would change it; null where nothing would', nullable(text)),
    ms: optional(integer),
  }),
);

export const outcome = word(...outcomes);

export const trace = named(
  'Trace',
  object<Trace>({
    messageId: text,
    outcome,
    because: about('What decided it, in one sentence', text),
    reason: about('Its stable code; null where nothing stood in the way', nullable(text)),
    steps: list(step),
  }),
);

export const sendOutcome = named(
  'SendOutcome',
  object<SendOutcome>({
    id: text,
    deliveries: about('The parts that will leave; empty until then where it is scheduled', list(text)),
    fallback: about('What the channel lacks and how it is shown instead', nullable(text)),
    scheduledAt: about('When it leaves, epoch milliseconds; null for at once', nullable(integer)),
    duplicate: about('Whether the idempotency key was known: nothing new is sent', flag),
  }),
);

export const uploadedFile = named(
  'UploadedFile',
  object<UploadedFile>({
    mediaId: about('Names the file in content', text),
    size: integer,
    mimeType: nullable(text),
    hash: about('SHA-256 in hexadecimal', text),
  }),
);
