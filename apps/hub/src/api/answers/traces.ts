import {
  about,
  decimal,
  dictionary,
  flag,
  integer,
  list,
  named,
  nullable,
  object,
  page,
  text,
  time,
  word,
} from '../../document/schema';
import type { AgentTally, CountsByDirection, Distribution } from '../trace-analytics';
import type { TraceSummary } from '../trace-list';
import type { ChannelCounts, InstanceCounts, ReasonView, TraceReport } from '../trace-report';
import { chatName, outcome } from './messages';

const channel = about('Null where the instance is gone', nullable(text));

export const tracePage = page(
  'TracePage',
  named(
    'TraceSummary',
    object<TraceSummary>({
      messageId: text,
      instance: text,
      channel,
      chat: about('Null for what has none', nullable(chatName)),
      direction: word('in', 'out'),
      type: about('The type of the event or of the content; `ignored` for what was taken no notice of', text),
      at: about('By the platform’s clock', time),
      storedAt: time,
      outcome,
      because: about('What decided it, in one sentence', text),
      reason: about('Its stable code; null where nothing stood in the way', nullable(text)),
    }),
  ),
);

const counts = about('How many of each outcome; what there is none of is left out', dictionary(integer));
const byDirection = { in: counts, out: counts };

const reasons = list(
  named(
    'TraceReason',
    object<ReasonView>({
      reason: about('A stable code', text),
      in: about('Messages of people that came to it', integer),
      out: about('Messages to people that came to it', integer),
      messageId: about('The newest of them', text),
      because: about('What decided that one, in one sentence', text),
    }),
  ),
);

const distribution = named(
  'Distribution',
  object<Distribution>({
    count: about('How many were measured', integer),
    p50: nullable(decimal),
    p90: nullable(decimal),
    p99: nullable(decimal),
    max: nullable(decimal),
  }),
);

export const traceReport = named(
  'TraceReport',
  object<TraceReport>({
    from: time,
    to: time,
    covers: object<TraceReport['covers']>({
      from: about('The figures are about what came from then on', time),
      messages: integer,
      complete: about(
        'False where there was more than is counted at once: ask again with `to` set to `from`',
        flag,
      ),
    }),
    outcomes: object<CountsByDirection>(byDirection),
    channels: list(object<ChannelCounts>({ channel, ...byDirection })),
    instances: list(object<InstanceCounts>({ instance: text, channel, ...byDirection })),
    silence: about('Why messages were not answered, the most frequent first', reasons),
    failures: about('Why answers were not made or did not leave, the most frequent first', reasons),
    agents: list(
      object<AgentTally>({
        kind: text,
        turns: integer,
        statuses: about('How many turns of each status', dictionary(integer)),
      }),
    ),
    timings: about(
      'In milliseconds',
      object<TraceReport['timings']>({
        waitedMs: about('From a message’s arrival until its turn began', distribution),
        agentMs: about('What the agent took for a turn, in all attempts', distribution),
        outboxMs: about('From the commit of an answer until the platform had all of it', distribution),
        totalMs: about('From a message’s arrival until the platform had all of its answer', distribution),
      }),
    ),
  }),
);
