import { isIP } from 'node:net';
import type { Upload } from '../../multipart';
import { badRequest } from '../errors';
import type { InstanceCall } from '../methods';

/** What was sent as media: a link, which is believed and not fetched, or bytes. */
export type GivenMedia = { link: string } | { bytes: Buffer; upload: Upload | null };

const notMedia = 'Owned media must be a url or base64';

/** The media of one call: the field, or the part `file` of a form. */
export function givenMedia({ files, body }: InstanceCall, field: string, refusal = notMedia): GivenMedia {
  const upload = files.get('file');
  if (upload) return { bytes: upload.bytes, upload };
  const value = body[field];
  if (typeof value === 'string' && isLink(value)) return { link: value };
  if (typeof value === 'string' && isBase64(value))
    return { bytes: Buffer.from(value, 'base64'), upload: null };
  throw badRequest(refusal);
}

/** As the server's check: `data:` is none, and no padding may be missing. */
export const isBase64 = (value: string) =>
  value.length > 0 && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value);

/** As the server's check: a name without a dot, `localhost` too, is no host. */
export function isLink(value: string): boolean {
  if (!/^https?:\/\//i.test(value)) return false;
  try {
    const { hostname } = new URL(value);
    return (
      isIP(hostname.replace(/^\[|\]$/g, '')) > 0 ||
      /^[^.]+(\.[^.]+)*\.[a-z\u00a1-\uffff]{2,}$/i.test(hostname)
    );
  } catch {
    return false;
  }
}
