import { randomUUID } from 'node:crypto';
import type { OutboundFile } from '../channel';
import { streamedBody, type BodyPiece, type StreamedBody } from './streamed-body';

/** A file of a form. */
export interface FormFile extends Pick<OutboundFile, 'size' | 'open'> {
  mimeType: string;
  filename: string;
}

/** A form's fields in order: a name with its text or its file. */
export type FormFields = readonly (readonly [name: string, value: string | FormFile])[];

export interface MultipartForm extends StreamedBody {
  headers: Record<string, string>;
}

/** A `multipart/form-data` body (RFC 7578) whose files pass through as they are read; its length is told beforehand. */
export function multipart(fields: FormFields): MultipartForm {
  const boundary = `omni-${randomUUID()}`;
  const pieces = fields.flatMap(([name, value]): BodyPiece[] => [
    headOf(boundary, name, value),
    typeof value === 'string' ? value : { file: value },
    '\r\n',
  ]);
  const body = streamedBody([...pieces, `--${boundary}--\r\n`]);
  return {
    ...body,
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(body.length),
    },
  };
}

function headOf(boundary: string, name: string, value: string | FormFile): string {
  const disposition = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"`;
  if (typeof value === 'string') return `${disposition}\r\n\r\n`;
  const { filename, mimeType } = value;
  return `${disposition}; filename="${quoted(filename)}"\r\ncontent-type: ${typeOf(mimeType)}\r\n\r\n`;
}

/** https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
const quoted = (text: string) => text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');

const typeOf = (mimeType: string) =>
  /^[\x20-\x7e]+$/.test(mimeType) ? mimeType : 'application/octet-stream';
