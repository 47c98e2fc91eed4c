import { Injectable } from '@nestjs/common';
import { Store } from '../storage/open-store';

export interface Checks {
  store: 'ok' | 'does not answer';
  stages: 'starting' | 'ok' | 'stopping';
}

/** Whether requests should be sent here. */
@Injectable()
export class Readiness {
  /** Set by the boot once every stage runs, and taken back when the hub begins to stop. */
  stages: 'starting' | 'ok' | 'stopping' = 'starting';

  constructor(private readonly store: Store) {}

  async check(): Promise<Checks> {
    const store = await this.store.ping().then(
      () => 'ok' as const,
      () => 'does not answer' as const,
    );
    return { store, stages: this.stages };
  }
}
