import { createHash, createHmac } from 'node:crypto';
import { type ObjectStoreSimulator, startObjectStoreSimulator } from './object-store-simulator';
import { signatureProblem } from './signature';

const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

describe('A signature', () => {
  const keys = {
    accessKey: 'AKIAIOSFODNN7EXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  /** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Example: Get Bucket Lifecycle". */
  const example = {
    method: 'GET',
    url: '/?lifecycle',
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-date': '20130524T000000Z',
      'x-amz-content-sha256': empty,
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
  };

  beforeEach(() => jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2013, 4, 24)));
  afterEach(() => jest.restoreAllMocks());

  it('is right as Amazon computes it', () => expect(signatureProblem(example, keys)).toBeNull());

  it.each([
    ['another path', { ...example, url: '/other?lifecycle' }, 'SignatureDoesNotMatch'],
    ['another method', { ...example, method: 'PUT' }, 'SignatureDoesNotMatch'],
    [
      'another body',
      { ...example, headers: { ...example.headers, 'x-amz-content-sha256': 'other' } },
      'SignatureDoesNotMatch',
    ],
    ['no signature', { ...example, headers: { host: 'x' } }, 'AccessDenied'],
  ])('is not that of %s', (_what, request, problem) => expect(signatureProblem(request, keys)).toBe(problem));

  it('ends after a while', () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2013, 4, 24, 1));
    expect(signatureProblem(example, keys)).toBe('RequestTimeTooSkewed');
  });
});

describe('The fake object store', () => {
  let store: ObjectStoreSimulator;

  beforeEach(async () => (store = await startObjectStoreSimulator({ pageSize: 2 })));
  afterEach(() => store.close());

  async function ask(method: string, path: string, body?: string) {
    const url = new URL(`${store.url}/${store.bucket}${path}`);
    const at = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const scope = `${at.slice(0, 8)}/auto/s3/aws4_request`;
    const headers = { host: url.host, 'x-amz-content-sha256': hash, 'x-amz-date': at };
    const names = Object.keys(headers).join(';');
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
    const query = [...url.searchParams].map((pair) => pair.map(encodeURIComponent).join('=')).sort();
    const canonical = [method, url.pathname, query.join('&'), lines.join(''), names, hash].join('\n');
    const digest = createHash('sha256').update(canonical).digest('hex');
    const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${store.keys.secretKey}`);
    const signature = hmac(key, ['AWS4-HMAC-SHA256', at, scope, digest].join('\n')).toString('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${store.keys.accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    const response = await fetch(url, { method, headers: { ...headers, authorization }, body });
    return { status: response.status, text: await response.text() };
  }

  it('keeps what is put, and deletes it', async () => {
    expect((await ask('GET', '/a')).status).toBe(404);
    expect((await ask('PUT', '/a', 'hello')).status).toBe(200);
    expect(await ask('GET', '/a')).toEqual({ status: 200, text: 'hello' });
    expect(await ask('HEAD', '/a')).toEqual({ status: 200, text: '' });
    expect((await ask('DELETE', '/a')).status).toBe(204);
    expect(store.stored()).toEqual([]);
    expect(store.requests()).toEqual(['GET a', 'PUT a', 'GET a', 'HEAD a', 'DELETE a']);
  });

  it('lists page by page', async () => {
    for (const key of ['a/1', 'a/2', 'a/3', 'b/1']) await ask('PUT', `/${key}`, key);
    const first = (await ask('GET', '?list-type=2&prefix=a%2F')).text;
    expect(first.match(/<Key>[^<]+/g)).toEqual(['<Key>a/1', '<Key>a/2']);
    expect(first).toContain('<IsTruncated>true</IsTruncated><NextContinuationToken>a/2<');
    const rest = (await ask('GET', '?list-type=2&prefix=a%2F&continuation-token=a%2F2')).text;
    expect(rest.match(/<Key>[^<]+/g)).toEqual(['<Key>a/3']);
    expect(rest).not.toContain('NextContinuationToken');
  });

  it('answers nobody without the keys', async () => {
    expect((await fetch(`${store.url}/${store.bucket}/a`)).status).toBe(403);
    expect(store.requests()).toEqual([]);
  });
});
