import { Injectable } from '@nestjs/common';
import type { Agent } from '../flow/agent';
import { AgentKinds } from '../flow/agent-kinds';
import { EchoAgentConfig, HttpAgentConfig, type AgentConfig } from './agent.models';
import { EchoAgent } from './echo.agent';
import { HttpAgent } from './http.agent';

const defaultTimeoutMs = 60_000;

/** Every kind of agent that an instance can name. */
@Injectable()
export class Agents implements AgentKinds {
  readonly configClasses = { echo: EchoAgentConfig, http: HttpAgentConfig };

  make(config: object): Agent {
    const agent = config as AgentConfig;
    if (agent.kind === 'echo') return new EchoAgent();
    return new HttpAgent({ ...agent, timeoutMs: agent.timeoutMs ?? defaultTimeoutMs });
  }
}
