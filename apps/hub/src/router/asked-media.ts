import type { Arrivals } from '../flow/arrivals';
import { mediaJobs } from '../flow/media-jobs';
import type { Wakeups } from '../flow/wakeups';
import type { LiveInstance } from '../instances/live-instance';
import type { Store } from '../storage/open-store';
import type { MediaRow } from '../storage/repositories/media.repository';
import type { AskedEvent } from '../flow/agent-request';

/** How long an agent's answer may be held up by files that are still on their way. */
const patienceMs = 10_000;
const pollMs = 1_000;

/** What became of the files of messages that an agent is about to be asked about. */
export class AskedMedia {
  constructor(
    private readonly store: Store,
    private readonly wakeups: Wakeups,
    private readonly arrivals: Arrivals,
    private readonly patience = patienceMs,
  ) {}

  /**
   * Waits until every file has been tried once, and its transcript too where one is wanted, for a bounded time in all; the agent
   * is asked then whatever is missing. A file whose job was lost gets it here: the hub may have ended between the message's
   * commit and the job's.
   */
  async settled(instance: LiveInstance, asked: AskedEvent[], signal: AbortSignal): Promise<MediaRow[]> {
    const named = asked.flatMap(({ rowId, event }) => mediaJobs(instance, rowId, event));
    if (named.length === 0) return [];
    const ids = [...new Set(named.map(({ messageId }) => messageId))];
    const until = Date.now() + this.patience;

    let files = await this.store.media.ofMessages(ids);
    if (files.length < named.length) {
      await this.store.media.add(named);
      this.wakeups.wake('media');
      files = await this.store.media.ofMessages(ids);
    }
    for (;;) {
      const pending = files.filter(isUntried).map(({ messageId }) => messageId);
      const left = until - Date.now();
      if (pending.length === 0 || left <= 0 || signal.aborted) return files;
      await this.arrivals.wait([...new Set(pending)], Math.min(pollMs, left), signal);
      files = await this.store.media.ofMessages(ids);
    }
  }
}

const isUntried = ({ status, transcriptStatus }: MediaRow) =>
  status === 'pending' || transcriptStatus === 'pending';
