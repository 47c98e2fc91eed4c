import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerUnder, Faults, type Refusals } from '../faults';
import { type Answer, type HttpServer, type ListenOptions, readBody, send, serve } from '../http';
import { seededRandom } from '../random';
import { type Keys, sha256, signatureProblem } from './signature';

export interface ObjectStoreOptions extends ListenOptions, Partial<Keys> {
  bucket?: string;
  /** Objects that one answer to a listing tells of; 1000 unless told. */
  pageSize?: number;
  seed?: number;
}

interface StoredObject {
  bytes: Buffer;
  contentType: string;
  /** Epoch milliseconds. */
  modifiedAt: number;
}

const xml = { 'content-type': 'application/xml' };

const refusal = (status: number, code: string): Answer => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
  headers: xml,
});

const refusals: Refusals = {
  rateLimited: () => refusal(503, 'SlowDown'),
  failed: (status) => refusal(status, 'InternalError'),
};

/**
 * A fake object store: the calls of Amazon S3's API that a media store needs, in path style, for one bucket. Signatures and
 * checksums are checked as Amazon does.
 */
export class ObjectStoreSimulator {
  readonly faults: Faults;
  readonly bucket: string;
  readonly keys: Keys;
  private readonly objects = new Map<string, StoredObject>();
  private readonly calls: string[] = [];
  private readonly pageSize: number;

  constructor(
    private readonly server: HttpServer,
    {
      bucket = 'media',
      accessKey = 'simulated-access-key',
      secretKey = 'simulated-secret-key',
      pageSize = 1_000,
      seed = 1,
    }: ObjectStoreOptions,
  ) {
    this.bucket = bucket;
    this.keys = { accessKey, secretKey };
    this.pageSize = pageSize;
    this.faults = new Faults(seededRandom(seed));
  }

  get url(): string {
    return this.server.url;
  }

  /** The address of a folder in the bucket, as the hub is told it. */
  addressOf(prefix = ''): string {
    return `s3://${this.bucket}/${prefix}?endpoint=${encodeURIComponent(this.url)}&region=auto`;
  }

  /** The keys of what is stored, in order. */
  stored(): string[] {
    return [...this.objects.keys()].sort();
  }

  bytesOf(key: string): Buffer | undefined {
    return this.objects.get(key)?.bytes;
  }

  /** Makes an object look as if it had been put at another time. */
  age(key: string, modifiedAt: number): void {
    const object = this.objects.get(key);
    if (!object) throw new Error(`there is no object ${key}`);
    object.modifiedAt = modifiedAt;
  }

  /** What was done, oldest first, as far as its signature was right: `PUT ab/abcd`, `LIST ab/`. */
  requests(): readonly string[] {
    return this.calls;
  }

  offline = () => this.server.offline();
  online = () => this.server.online();
  close = () => this.server.close();

  /** Rejects when the client leaves before the end of its request. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const body = await readBody(request);
    const problem = signatureProblem({ method, url, headers }, this.keys);
    if (problem) return send(response, refusal(403, problem));
    const { pathname, searchParams } = new URL(url, this.url);
    const [, bucket, ...rest] = decodeURIComponent(pathname).split('/');
    if (bucket !== this.bucket) return send(response, refusal(404, 'NoSuchBucket'));
    const key = rest.join('/');
    const call = key === '' ? 'LIST' : method;
    this.calls.push(`${call} ${key || (searchParams.get('prefix') ?? '')}`);
    const work = () => this.perform(call, key, searchParams, headers, body);
    answerUnder(this.faults.pick(call, null), response, work, refusals);
  }

  private perform(
    call: string,
    key: string,
    query: URLSearchParams,
    headers: IncomingMessage['headers'],
    body: Buffer,
  ): Answer {
    switch (call) {
      case 'LIST':
        return this.list(query);
      case 'GET':
      case 'HEAD':
        return this.get(key);
      case 'PUT': {
        if (headers['x-amz-content-sha256'] !== sha256(body))
          return refusal(400, 'XAmzContentSHA256Mismatch');
        const contentType = headers['content-type'] ?? 'binary/octet-stream';
        this.objects.set(key, { bytes: body, contentType, modifiedAt: Date.now() });
        return { status: 200, body: '' };
      }
      case 'DELETE':
        this.objects.delete(key);
        return { status: 204, body: '' };
      default:
        return refusal(405, 'MethodNotAllowed');
    }
  }

  private get(key: string): Answer {
    const object = this.objects.get(key);
    if (!object) return refusal(404, 'NoSuchKey');
    const { bytes, contentType, modifiedAt } = object;
    const headers = { 'content-type': contentType, 'last-modified': new Date(modifiedAt).toUTCString() };
    return { status: 200, body: bytes, headers };
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
  private list(query: URLSearchParams): Answer {
    if (query.get('list-type') !== '2') return refusal(400, 'InvalidArgument');
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const keys = this.stored().filter((key) => key.startsWith(prefix) && key > after);
    const page = keys.slice(0, this.pageSize);
    const contents = page.map((key) => {
      const modified = new Date(this.objects.get(key)!.modifiedAt).toISOString();
      return `<Contents><Key>${escape(key)}</Key><LastModified>${modified}</LastModified></Contents>`;
    });
    const more = keys.length > page.length;
    const token = more ? `<NextContinuationToken>${escape(page.at(-1)!)}</NextContinuationToken>` : '';
    return {
      status: 200,
      body: `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`,
      headers: xml,
    };
  }
}

const escape = (text: string) =>
  text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!);

export async function startObjectStoreSimulator(
  options: ObjectStoreOptions = {},
): Promise<ObjectStoreSimulator> {
  const server = await serve((request, response) => {
    store.answer(request, response).catch(() => response.destroy());
  }, options);
  const store = new ObjectStoreSimulator(server, options);
  return store;
}
