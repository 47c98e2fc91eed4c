import type { InboundEvent } from '@omni-hub/contracts';
import { answerOf, readTrace, verdictOn, type ShownContent } from '../flow/turn-story';
import type { AgentConfigs } from '../instances/agent-configs';
import type { Instances } from '../instances/instances';
import type { ReplayBatchRow } from '../storage/repositories/replay-batches.repository';
import type { ListedReplay, ReplayReport } from '../storage/repositories/replay-reports.repository';
import type { SaidMessage, TurnMessage, TurnRow, TurnStory } from '../storage/repositories/turns.repository';
import type { TurnStatus } from '../storage/store';
import { iso, isoOrNull } from './views';

/** Turns and their replays as the API shows them. */

export function toTurnView(turn: TurnRow, instances: Instances) {
  return {
    id: turn.id,
    instance: nameOf(turn.instanceId, instances),
    chat: turn.chatId,
    status: turn.status as TurnStatus,
    agentKind: turn.agentKind,
    attempts: turn.attempts,
    startedAt: iso(turn.startedAt),
    finishedAt: iso(turn.finishedAt),
  };
}

/** `waitedMs` is from the first message that is left to the beginning, `agentMs` that of all attempts. */
export function toTurnDetails(
  { turn, chat, messages, said }: TurnStory,
  replays: ListedReplay[],
  instances: Instances,
) {
  const { agent } = readTrace(turn.trace);
  const { content } = answerOf(turn, said);
  const first = messages.at(0);
  return {
    ...toTurnView(turn, instances),
    chat: chat && { id: chat.id, chatId: chat.externalId },
    messages: messages.map((message) => toTurnMessage(turn, message)),
    answer: { messageIds: said.map(({ id }) => id), content },
    agent: agent.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
    timings: {
      waitedMs: first ? Math.max(0, turn.startedAt - first.receivedAt) : null,
      agentMs: agent.reduce((sum, { ms }) => sum + ms, 0),
      totalMs: turn.finishedAt - turn.startedAt,
    },
    shadow: toReplayOrNull(replays.find(({ kind }) => kind === 'shadow')),
    replays: replays.filter(({ kind }) => kind !== 'shadow').map(toReplayOfTurn),
  };
}

/** Both answers to a turn, side by side. */
export function toPairView(
  turn: TurnRow,
  said: readonly SaidMessage[],
  replay: ListedReplay,
  instances: Instances,
) {
  const { agentKind, status, content, ms, at } = answerOf(turn, said);
  return {
    turn: toTurnView(turn, instances),
    original: { agentKind, status: status as TurnStatus, content, ms, at: isoOrNull(at) },
    replay: toReplayView(replay),
    same: sameOrNull(replay),
  };
}

/** What came of many replays, and a page of them. */
export interface ReplayReportView extends ReplayReport {
  state: 'running' | 'done';
  items: ReturnType<typeof toPairView>[];
  nextCursor: string | null;
}

/** A batch without its report; the secrets of its agent are masked. */
export function toBatchView(batch: ReplayBatchRow, instances: Instances, agents: AgentConfigs) {
  const { chatId, status, from, to, limit } = JSON.parse(batch.filter) as {
    chatId: string | null;
    status: string | null;
    from: number | null;
    to: number | null;
    limit: number;
  };
  const agent = batch.agent === null ? null : (JSON.parse(batch.agent) as Record<string, unknown>);
  return {
    id: batch.id,
    instance: nameOf(batch.instanceId, instances),
    agent: agent && agents.mask(agent),
    filter: { chatId, status, from: isoOrNull(from), to: isoOrNull(to), limit },
    createdAt: iso(batch.createdAt),
  };
}

function toTurnMessage(turn: TurnRow, message: TurnMessage) {
  const verdict = verdictOn(turn, message.id);
  return {
    id: message.id,
    type: message.type,
    receivedAt: iso(message.receivedAt),
    senderId: message.senderId,
    content: JSON.parse(message.content) as InboundEvent,
    /** Whether the agent was asked about it, and by what that was decided. */
    asked: verdict?.verdict === 'pass',
    because: verdict?.reason ?? null,
  };
}

function toReplayView(replay: ListedReplay) {
  const { id, kind, status, agentKind, code, detail, ms } = replay;
  return { id, kind, agentKind, status, content: contentOf(replay), code, detail, ms };
}

function toReplayOfTurn(replay: ListedReplay) {
  const { batchId, createdAt } = replay;
  return { ...toReplayView(replay), batch: batchId, same: sameOrNull(replay), at: iso(createdAt) };
}

const toReplayOrNull = (replay: ListedReplay | undefined) => (replay ? toReplayOfTurn(replay) : null);

function contentOf({ content }: ListedReplay): ShownContent[] {
  return content === null ? [{ type: 'tooLong', tooLong: true }] : (JSON.parse(content) as ShownContent[]);
}

const sameOrNull = ({ same }: ListedReplay) => (same === null ? null : same === 1);
const nameOf = (instanceId: string, instances: Instances) => instances.byId(instanceId)?.name ?? instanceId;
