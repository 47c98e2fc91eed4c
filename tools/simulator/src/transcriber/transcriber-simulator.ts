import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerControl, type ControlRoutes } from '../control';
import { answerUnder, Faults, type FaultRule, type Refusals } from '../faults';
import { type Answer, type HttpServer, type ListenOptions, readBody, send, serve } from '../http';
import { seededRandom } from '../random';
import { Recent } from '../recent';
import { check, refusal, type Transcription } from './check';

export interface TranscriberSimulatorOptions extends ListenOptions {
  /** The only key that it takes; any, or none, when absent. */
  apiKey?: string;
  seed?: number;
}

export interface TranscriberCall extends Transcription {
  at: number;
}

/** What is heard in a recording. */
export type Hearing = (file: Transcription['file']) => string;

const path = '/v1/audio/transcriptions';
const keptCalls = 1_000;

const refusals: Refusals = {
  rateLimited: (retryAfter) => ({
    ...refusal(429, 'Rate limit reached', 'rate_limit_exceeded'),
    headers: { 'retry-after': String(retryAfter) },
  }),
  failed: (status) => refusal(status, 'The server had an error while processing your request.'),
};

/** A fake transcriber: OpenAI's `/v1/audio/transcriptions`. It hears what it is told to, whatever the recording holds. */
export class TranscriberSimulator {
  readonly faults: Faults;
  private hearing: Hearing = ({ bytes }) => `a recording of ${bytes.length} bytes`;
  private readonly recent = new Recent<TranscriberCall>(keptCalls);

  constructor(
    private readonly server: HttpServer,
    private readonly options: TranscriberSimulatorOptions,
  ) {
    this.faults = new Faults(seededRandom(options.seed ?? 1));
  }

  get url(): string {
    return this.server.url;
  }

  /** What it hears from now on. */
  hears(what: string | Hearing): void {
    this.hearing = typeof what === 'string' ? () => what : what;
  }

  /** The last recordings that it was sent whole and did not refuse for a flaw, oldest first. */
  calls(): TranscriberCall[] {
    return this.recent.list();
  }

  offline = () => this.server.offline();
  online = () => this.server.online();
  close = () => this.server.close();

  /** Rejects when the client leaves before the end of its request. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (request.method !== 'POST' || request.url !== path)
      return send(response, refusal(404, `Invalid URL (${request.method} ${request.url})`));
    const { apiKey } = this.options;
    if (apiKey && request.headers.authorization !== `Bearer ${apiKey}`)
      return send(response, refusal(401, 'Incorrect API key provided.', 'invalid_api_key'));
    const read = check(request.headers['content-type'] ?? '', body);
    if ('status' in read) return send(response, read);
    this.recent.add({ at: Date.now(), ...read });
    answerUnder(this.faults.pick('transcribe', null), response, () => this.heard(read), refusals);
  }

  private heard({ file }: Transcription): Answer {
    return { status: 200, body: { text: this.hearing(file) } };
  }
}

export async function startTranscriberSimulator(
  options: TranscriberSimulatorOptions = {},
): Promise<TranscriberSimulator> {
  let routes: ControlRoutes = {};
  const server = await serve((request, response) => {
    if (request.url?.startsWith('/control')) void answerControl(routes, request, response);
    else transcriber.answer(request, response).catch(() => response.destroy());
  }, options);
  const transcriber = new TranscriberSimulator(server, options);
  routes = transcriberControl(transcriber);
  return transcriber;
}

function transcriberControl(transcriber: TranscriberSimulator): ControlRoutes {
  return {
    'POST /control/hears': ({ body }) => transcriber.hears(String(body.text ?? '')),
    'GET /control/calls': () =>
      transcriber
        .calls()
        .map(({ file, ...call }) => ({ ...call, file: { ...file, bytes: file.bytes.length } })),
    'POST /control/faults': ({ body }) => ({ id: transcriber.faults.add(body as unknown as FaultRule) }),
    'DELETE /control/faults': () => transcriber.faults.clear(),
  };
}
