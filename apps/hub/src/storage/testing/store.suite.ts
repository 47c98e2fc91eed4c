import { openStore, type Store } from '../open-store';
import { describeAnySchedule } from './suite/lanes-property.suite';
import { describeDeliveryTruth } from './suite/delivery-truth.suite';
import { describeHistory } from './suite/history.suite';
import { describeIdentities } from './suite/identities.suite';
import { describeMedia } from './suite/media.suite';
import { describeOutboxLanes } from './suite/outbox-lanes.suite';
import { describeOutgoingFiles } from './suite/outgoing-files.suite';
import { describeReplays } from './suite/replays.suite';
import { describeRepositories } from './suite/repositories.suite';
import { describeRestart } from './suite/restart.suite';
import { describeTraces } from './suite/traces.suite';
import { describeTranscripts } from './suite/transcripts.suite';
import { describeTurnLanes } from './suite/turn-lanes.suite';
import { describeTurns } from './suite/turns.suite';
import { describeUpkeep } from './suite/upkeep.suite';

export interface SuiteContext {
  /** The store of the running test, empty at its beginning. */
  store(): Store;
  /** Closes the store, opens its database again and joins, as a restart does. */
  reopen(): Promise<Store>;
}

/** What every engine promises. `freshUrl` answers an empty database for each test. */
export function describeStore(freshUrl: () => Promise<string>): void {
  let url: string;
  let current: Store;
  const context: SuiteContext = {
    store: () => current,
    reopen: async () => {
      await current.close();
      current = await openStore(url);
      await current.join();
      return current;
    },
  };
  beforeEach(async () => {
    url = await freshUrl();
    current = await openStore(url);
  });
  afterEach(() => current.close());

  describeTurnLanes(context);
  describeOutboxLanes(context);
  describeAnySchedule(context);
  describeRestart(context);
  describeRepositories(context);
  describeDeliveryTruth(context);
  describeIdentities(context);
  describeHistory(context);
  describeMedia(context);
  describeOutgoingFiles(context);
  describeTranscripts(context);
  describeTraces(context);
  describeTurns(context);
  describeReplays(context);
  describeUpkeep(context);
}
