import {
  AmbiguousError,
  backoffMs,
  PayloadError,
  RateLimitedError,
  SendError,
  UnauthorizedError,
  untilAborted,
  wait,
  type Account,
  type ListenSession,
  type Received,
} from '@omni-hub/channel-sdk';
import { createHash } from 'node:crypto';
import { longPollSeconds, type TelegramClient } from '../client/telegram.client';
import type { Batch } from '../models/api.models';
import { readUpdate } from './inbound';
import { readKinds } from './setup';

/** Telegram gives at most so many updates at once. */
const batchSize = 100;

/** Waits between attempts. */
const network = { first: 50, most: 30_000 };
const conflict = { first: 1_000, most: 30_000 };

/**
 * Long polling: https://core.telegram.org/bots/api#getupdates. Asking with an offset confirms everything before it, so the
 * offset moves only after `accept`. Resolves when `signal` aborts; throws UnauthorizedError when the token is refused.
 */
export async function listen(
  client: TelegramClient,
  account: Account | null,
  session: ListenSession,
  signal: AbortSignal,
): Promise<void> {
  const tell = stateTeller(session);
  let cursor = session.cursor;
  let failures = 0;
  tell('connecting', null);
  while (!signal.aborted) {
    try {
      // The first answer comes at once and proves the connection; the others wait for updates.
      const timeout = failures === 0 && tell.connected ? longPollSeconds : 0;
      const batch = await client.updates(
        {
          offset: cursor === null ? undefined : Number(cursor),
          limit: batchSize,
          timeout,
          allowed_updates: [...readKinds],
        },
        signal,
      );
      failures = 0;
      tell('connected', null);
      if (batch.updates.length > 0 && (await hand(batch, account, session, tell, signal)))
        cursor = nextCursor(batch);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof UnauthorizedError || !(error instanceof SendError)) throw error;
      await rest(error, failures++, tell, signal);
    }
  }
}

type Tell = ReturnType<typeof stateTeller>;

/** Offers one batch until it is committed. Resolves with false when aborted before. */
async function hand(
  batch: Batch,
  account: Account | null,
  session: ListenSession,
  tell: Tell,
  signal: AbortSignal,
): Promise<boolean> {
  const received = readBatch(batch.updates, account);
  const cursor = nextCursor(batch);
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await untilAborted(session.accept(received, batch.raw, cursor), signal);
      return !signal.aborted;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      tell('retrying', `${batch.updates.length} updates could not be kept and are offered again: ${reason}`);
      await wait(backoffMs(network, failures), signal);
    }
  }
  return false;
}

/** One update that cannot be read is told, and costs the others nothing. */
export function readBatch(
  updates: readonly unknown[],
  account: Account | null,
): Required<Pick<Received, 'events' | 'ignored'>> {
  const all = updates.map((update) => readOne(update, account));
  return {
    events: all.flatMap(({ events }) => events),
    ignored: all.flatMap(({ ignored }) => ignored ?? []),
  };
}

function readOne(update: unknown, account: Account | null): Received {
  try {
    return readUpdate(update, account);
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    const eventId = `unreadable-${createHash('sha256').update(JSON.stringify(update)).digest('hex').slice(0, 32)}`;
    return { events: [], ignored: [{ eventId, rawKind: 'unreadable', reason: error.message }] };
  }
}

/** Ids can begin anew after a quiet week: the last one counts, not the highest. */
function nextCursor({ updates }: Batch): string {
  const ids = updates
    .map((update) => (update as { update_id?: unknown } | null)?.update_id)
    .filter(Number.isSafeInteger);
  if (ids.length === 0)
    throw new AmbiguousError('What answers at apiUrl gives updates without numbers: check apiUrl');
  return String((ids.at(-1) as number) + 1);
}

async function rest(error: SendError, failures: number, tell: Tell, signal: AbortSignal): Promise<void> {
  const isConflict = error.platformCode === '409';
  tell(isConflict ? 'refused' : 'retrying', isConflict ? explainConflict(error.message) : error.message);
  const asked = error instanceof RateLimitedError ? error.retryAfterMs : 0;
  await wait(Math.max(asked, backoffMs(isConflict ? conflict : network, failures)), signal);
}

function explainConflict(message: string): string {
  if (/webhook/i.test(message) && !/terminated/i.test(message)) {
    return 'A webhook is set for this bot, so Telegram gives no updates: connect the instance (POST /api/v1/instances/<name>/connect), which removes it';
  }
  if (/setwebhook/i.test(message)) {
    return 'Another program has just set a webhook for this bot: stop it, then connect the instance, which removes the webhook';
  }
  return 'Another program asks for the updates of this bot, and Telegram gives them to one only: stop the other one, or revoke the token at @BotFather';
}

function stateTeller(session: ListenSession) {
  let last = '';
  const tell = (state: Parameters<ListenSession['state']>[0], detail: string | null): void => {
    tell.connected = state === 'connected';
    const told = `${state} ${detail}`;
    if (told !== last) session.state(state, detail);
    last = told;
  };
  tell.connected = false;
  return tell;
}
