import type { ChatEvent } from '@omni-hub/contracts';
import { readAccessFacts } from '../access/access-facts';
import type { AccessRules } from '../access/access-rules';
import type { LiveInstance } from '../instances/live-instance';
import type { Store } from '../storage/open-store';
import type { ClaimedTurn } from '../storage/store';
import { ContactRates } from './contact-rates';
import type { TurnFacts } from './facts';
import { judge, type JudgedTurn } from './turn';

/** Holds messages against the gates, with all that these have to be told. */
export class Gatekeeper {
  private readonly rates = new ContactRates();

  constructor(
    private readonly store: Pick<Store, 'aliases'>,
    private readonly accessRules: Pick<AccessRules, 'of'>,
  ) {}

  /** Changes nothing: what is let through has to be noted by `count`. */
  async judge(
    turn: ClaimedTurn,
    events: ChatEvent[],
    instance: LiveInstance,
    now: number,
  ): Promise<JudgedTurn> {
    const rules = this.accessRules.of(instance);
    const facts: TurnFacts = {
      access: rules && (await readAccessFacts(rules, this.store, instance, turn, events)),
      counted: (contactId) => this.rates.of(instance.id, contactId),
    };
    return judge(turn, events, instance, facts, now);
  }

  /** The messages of a turn that were let through count towards their contacts' rates, each once. */
  count({ id, settings }: LiveInstance, { counted }: JudgedTurn): void {
    this.rates.note(id, counted, (settings.contactRate?.perSeconds ?? 0) * 1_000);
  }
}
