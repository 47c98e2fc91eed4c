export type { AgentBehaviour, AgentScript, AskedTurn } from './agent/behaviour';
export {
  type AgentCall,
  type AgentSimulator,
  type AgentSimulatorOptions,
  startAgentSimulator,
} from './agent/agent-simulator';
export type { Violation } from './agent/checker';
export type { Fault, FaultRule, Faults } from './faults';
export type { InboundDisturbance } from './inbound-faults';
export { seededRandom } from './random';
export type { Press, SimulatedBot } from './telegram/bot';
export type { Entry, SimulatedChat } from './telegram/chat';
export type { Group, GroupOptions } from './telegram/group';
export type { RecordedUpdate } from './telegram/inject';
export type { FileOptions, InChat, Person, SayOptions } from './telegram/person';
export {
  type Expected,
  type PersonOptions,
  startTelegramSimulator,
  type TelegramSimulator,
  type TelegramSimulatorOptions,
} from './telegram/simulator';
export { line as transcriptLine } from './telegram/transcript';
export type { Delivery } from './telegram/webhook-sender';
export type { ApiCall, Counters, Happening } from './telegram/world';
