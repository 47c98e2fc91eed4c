import { Injectable } from '@nestjs/common';
import { Store } from '../storage/open-store';

/** Whether requests should be sent here. */
@Injectable()
export class Readiness {
  /** Set by the boot once every stage runs, and taken back when the hub begins to stop. */
  stages: 'starting' | 'ok' | 'stopping' = 'starting';

  constructor(private readonly store: Store) {}

  async check(): Promise<Record<'store' | 'stages', string>> {
    const store = await this.store.ping().then(
      () => 'ok',
      () => 'does not answer',
    );
    return { store, stages: this.stages };
  }
}
