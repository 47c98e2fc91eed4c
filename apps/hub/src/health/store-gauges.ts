import { Injectable } from '@nestjs/common';
import { Metrics } from '../flow/metrics';
import { Store } from '../storage/open-store';
import type { StoreStats } from '../storage/repositories/stats.repository';

const gauges: [field: keyof StoreStats, name: string, help: string, divisor: number][] = [
  ['turnLanes', 'omni_chats_waiting', 'Chats with messages that are not done with.', 1],
  ['deliveries', 'omni_deliveries_waiting', 'Parts that have not left.', 1],
  ['oldestTurnMs', 'omni_oldest_turn_seconds', 'How long the longest waiting chat has been ready.', 1000],
  [
    'oldestDeliveryMs',
    'omni_oldest_delivery_seconds',
    'How long the longest waiting part has been ready.',
    1000,
  ],
  ['scheduled', 'omni_scheduled_messages', 'Messages that leave later.', 1],
  ['media', 'omni_media_waiting', 'Files of messages that are to be fetched, now or once more.', 1],
  ['transcripts', 'omni_transcripts_waiting', 'Recordings that are to be transcribed, now or once more.', 1],
  [
    'replays',
    'omni_replays_waiting',
    'Turns that are to be asked again, of batches and of shadow agents.',
    1,
  ],
  ['deadLetters', 'omni_dead_letters', 'Dead letters that were not replayed.', 1],
];

/** What waits in the database, for `/metrics`: read once for each scrape. */
@Injectable()
export class StoreGauges {
  private reading: Promise<StoreStats> | null = null;

  constructor(
    private readonly store: Store,
    metrics: Metrics,
  ) {
    for (const [field, name, help, divisor] of gauges) {
      metrics.gauge(name, help, async () => (await this.read())[field] / divisor);
    }
  }

  private read(): Promise<StoreStats> {
    this.reading ??= this.store.stats.read(Date.now()).finally(() => (this.reading = null));
    return this.reading;
  }
}
