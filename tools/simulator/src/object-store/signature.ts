import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface SignedRequest {
  method: string;
  /** As it was asked for, with the query. */
  url: string;
  headers: IncomingHttpHeaders;
}

export interface Keys {
  accessKey: string;
  secretKey: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
/** How far clocks may be apart: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html. */
const mostSkewMs = 15 * 60_000;

/** Why a request is not signed by Signature Version 4 with these keys; null where it is. */
export function signatureProblem({ method, url, headers }: SignedRequest, keys: Keys): string | null {
  const given = parse(headers.authorization ?? '');
  if (!given) return 'AccessDenied';
  const [accessKey, date, region, service, end] = given.credential.split('/');
  if (accessKey !== keys.accessKey) return 'InvalidAccessKeyId';
  const at = String(headers['x-amz-date']);
  if (service !== 's3' || end !== 'aws4_request' || !at.startsWith(date))
    return 'AuthorizationHeaderMalformed';
  if (Math.abs(Date.now() - timeOf(at)) > mostSkewMs) return 'RequestTimeTooSkewed';
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => given.signed.includes(name)))
    return 'AccessDenied';
  const scope = `${date}/${region}/${service}/${end}`;
  const toSign = [algorithm, at, scope, sha256(canonical({ method, url, headers }, given.signed))].join('\n');
  const key = [date, region, service, end].reduce<string | Buffer>(
    (secret, text) => hmac(secret, text),
    `AWS4${keys.secretKey}`,
  );
  const expected = hmac(key, toSign);
  const signature = Buffer.from(given.signature, 'hex');
  const isRight = signature.length === expected.length && timingSafeEqual(signature, expected);
  return isRight ? null : 'SignatureDoesNotMatch';
}

function parse(authorization: string) {
  const fields =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (!fields) return null;
  const [, credential, signed, signature] = fields;
  return { credential, signed: signed.split(';'), signature };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html#create-canonical-request */
function canonical({ method, url, headers }: SignedRequest, signed: string[]): string {
  const { pathname, searchParams } = new URL(url, 'http://host');
  const query = [...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const path = pathname
    .split('/')
    .map((segment) => encode(decodeURIComponent(segment)))
    .join('/');
  const lines = signed.map((name) => `${name}:${String(headers[name]).trim().replace(/\s+/g, ' ')}\n`);
  return [method, path, query, lines.join(''), signed.join(';'), headers['x-amz-content-sha256']].join('\n');
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const timeOf = (at: string) =>
  Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
export const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
