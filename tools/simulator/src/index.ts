export type { AgentBehaviour, AgentScript, AskedTurn } from './agent/behaviour';
export {
  type AgentCall,
  type AgentSimulator,
  type AgentSimulatorOptions,
  startAgentSimulator,
} from './agent/agent-simulator';
export { simulatedUserId as automagikUserId } from './agent/automagik-protocol';
export type { Violation } from './agent/checker';
export type { AgentProtocolName } from './agent/protocol';
export type { ServedFile } from './agent/served-files';
export {
  type ApplicationOptions as DiscordApplicationOptions,
  type SimulatedApplication,
} from './discord/application';
export type { SimulatedChannel as DiscordChannel } from './discord/channel';
export type { DiscordFault } from './discord/faults';
export type { GatewayFault } from './discord/gateway/faults';
export type { GatewaySession } from './discord/gateway/session';
export type {
  GatewayOptions as DiscordGatewayOptions,
  Identify as DiscordIdentify,
} from './discord/gateway/sessions';
export type {
  ChannelOptions as DiscordChannelOptions,
  Guild as DiscordGuild,
  GuildOptions as DiscordGuildOptions,
} from './discord/guild';
export type { RecordedDiscordEvent } from './discord/inject';
export type { CommandOptions as DiscordCommandOptions } from './discord/interactions/data';
export type {
  Interaction as DiscordInteraction,
  InteractionAnswer as DiscordInteractionAnswer,
} from './discord/interactions/interaction';
export type { Entry as DiscordEntry, StoredMessage as DiscordMessage } from './discord/message';
export type { CommandUse as DiscordCommandUse, DiscordPerson } from './discord/person';
export type { DiscordCall, DiscordCounters, DiscordDelivery, DiscordHappening } from './discord/records';
export {
  type DiscordPersonOptions,
  type DiscordSimulator,
  type DiscordSimulatorOptions,
  startDiscordSimulator,
} from './discord/simulator';
export { line as discordTranscriptLine } from './discord/transcript';
export type { DiscordFileOptions, DiscordSayOptions, InDiscordChannel } from './discord/writer';
export type { Acknowledgements } from './evolution/acknowledgements';
export type {
  DeliveryStatus as EvolutionDeliveryStatus,
  Entry as EvolutionEntry,
  SimulatedChat as EvolutionChat,
} from './evolution/chat';
export type { SayOptions as EvolutionSayOptions } from './evolution/compose';
export { type EvolutionVersion, evolutionVersions } from './evolution/dialect';
export type { Group as EvolutionGroup, GroupOptions as EvolutionGroupOptions } from './evolution/group';
export type { InChat as InEvolutionChat } from './evolution/in-chat';
export type { RecordedBody as RecordedEvolutionBody } from './evolution/inject';
export type { InstanceOptions, Restriction, SimulatedInstance } from './evolution/instance';
export type { MediaFlaw } from './evolution/media';
export type { EvolutionFault, Refused as EvolutionRefusal } from './evolution/options';
export type { FileOptions as EvolutionFileOptions, Person as EvolutionPerson } from './evolution/person';
export type { EvolutionCall, EvolutionCounters, EvolutionHappening } from './evolution/records';
export {
  type EvolutionPersonOptions,
  type EvolutionSimulator,
  type EvolutionSimulatorOptions,
  startEvolutionSimulator,
} from './evolution/simulator';
export { line as evolutionTranscriptLine } from './evolution/transcript';
export type { Fault, FaultRule, Faults } from './faults';
export type { InboundDisturbance } from './inbound-faults';
export {
  type ObjectStoreOptions,
  type ObjectStoreSimulator,
  startObjectStoreSimulator,
} from './object-store/object-store-simulator';
export { seededRandom } from './random';
export type { SlackPerson, SlackSayOptions } from './slack/person';
export { type SlackSimulator, type SlackSimulatorOptions, startSlackSimulator } from './slack/simulator';
export type { SlackApp, SlackChannel, SlackEntry, SlackFile } from './slack/workspace';
export { spokenIn } from './synthesizer/ogg';
export {
  startSynthesizerSimulator,
  type SynthesizerCall,
  type SynthesizerSimulator,
  type SynthesizerSimulatorOptions,
} from './synthesizer/synthesizer-simulator';
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
export type { ApiCall, Counters, Happening } from './telegram/world';
export {
  startTranscriberSimulator,
  type Hearing,
  type TranscriberCall,
  type TranscriberSimulator,
  type TranscriberSimulatorOptions,
} from './transcriber/transcriber-simulator';
export type { Delivery } from './webhook-sender';
export type {
  Contact as CloudContact,
  CloudChat,
  Entry as CloudEntry,
  EntryStatus as CloudEntryStatus,
} from './whatsapp-cloud/chat';
export type { CloudFault, CloudFaultRule } from './whatsapp-cloud/faults';
export type { RecordedBody as RecordedCloudBody } from './whatsapp-cloud/inject';
export type { BusinessNumber, NumberOptions, Template } from './whatsapp-cloud/number';
export type { CloudFileOptions, CloudPerson, CloudSayOptions, InCloudChat } from './whatsapp-cloud/person';
export type { CloudCall, CloudCounters, CloudHappening } from './whatsapp-cloud/records';
export {
  type CloudPersonOptions,
  type CloudSimulator,
  type CloudSimulatorOptions,
  startCloudSimulator,
} from './whatsapp-cloud/simulator';
export type { SendFailure, StatusPlan } from './whatsapp-cloud/statuses';
export { line as cloudTranscriptLine } from './whatsapp-cloud/transcript';
export type { CloudDelivery } from './whatsapp-cloud/webhook-feed';
