import { asCount, asObjects, asText, type Unchecked } from '@omni-hub/channel-sdk';
import type { Attachment, MediaKind } from '@omni-hub/contracts';
import type { FileObject } from '../models/inbound.models';
import { encodeMediaRef } from './media-ref';

/** The files of a message. What Slack has no bytes of is told as what it is. */
export function readFiles(value: unknown): Attachment[] {
  return asObjects<FileObject>(value)
    .map(readFile)
    .filter((attachment) => attachment !== null);
}

function readFile(file: Unchecked<FileObject>): Attachment | null {
  const id = asText(file.id);
  if (id === null) return null;
  const name = asText(file.name) ?? asText(file.title);
  const mode = asText(file.mode);
  if (mode === 'external') return other('external_file', name, asText(file.external_url));
  if (mode === 'tombstone' || mode === 'hidden_by_limit') return other(mode, name, null);
  const mimeType = asText(file.mimetype);
  const size = asCount(file.size);
  const [durationMs, width, height] = [file.duration_ms, file.original_w, file.original_h].map(asCount);
  const url = asText(file.url_private_download) ?? asText(file.url_private);
  return {
    kind: kindOf(mimeType ?? '', file.subtype),
    ref: encodeMediaRef({ id, url, mimeType, size, filename: name }),
    mimeType,
    size,
    filename: name,
    ...(durationMs !== null && { durationMs }),
    ...(width !== null && { width }),
    ...(height !== null && { height }),
  };
}

/** A clip says what it is beside its type: a recorded voice may be `video/webm`. */
function kindOf(mimeType: string, subtype: unknown): MediaKind {
  if (subtype === 'slack_audio') return 'voice';
  const [family] = mimeType.split('/');
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'document';
}

function other(what: string, name: string | null, url: string | null): Attachment {
  return { kind: 'other', what, data: { ...(name !== null && { name }), ...(url !== null && { url }) } };
}
