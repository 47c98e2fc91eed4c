import type { Readable } from 'node:stream';
import type { FetchedMedia } from '../channel';
import { AllowedHosts } from './allowed-hosts';
import type { Answer } from './exchange';
import { guardUrl, type GuardedUrl } from './guarded-url';
import { createTransport } from './undici-adapter';
import { UrlError } from './url-error';

export interface UrlFetcherOptions {
  /** Entries of AllowedHosts. */
  allowedHosts?: readonly string[];
  /** Until the answer's headers, then between two chunks, milliseconds. Default 30 000. */
  timeoutMs?: number;
}

const mostRedirects = 3;
const redirects = [301, 302, 303, 307, 308];
const longestWaitMs = 3_600_000;

/**
 * Fetches files that somebody else named by a URL: a person, an agent, an application. What the hub can reach and they cannot
 * stays out of their reach; each redirect is judged like the first URL.
 */
export class UrlFetcher {
  private readonly allowed: AllowedHosts;
  private readonly timeoutMs: number;

  constructor({ allowedHosts, timeoutMs = 30_000 }: UrlFetcherOptions = {}) {
    this.allowed = new AllowedHosts(allowedHosts);
    this.timeoutMs = timeoutMs;
  }

  /** Opens the bytes. One attempt. `origins` may be asked wherever they are. Throws a UrlError; the stream ends with any error. */
  async open(url: string, origins: readonly string[], signal: AbortSignal): Promise<FetchedMedia> {
    const guard = { allowed: this.allowed, origins };
    let next = await guardUrl(url, guard);
    for (let followed = 0; ; followed++) {
      const answer = await this.ask(next, signal);
      if (answer.status === 200) return toMedia(answer, next.url);
      (answer.data as Readable).destroy();
      if (!redirects.includes(answer.status)) throw refusal(answer, next.url);
      if (followed === mostRedirects)
        throw new UrlError('REJECTED', `${next.url.host} redirects more than ${mostRedirects} times`);
      next = await guardUrl(locationOf(answer, next.url), guard);
    }
  }

  /** Over a connection of its own, which goes where the judged addresses are. */
  private async ask({ url, lookup }: GuardedUrl, signal: AbortSignal): Promise<Answer> {
    const transport = createTransport(1, lookup);
    const request = {
      method: 'GET',
      url: url.href,
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'omni-hub' },
      body: null,
      timeout: this.timeoutMs,
      signal,
      responseType: 'stream' as const,
      maxContentLength: Infinity,
    };
    try {
      return await transport.send(request);
    } catch (error) {
      signal.throwIfAborted();
      const { code = 'UNKNOWN' } = error as { code?: string };
      throw new UrlError('UNREACHABLE', `${url.host} cannot be reached (${code})`);
    } finally {
      void transport.close();
    }
  }
}

function locationOf({ headers }: Answer, from: URL): URL {
  const location = [headers.location].flat()[0] ?? '';
  if (location === '' || !URL.canParse(location, from.href))
    throw new UrlError('REJECTED', `${from.host} redirects to nowhere`);
  return new URL(location, from);
}

function refusal({ status, headers }: Answer, { host }: URL): UrlError {
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const seconds = Number(headers['retry-after']);
    const waitMs = seconds > 0 ? Math.min(seconds * 1_000, longestWaitMs) : 0;
    return new UrlError('UNREACHABLE', `${host} answers ${status}`, waitMs);
  }
  return new UrlError('REJECTED', `${host} does not hand the file out (${status}): check the URL`);
}

function toMedia({ headers, data }: Answer, url: URL): FetchedMedia {
  const size = Number(headers['content-length'] ?? NaN);
  const type = [headers['content-type']].flat()[0] ?? null;
  return {
    stream: data as Readable,
    mimeType: type === null || /^application\/octet-stream/i.test(type) ? null : type,
    size: Number.isSafeInteger(size) ? size : null,
    filename: nameOf(url),
  };
}

/** The name at the end of the path, where it has an ending. */
function nameOf({ pathname }: URL): string | null {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    const name = decodeURIComponent(last);
    return /^[^\p{Cc}/\\]{1,200}\.\w{1,8}$/u.test(name) ? name : null;
  } catch {
    return null;
  }
}
