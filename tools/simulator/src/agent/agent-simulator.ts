import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { answerControl, type ControlRoutes } from '../control';
import { type HttpServer, type ListenOptions, readBody, send, serve } from '../http';
import { type Random, seededRandom } from '../random';
import { Recent } from '../recent';
import { answerTurn } from './answer';
import type { AgentBehaviour, AgentScript, AskedTurn } from './behaviour';
import { automagikProtocol } from './automagik-protocol';
import { Checker } from './checker';
import { hiveAgents, hiveTeams } from './hive-protocol';
import { httpProtocol } from './http-protocol';
import { openaiProtocol } from './openai-protocol';
import { type AgentProtocol, type AgentProtocolName, Refusal } from './protocol';
import { ServedFiles } from './served-files';

export interface AgentSimulatorOptions extends ListenOptions {
  /** Echo by default. */
  script?: AgentScript;
  /** `counts` keeps no requests: for load. */
  keep?: 'all' | 'counts';
  seed?: number;
}

export interface AgentCall {
  at: number;
  protocol: AgentProtocolName;
  path: string;
  turn: AskedTurn;
  headers: IncomingHttpHeaders;
  /** True once the connection has ended before the answer was whole: the hub hung up, or the behaviour cut it. */
  cutOff: boolean;
}

const keptRequests = 10_000;
const keptTurns = 100_000;

/**
 * A fake agent that speaks every protocol of agents, each at its own paths, and the hub's `http` contract at all others. `url` is
 * the `agent.url` of an instance with an agent of kind `http`, `baseUrl` that of the other kinds.
 */
export class AgentSimulator {
  /** What its answers name by URL. */
  readonly files = new ServedFiles(() => this.baseUrl);
  private script: AgentScript;
  private queued: AgentBehaviour[] = [];
  private readonly calls: Recent<AgentCall>;
  private readonly attempts = new Map<string, number>();
  private readonly checker = new Checker();
  private readonly random: Random;
  private held: (() => void)[] = [];
  private asked = 0;
  private open = 0;

  constructor(
    private readonly server: HttpServer,
    { script = { kind: 'echo' }, keep = 'all', seed = 1 }: AgentSimulatorOptions,
  ) {
    this.script = script;
    this.calls = new Recent(keep === 'all' ? keptRequests : 0);
    this.random = seededRandom(seed);
  }

  get url(): string {
    return `${this.server.url}/chat`;
  }

  get baseUrl(): string {
    return this.server.url;
  }

  /** How every request is answered from now on. */
  answers(script: AgentScript): void {
    this.script = script;
  }

  /** How the next requests are answered, one each, before `answers` holds again. */
  answersNext(...behaviours: AgentBehaviour[]): void {
    this.queued.push(...behaviours);
  }

  /** Lets every answer go on that is held back. */
  release(): void {
    for (const go of this.held.splice(0)) go();
  }

  /** Refuses connections until `accept`. */
  refuse = () => this.server.offline();
  accept = () => this.server.online();

  /** The last requests, oldest first. */
  requests(): AgentCall[] {
    return this.calls.list();
  }

  /** How often a turn was asked. */
  attemptsOf(turnId: string): number {
    return this.attempts.get(turnId) ?? 0;
  }

  /** Turns of one chat that overlapped, and messages that came out of order: empty when the hub keeps its promise. */
  violations() {
    return this.checker.violations;
  }

  counters() {
    const repeated = [...this.attempts.values()].filter((count) => count > 1).length;
    const violations = this.checker.violations.length;
    return { asked: this.asked, turns: this.attempts.size, repeated, open: this.open, violations };
  }

  clear(): void {
    this.queued = [];
    this.held = [];
    this.calls.clear();
    this.attempts.clear();
    this.checker.clear();
    this.asked = 0;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  /** Rejects when the hub leaves before the end of its request. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path] = (request.url ?? '/').split('?');
    if (request.method === 'GET' && this.files.answer(path, response)) return;
    const protocol = protocolAt(path);
    const { headers } = request;
    const turn = protocol.read({ path, headers, body: (await readBody(request)).toString() });
    if (turn instanceof Refusal) return send(response, turn);
    const call: AgentCall = { at: Date.now(), protocol: protocol.name, path, turn, headers, cutOff: false };
    this.count(call);
    const end = this.checker.begin(turn, () => response.writableEnded);
    this.open++;
    response.once('close', () => {
      this.open--;
      call.cutOff = !response.writableEnded;
      end();
    });
    const behaviour =
      this.queued.shift() ?? (typeof this.script === 'function' ? this.script(turn) : this.script);
    const hold = (go: () => void) => void this.held.push(go);
    answerTurn(behaviour, { turn, protocol, response, random: this.random, hold });
  }

  private count(call: AgentCall): void {
    const { turnId } = call.turn;
    this.asked++;
    this.calls.add(call);
    this.attempts.set(turnId, this.attemptsOf(turnId) + 1);
    if (this.attempts.size > keptTurns) this.attempts.delete(this.attempts.keys().next().value as string);
  }
}

export async function startAgentSimulator(options: AgentSimulatorOptions = {}): Promise<AgentSimulator> {
  let routes: ControlRoutes = {};
  const server = await serve((request, response) => {
    if (request.url?.startsWith('/control')) void answerControl(routes, request, response);
    else agent.answer(request, response).catch(() => response.destroy());
  }, options);
  const agent = new AgentSimulator(server, options);
  routes = agentControl(agent);
  return agent;
}

function agentControl(agent: AgentSimulator): ControlRoutes {
  return {
    'POST /control/answers': ({ body }) => agent.answers(body as unknown as AgentBehaviour),
    'POST /control/answers-next': ({ body }) => agent.answersNext(body as unknown as AgentBehaviour),
    'POST /control/release': () => agent.release(),
    'GET /control/requests': () => agent.requests().map(({ at, turn, cutOff }) => ({ at, turn, cutOff })),
    'GET /control/violations': () => agent.violations(),
    'GET /control/counters': () => agent.counters(),
    'POST /control/clear': () => agent.clear(),
  };
}

function protocolAt(path: string): AgentProtocol {
  if (path === '/v1/chat/completions') return openaiProtocol;
  if (/^\/api\/v1\/agent\/[^/]+\/run$/.test(path)) return automagikProtocol;
  if (/^\/agents\/[^/]+\/runs$/.test(path)) return hiveAgents;
  if (/^\/teams\/[^/]+\/runs$/.test(path)) return hiveTeams;
  return httpProtocol;
}
