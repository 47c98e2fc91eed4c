import { SendError, type ListenSession } from '@omni-hub/channel-sdk';
import { setTimeout as delay } from 'node:timers/promises';
import type { SampleClient } from './sample-client';
import type { SampleRead } from './sample-inbound';

/** Long polling: one update after the other, the cursor after the commit. */
export async function listenToSample(
  client: SampleClient,
  read: (update: unknown) => ReturnType<SampleRead>,
  session: ListenSession,
  signal: AbortSignal,
  firstPauseMs: number,
): Promise<void> {
  let cursor = Number(session.cursor ?? 0);
  let pauseMs = firstPauseMs;
  session.state('connecting', null);
  while (!signal.aborted) {
    try {
      const updates = (await client.call('GET', `/updates?after=${cursor}`, undefined, signal)) as unknown[];
      session.state('connected', null);
      for (const update of updates) {
        await session.accept(read(update), Buffer.from(JSON.stringify(update)), String(cursor + 1));
        cursor += 1;
      }
      pauseMs = firstPauseMs;
    } catch (error) {
      session.state('retrying', error instanceof SendError ? error.code : 'the hub is in trouble');
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, 100 * firstPauseMs);
    }
  }
}
