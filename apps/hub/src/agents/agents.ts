import { Injectable } from '@nestjs/common';
import type { Agent } from '../flow/agent';
import { AgentKinds } from '../flow/agent-kinds';
import {
  AutomagikAgentConfig,
  EchoAgentConfig,
  HiveAgentConfig,
  HttpAgentConfig,
  OpenaiAgentConfig,
  type AgentConfig,
} from './agent.models';
import { AutomagikAgent } from './automagik.agent';
import { EchoAgent } from './echo.agent';
import { HiveAgent } from './hive.agent';
import { HttpAgent } from './http.agent';
import { OpenaiAgent } from './openai.agent';

const defaultTimeoutMs = 60_000;
const defaultCharacters = 8_000;
/** A model remembers nothing by itself. */
const defaultModelHistory = 20;

/** Every kind of agent that an instance can name. */
@Injectable()
export class Agents implements AgentKinds {
  readonly configClasses = {
    echo: EchoAgentConfig,
    http: HttpAgentConfig,
    openai: OpenaiAgentConfig,
    automagik: AutomagikAgentConfig,
    hive: HiveAgentConfig,
  };

  make(config: object): Agent {
    const agent = config as AgentConfig;
    if (agent.kind === 'echo') return new EchoAgent();
    const timeoutMs = agent.timeoutMs ?? defaultTimeoutMs;
    switch (agent.kind) {
      case 'http': {
        const { messages = 0, characters = defaultCharacters } = agent.history ?? {};
        return new HttpAgent({ ...agent, timeoutMs, history: { messages, characters } });
      }
      case 'openai': {
        const { stream = true, images = false, historyMessages, historyCharacters } = agent;
        const history = {
          messages: historyMessages ?? defaultModelHistory,
          characters: historyCharacters ?? defaultCharacters,
        };
        return new OpenaiAgent({ ...agent, timeoutMs, stream, images, history });
      }
      case 'automagik':
        return new AutomagikAgent({ ...agent, timeoutMs });
      case 'hive':
        return new HiveAgent({ ...agent, timeoutMs, stream: agent.stream ?? true });
    }
  }
}
