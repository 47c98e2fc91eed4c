import { asCount, asObject, asText, RejectedError, type FetchedMedia } from '@omni-hub/channel-sdk';
import type { SlackClient } from '../client/slack.client';
import type { FileObject } from '../models/inbound.models';
import { decodeMediaRef, type MediaRef } from './media-ref';

/** Opens the bytes of a file that somebody sent. Throws a SendError only. */
export async function openMedia(
  client: SlackClient,
  ref: string,
  signal: AbortSignal,
): Promise<FetchedMedia> {
  const file = await located(client, decodeMediaRef(ref), signal);
  const served = await client.files.open(file.url, signal);
  if (served.mimeType === 'text/html' && file.mimeType !== 'text/html') {
    served.stream.destroy();
    throw new RejectedError(
      'Slack answers with a page in place of the file: add the scope files:read and install the app again',
    );
  }
  return {
    stream: served.stream,
    mimeType: file.mimeType ?? served.mimeType,
    size: served.size ?? file.size,
    filename: file.filename,
  };
}

/** Files of other workspaces come with nothing but their id. https://docs.slack.dev/reference/methods/files.info */
async function located(client: SlackClient, ref: MediaRef, signal: AbortSignal) {
  if (ref.url !== null) return { ...ref, url: ref.url };
  const call = { method: 'files.info', params: { file: ref.id }, reads: true } as const;
  const file = asObject<FileObject>((await client.call(call, signal)).file);
  const url = asText(file?.url_private_download) ?? asText(file?.url_private);
  if (url === null)
    throw new RejectedError('Slack has no bytes of the file: it was deleted, or is kept elsewhere');
  return {
    url,
    mimeType: ref.mimeType ?? asText(file?.mimetype),
    size: ref.size ?? asCount(file?.size),
    filename: ref.filename ?? asText(file?.name),
  };
}
