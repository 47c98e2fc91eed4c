import { RejectedError, type FetchedMedia } from '@omni-hub/channel-sdk';
import type { DiscordClient } from '../client/discord.client';
import { isSaid } from '../client/failures';
import { asObject, asObjects, asText } from '../models/inbound.models';
import { decodeMediaRef, expiresAt, type MediaRef } from './media-ref';
import { toReading } from './outbound';

/** An address that ends within this is fetched anew: the bytes take a while. */
const marginMs = 60_000;

/** Opens a file; where its address has ended, the message that holds it is asked for a fresh one. */
export async function openFile(
  client: DiscordClient,
  ref: string,
  signal: AbortSignal,
): Promise<FetchedMedia> {
  const file = decodeMediaRef(ref);
  const expiry = expiresAt(file.url);
  const hasEnded = expiry !== null && expiry - marginMs < Date.now();
  const url = hasEnded ? await freshUrl(client, file, signal) : file.url;
  const served = await client.files.open(url, signal).catch(async (error: unknown) => {
    if (hasEnded || file.message === null || !isSaid(error, 404)) throw error;
    return client.files.open(await freshUrl(client, file, signal), signal);
  });
  return {
    stream: served.stream,
    mimeType: file.mimeType ?? served.mimeType,
    size: served.size ?? file.size,
    filename: file.filename,
  };
}

async function freshUrl(
  client: DiscordClient,
  { channel, message, attachment, url }: MediaRef,
  signal: AbortSignal,
): Promise<string> {
  if (channel === null || message === null || attachment === null) return url;
  const told = await client.call(toReading(channel, message), signal).catch((error: unknown) => {
    if (isSaid(error, 10008)) throw gone();
    throw error;
  });
  const found = filesOf(told).find(({ id }) => id === attachment);
  const fresh = asText(found?.url);
  if (fresh === null) throw gone();
  return fresh;
}

/** Those of what was forwarded too. */
function filesOf(message: unknown): { readonly id?: unknown; readonly url?: unknown }[] {
  const holder = asObject<{ attachments: unknown; message_snapshots: unknown }>(message);
  const forwarded = asObjects<{ message: unknown }>(holder?.message_snapshots).flatMap((snapshot) =>
    filesOf(snapshot.message),
  );
  return [...asObjects<{ id: string; url: string }>(holder?.attachments), ...forwarded];
}

function gone(): RejectedError {
  return new RejectedError(
    'Discord has the file no more: its message was deleted, or the file taken out of it',
    {
      platformCode: '404',
    },
  );
}
