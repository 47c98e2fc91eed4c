import type { Part } from '@omni-hub/channel-sdk';
import type { OutboundPlan } from './plan-outbound';

/** Whether answers are said as fast as they are there, or as a person would type them. */
export type Pacing = 'off' | 'fast' | 'natural';

/** How somebody types. Milliseconds. */
interface Tempo {
  perCharacter: number;
  /** A message takes at least this, and at most that. */
  least: number;
  most: number;
  /** All the messages of an answer together take no longer. */
  whole: number;
}

const tempos: Record<Exclude<Pacing, 'off'>, Tempo> = {
  natural: { perCharacter: 30, least: 800, most: 4_000, whole: 12_000 },
  fast: { perCharacter: 10, least: 300, most: 1_500, whole: 5_000 },
};

export interface AnswerPace {
  pacing: Pacing;
  /** How long the agent has worked: the first message has been typed for as long. */
  workedMs: number;
  /** True where the person has seen the answer grow: the first message is there at once. */
  hasPreviewed: boolean;
  /** The message that is answered; null where it is unknown. */
  answering: string | null;
}

/** Lets the parts of an answer wait as if a person typed them one after the other. Pure. */
export function paceAnswer(
  plans: OutboundPlan[],
  { pacing, workedMs, hasPreviewed, answering }: AnswerPace,
): OutboundPlan[] {
  if (pacing === 'off') return plans;
  const tempo = tempos[pacing];
  const share = tempo.whole / plans.flatMap(({ parts }) => parts.filter(isTyped)).length;
  let isFirst = true;
  const waitOf = (part: Part): number | null => {
    if (!isTyped(part)) return null;
    const typingMs = Math.min(
      share,
      Math.max(tempo.least, Math.min(tempo.most, lettersOf(part) * tempo.perCharacter)),
    );
    const leftMs = hasPreviewed ? 0 : Math.max(0, typingMs - workedMs);
    const waitMs = Math.floor(isFirst ? leftMs : typingMs);
    isFirst = false;
    return waitMs;
  };
  return plans.map((plan) => ({
    ...plan,
    message: {
      ...plan.message,
      deliveries: plan.message.deliveries.map((delivery, index) => {
        const waitMs = waitOf(plan.parts[index]);
        return waitMs === null ? delivery : { ...delivery, waitMs, typingFor: answering };
      }),
    },
  }));
}

/** What changes a message that is there, or takes it away, nobody types. */
function isTyped({ type }: Part): boolean {
  return type !== 'edit' && type !== 'delete' && type !== 'reaction';
}

function lettersOf(part: Part): number {
  if ('body' in part) return part.body.text.length;
  return part.type === 'media' ? (part.caption?.text.length ?? 0) : 0;
}
