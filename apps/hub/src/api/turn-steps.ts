import { saysOf } from '../flow/conclusion';
import type { AgentAttempt, TurnTrace } from '../flow/trace';
import type { MessageStory } from '../storage/repositories/messages.repository';
import { info, type TraceStep } from './trace-step';
import { iso } from './views';

type Turn = NonNullable<MessageStory['turn']>;

/** What one turn decided about a message, and how the agent was asked. Pure. */
export function turnSteps(message: MessageStory['message'], turn: Turn): TraceStep[] {
  const { decisions, agent, speech } = JSON.parse(turn.trace) as TurnTrace;
  const startedAt = iso(turn.startedAt);
  const waited = turn.startedAt - message.receivedAt;
  return [
    { ...info(startedAt, 'router', 'turn', 'started', `turn ${turn.id} began`), ms: Math.max(0, waited) },
    ...decisions
      .filter(({ messageId }) => messageId === message.id)
      .map(
        ({ gate, verdict, reason, detail, change }): TraceStep => ({
          at: startedAt,
          stage: 'router',
          step: gate,
          verdict,
          reason,
          detail,
          change,
        }),
      ),
    ...agent.map(
      (attempt, index): TraceStep => ({
        at: iso(attempt.at),
        stage: 'agent',
        step: `attempt ${index + 1}`,
        verdict: verdictOf(attempt),
        reason: attempt.code ?? attempt.outcome,
        detail: saysOf(attempt, turn.agentKind),
        change: changes[attempt.outcome] ?? null,
        ms: attempt.ms,
      }),
    ),
    ...(speech
      ? [
          {
            ...info(iso(speech.at), 'router', 'speech', speech.reason, speech.detail),
            ...speech,
            at: iso(speech.at),
          },
        ]
      : []),
  ];
}

/** A turn that was merged goes on as another: nothing has stopped the message. */
function verdictOf({ outcome, code }: Pick<AgentAttempt, 'outcome' | 'code'>): TraceStep['verdict'] {
  if (outcome === 'hung_up') return code === 'merged' ? 'info' : 'stop';
  return outcome === 'failed' ? 'stop' : 'pass';
}

const changes: Partial<Record<AgentAttempt['outcome'], string>> = {
  failed: 'mend the agent; the turn is asked again, or can be replayed from the dead letters',
  hung_up: 'set onOverlap on the instance: "queue" lets what comes wait, "merge" answers all of it together',
};
