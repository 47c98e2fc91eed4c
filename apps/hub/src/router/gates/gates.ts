import type { Decision } from '../../flow/trace';
import { accessGate } from './access.gate';
import { enabledGate } from './enabled.gate';
import { freshGate } from './fresh.gate';
import type { Gate, GateContext } from './gate';
import { groupGate } from './group.gate';
import { kindGate } from './kind.gate';
import { ownGate } from './own.gate';
import { pausedGate } from './paused.gate';
import { rateGate } from './rate.gate';

/** In this order; the first that stops a message decides. Duplicates never get here: the inbox stores them once. */
const gates: readonly Gate[] = [
  kindGate,
  ownGate,
  enabledGate,
  accessGate,
  groupGate,
  rateGate,
  pausedGate,
  freshGate,
];

/** Every verdict up to the one that decided. The message may be answered when the last is `pass`. */
export function decide(messageId: string, context: GateContext): Decision[] {
  const decisions: Decision[] = [];
  for (const gate of gates) {
    const verdict = gate.decide(context);
    decisions.push({ messageId, gate: gate.name, ...verdict });
    if (verdict.verdict === 'stop') break;
  }
  return decisions;
}
