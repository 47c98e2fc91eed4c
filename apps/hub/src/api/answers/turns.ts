import {
  about,
  decimal,
  dictionary,
  flag,
  integer,
  list,
  named,
  nextCursor,
  nullable,
  object,
  page,
  text,
  time,
  word,
  written,
} from '../../document/schema';
import type { ShownContent } from '../../flow/turn-story';
import type { Percentiles, ReplayReport } from '../../storage/repositories/replay-reports.repository';
import type { ReplayReportView, toBatchView, toPairView, toTurnDetails, toTurnView } from '../turn-views';
import { inboundEvent } from './events';
import { agentConfig } from './instances';
import { chatName } from './messages';

type TurnDetails = ReturnType<typeof toTurnDetails>;
type TurnView = ReturnType<typeof toTurnView>;
type PairView = ReturnType<typeof toPairView>;
type BatchView = ReturnType<typeof toBatchView>;
type ReplayOfTurn = TurnDetails['replays'][number];

const turnStatus = word('answered', 'silent', 'deferred', 'failed', 'retrying', 'merged');

export const turnView = named(
  'TurnView',
  object<TurnView>({
    id: text,
    instance: text,
    chat: about('The hub’s id of the chat', text),
    status: turnStatus,
    agentKind: about('Null where no agent was asked', nullable(text)),
    attempts: integer,
    startedAt: time,
    finishedAt: time,
  }),
);
export const turnPage = page('TurnPage', turnView);

const shownContent = named(
  'ShownContent',
  about(
    'Content as it is sent; of a file that it held, `sha256` and `size` are shown in place of `data`. `tooLong` where it is too long to be listed',
    written<ShownContent>({
      type: 'object',
      required: ['type'],
      properties: { type: { type: 'string' } },
      additionalProperties: true,
    }),
  ),
);

const replayFields = {
  id: text,
  kind: word('single', 'batch', 'shadow'),
  agentKind: nullable(text),
  status: word('pending', 'answered', 'silent', 'deferred', 'failed'),
  content: list(shownContent),
  code: nullable(text),
  detail: about('Why there is no answer', nullable(text)),
  ms: about('How long the agent took', nullable(integer)),
};

const same = about('Whether both said the same; null until that is known', nullable(flag));

const replayOfTurn = named(
  'ReplayView',
  object<ReplayOfTurn>({
    ...replayFields,
    batch: about('The batch that it belongs to', nullable(text)),
    same,
    at: time,
  }),
);

export const turnDetails = named(
  'TurnDetails',
  object<TurnDetails>({
    id: text,
    instance: text,
    chat: about('Null where it is gone', nullable(chatName)),
    status: turnStatus,
    agentKind: nullable(text),
    attempts: integer,
    startedAt: time,
    finishedAt: time,
    messages: about(
      'Those that retention has left',
      list(
        object<TurnDetails['messages'][number]>({
          id: text,
          type: text,
          receivedAt: time,
          senderId: nullable(text),
          content: inboundEvent,
          asked: about('Whether the agent was asked about it', flag),
          because: about('A stable code of what decided that', nullable(text)),
        }),
      ),
    ),
    answer: about(
      'As far as it was said',
      object<TurnDetails['answer']>({ messageIds: list(text), content: list(shownContent) }),
    ),
    agent: about(
      'Each time that the agent was asked',
      list(
        object<TurnDetails['agent'][number]>({
          at: time,
          ms: integer,
          outcome: word('reply', 'silent', 'deferred', 'failed', 'hung_up'),
          code: nullable(text),
          detail: nullable(text),
        }),
      ),
    ),
    timings: object<TurnDetails['timings']>({
      waitedMs: about('From the first message that is left to the beginning', nullable(integer)),
      agentMs: about('Of all attempts', integer),
      totalMs: integer,
    }),
    shadow: nullable(replayOfTurn),
    replays: list(replayOfTurn),
  }),
);

export const pairView = named(
  'PairView',
  object<PairView>({
    turn: turnView,
    original: object<PairView['original']>({
      agentKind: nullable(text),
      status: turnStatus,
      content: list(shownContent),
      ms: nullable(integer),
      at: nullable(time),
    }),
    replay: named('ReplayAnswer', object<PairView['replay']>(replayFields)),
    same,
  }),
);

const batchFields = {
  id: text,
  instance: text,
  agent: about('Null for the instance’s own', nullable(agentConfig)),
  filter: about(
    'What chose the turns',
    object<BatchView['filter']>({
      chatId: nullable(text),
      status: nullable(text),
      from: nullable(time),
      to: nullable(time),
      limit: integer,
    }),
  ),
  createdAt: time,
};

const percentiles = named(
  'Percentiles',
  object<Percentiles>({ p50: nullable(decimal), p95: nullable(decimal) }),
);
const counts = about('How many of each status', dictionary(integer));

const reportFields = {
  state: word('running', 'done'),
  total: integer,
  replay: counts,
  original: counts,
  same: integer,
  different: integer,
  ms: object<ReplayReport['ms']>({ original: percentiles, replay: percentiles }),
  items: list(pairView),
  nextCursor,
};

export const startedBatch = named(
  'StartedBatch',
  object<{ id: string; total: number }>({ id: text, total: about('How many turns were chosen', integer) }),
);
export const batchPage = page('BatchPage', named('BatchView', object<BatchView>(batchFields)));
export const batchReport = named(
  'BatchReport',
  object<BatchView & ReplayReportView>({ ...batchFields, ...reportFields }),
);
export const shadowReport = named(
  'ShadowReport',
  object<ReplayReportView & { instance: string }>({ instance: text, ...reportFields }),
);
