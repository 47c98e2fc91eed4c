import type { ActionChosen, ChatEvent } from '@omni-hub/contracts';
import type { Log } from '../flow/log';
import type { OutboundPlan } from '../flow/plan-outbound';
import type { LiveInstance } from '../instances/live-instance';
import type { TurnEnd } from './turn-end';

/** Takes back what a platform shows of answers to presses and commands that will not come. Neither waits nor fails. */
export function withdrawUnanswered(
  { name, handler, enabled }: LiveInstance,
  events: ChatEvent[],
  end: TurnEnd,
  plans: OutboundPlan[],
  log: Log,
): void {
  if (!enabled || end.status === 'retrying' || end.status === 'merged') return;
  const answered = new Set(plans.flatMap(({ message }) => message.deliveries.map(({ answers }) => answers)));
  for (const event of events) {
    if (!isPress(event) || event.ackRef === null || answered.has(event.ackRef)) continue;
    handler.withdraw?.(event, AbortSignal.timeout(timeoutMs)).catch((error: Error) => {
      log.debug({ instance: name, error: error.message }, 'the sign of an answer could not be taken back');
    });
  }
}

const timeoutMs = 10_000;

const isPress = (event: ChatEvent): event is ActionChosen => event.type === 'action';
