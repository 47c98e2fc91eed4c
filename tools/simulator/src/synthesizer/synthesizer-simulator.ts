import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerControl, type ControlRoutes } from '../control';
import { answerUnder, Faults, type FaultRule, type Refusals } from '../faults';
import { type Answer, type HttpServer, type ListenOptions, readBody, send, serve } from '../http';
import { seededRandom } from '../random';
import { Recent } from '../recent';
import { check, refusal, type Speech } from './check';
import { spokenFile } from './ogg';

export interface SynthesizerSimulatorOptions extends ListenOptions {
  /** The only key that it takes; any, or none, when absent. */
  apiKey?: string;
  /** Those that it has; OpenAI's oldest when absent. */
  voices?: string[];
  seed?: number;
}

export interface SynthesizerCall extends Speech {
  at: number;
}

const path = '/v1/audio/speech';
const keptCalls = 1_000;
const openaiVoices = ['alloy', 'echo', 'fable', 'onyx', 'nova', 'shimmer'];

const refusals: Refusals = {
  rateLimited: (retryAfter) => ({
    ...refusal(429, 'Rate limit reached', 'rate_limit_exceeded'),
    headers: { 'retry-after': String(retryAfter) },
  }),
  failed: (status) => refusal(status, 'The server had an error while processing your request.'),
};

/** A fake synthesizer: OpenAI's `/v1/audio/speech`. What it says is silent; `spokenIn` reads it from the file. */
export class SynthesizerSimulator {
  readonly faults: Faults;
  private readonly recent = new Recent<SynthesizerCall>(keptCalls);

  constructor(
    private readonly server: HttpServer,
    private readonly options: SynthesizerSimulatorOptions,
  ) {
    this.faults = new Faults(seededRandom(options.seed ?? 1));
  }

  get url(): string {
    return this.server.url;
  }

  /** The last texts that it was asked to say and did not refuse for a flaw, oldest first. */
  calls(): SynthesizerCall[] {
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
    const { apiKey, voices = openaiVoices } = this.options;
    if (apiKey && request.headers.authorization !== `Bearer ${apiKey}`)
      return send(response, refusal(401, 'Incorrect API key provided.', 'invalid_api_key'));
    const read = check(body, voices);
    if ('status' in read) return send(response, read);
    this.recent.add({ at: Date.now(), ...read });
    answerUnder(this.faults.pick('speak', null), response, () => said(read), refusals);
  }
}

function said({ input }: Speech): Answer {
  return { status: 200, body: spokenFile(input), headers: { 'content-type': 'audio/opus' } };
}

export async function startSynthesizerSimulator(
  options: SynthesizerSimulatorOptions = {},
): Promise<SynthesizerSimulator> {
  let routes: ControlRoutes = {};
  const server = await serve((request, response) => {
    if (request.url?.startsWith('/control')) void answerControl(routes, request, response);
    else synthesizer.answer(request, response).catch(() => response.destroy());
  }, options);
  const synthesizer = new SynthesizerSimulator(server, options);
  routes = synthesizerControl(synthesizer);
  return synthesizer;
}

function synthesizerControl(synthesizer: SynthesizerSimulator): ControlRoutes {
  return {
    'GET /control/calls': () => synthesizer.calls(),
    'POST /control/faults': ({ body }) => ({ id: synthesizer.faults.add(body as unknown as FaultRule) }),
    'DELETE /control/faults': () => synthesizer.faults.clear(),
  };
}
