import type { ActionChosen } from '@omni-hub/contracts';
import type { AskedEvent } from '../flow/agent-request';
import type { Log } from '../flow/log';
import { isActionToken, type OutboundPlan } from '../flow/plan-outbound';
import type { LiveInstance } from '../instances/live-instance';
import type { Store } from '../storage/open-store';

/** Presses of buttons, whose ids are longer than some platforms carry: there a token stands for each. */
export class Presses {
  constructor(
    private readonly store: Pick<Store, 'actionTokens'>,
    private readonly log: Log,
  ) {}

  /** Tells the platform that presses were seen, and puts long action ids back in place of their tokens. */
  async read(instance: LiveInstance, asked: AskedEvent[], signal: AbortSignal): Promise<void> {
    for (const { event } of asked) {
      if (event.type !== 'action') continue;
      this.acknowledge(instance, event, signal);
      if (isActionToken(event.actionId)) {
        event.actionId = (await this.store.actionTokens.get(instance.id, event.actionId)) ?? event.actionId;
      }
    }
  }

  /** Remembers what the tokens in an answer stand for. */
  async expect(instance: LiveInstance, plans: Pick<OutboundPlan, 'actionTokens'>[]): Promise<void> {
    const tokens = plans.flatMap(({ actionTokens }) => actionTokens);
    if (tokens.length > 0) await this.store.actionTokens.put(instance.id, tokens);
  }

  private acknowledge(instance: LiveInstance, event: ActionChosen, signal: AbortSignal): void {
    if (!event.ackRef) return;
    instance.handler.acknowledge?.(event, signal).catch((error: Error) => {
      this.log.warn({ instance: instance.name, error: error.message }, 'a press could not be acknowledged');
    });
  }
}
