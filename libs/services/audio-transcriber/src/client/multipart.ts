import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { upload } from './format';
import type { OpenRecording, Recording } from '../models/recording';

export interface MultipartBody {
  headers: Record<string, string>;
  stream: Readable;
}

/**
 * A `multipart/form-data` body (RFC 7578) of some fields and one file, whose bytes pass through it as they are read. Its
 * length is told beforehand: not every server takes a body without one.
 */
export function multipart(
  fields: Record<string, string>,
  recording: Pick<Recording, 'mimeType' | 'filename'>,
  { stream: bytes, size }: OpenRecording,
): MultipartBody {
  const boundary = `omni-${randomUUID()}`;
  const { filename, contentType } = upload(recording);
  const head = Buffer.from(
    [
      ...Object.entries(fields).map(
        ([name, value]) =>
          `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      ),
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${filename}"\r\n`,
      `content-type: ${contentType}\r\n\r\n`,
    ].join(''),
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* parts() {
    yield head;
    yield* bytes;
    yield tail;
  }
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + size + tail.length),
    },
    stream: Readable.from(parts(), { objectMode: false }),
  };
}
