import { createHttpClient, type HttpClient } from '@omni-hub/channel-sdk';
import { AwsV4Signer } from 'aws4fetch';
import type { Readable } from 'node:stream';
import type { S3Location } from '../../config/s3-location';

export interface S3Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface ListedObject {
  key: string;
  /** Epoch milliseconds. */
  modifiedAt: number;
}

interface Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Below the bucket; empty for the bucket itself. */
  key: string;
  query?: Record<string, string>;
  /** SHA-256 of the body in hexadecimal; that of nothing where there is none. */
  hash?: string;
  body?: { stream: Readable; size: number; mimeType: string | null };
  streamed?: boolean;
}

interface Answer {
  status: number;
  data: unknown;
  headers: Record<string, unknown>;
}

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const timeoutMs = 30_000;
/** 2 Mbit a second. */
const slowestBytesPerMs = 250;

/**
 * The five calls of Amazon S3's API that a media store needs, in path style, which every service takes:
 * https://docs.aws.amazon.com/AmazonS3/latest/API. Rejects with an error whose message holds no key.
 */
export class S3Client {
  private readonly http: HttpClient;

  constructor(
    private readonly location: S3Location,
    private readonly credentials: S3Credentials,
  ) {
    this.http = createHttpClient({ baseURL: location.endpoint, timeoutMs });
  }

  /** The service compares the bytes with `hash`, and keeps nothing where they differ. */
  async put(key: string, hash: string, body: NonNullable<Request['body']>): Promise<void> {
    const answer = await this.send({ method: 'PUT', key, hash, body });
    if (answer.status !== 200) throw refusal('PUT', answer);
  }

  /** Null where there is no such object. */
  async get(key: string): Promise<{ stream: Readable; size: number } | null> {
    const answer = await this.send({ method: 'GET', key, streamed: true });
    const stream = answer.data as Readable;
    if (answer.status === 200) return { stream, size: Number(answer.headers['content-length']) };
    stream.destroy();
    if (answer.status === 404) return null;
    throw refusal('GET', answer);
  }

  /** When an object was put, epoch milliseconds; null where there is none. */
  async modifiedAt(key: string): Promise<number | null> {
    const answer = await this.send({ method: 'HEAD', key });
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw refusal('HEAD', answer);
    return Date.parse(String(answer.headers['last-modified']));
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    let token: string | null = null;
    do {
      const query = { 'list-type': '2', prefix, ...(token !== null && { 'continuation-token': token }) };
      const answer = await this.send({ method: 'GET', key: '', query });
      if (answer.status !== 200) throw refusal('LIST', answer);
      const xml = String(answer.data);
      for (const [, contents] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs))
        yield { key: field(contents, 'Key'), modifiedAt: Date.parse(field(contents, 'LastModified')) };
      token = field(xml, 'NextContinuationToken') || null;
    } while (token !== null);
  }

  /** Deleting what is not there succeeds. */
  async delete(key: string): Promise<void> {
    const answer = await this.send({ method: 'DELETE', key });
    if (answer.status !== 204 && answer.status !== 200) throw refusal('DELETE', answer);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async send({
    method,
    key,
    query = {},
    hash = emptyHash,
    body,
    streamed,
  }: Request): Promise<Answer> {
    const { endpoint, region, bucket } = this.location;
    const search = new URLSearchParams(query).toString().replaceAll('+', '%20');
    const path = key === '' ? `/${bucket}` : `/${bucket}/${key}`;
    const url = `${endpoint}${path}${search && `?${search}`}`;
    const signer = new AwsV4Signer({
      ...this.credentials,
      ...{ method, url, region, service: 's3', headers: { 'x-amz-content-sha256': hash } },
    });
    const { headers } = await signer.sign();
    return this.http.request({
      method,
      url,
      headers: {
        ...Object.fromEntries(headers),
        ...(body && {
          'content-length': String(body.size),
          'content-type': body.mimeType ?? 'application/octet-stream',
        }),
      },
      ...(body && { data: body.stream, timeout: timeoutMs + body.size / slowestBytesPerMs }),
      responseType: streamed ? 'stream' : 'text',
    }) as Promise<Answer>;
  }
}

/** The text of the first element of this name, which holds no other. */
function field(xml: string, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_whole, entity: string) => entities[entity]);
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function refusal(call: string, { status, data }: Answer): Error {
  const code = typeof data === 'string' ? field(data, 'Code') : '';
  return new Error(`the object store answers ${call} with ${status}${code && ` ${code.slice(0, 60)}`}`);
}
