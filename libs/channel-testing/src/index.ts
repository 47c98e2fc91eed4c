export { describeChannelConformance } from './describe';
export type * from './fixtures/fixtures';
export type { ConformanceOptions, Handshake, ListenOptions, LivePlatform } from './options';
export { startFakePlatform, type FakePlatform, type FakePlatformScript } from './platform/fake-platform';
export {
  startGatewayPlatform,
  type GatewayPlatform,
  type GatewayPlatformOptions,
  type GatewayRequest,
} from './platform/gateway-platform';
export {
  startPollingPlatform,
  type PollAnswer,
  type PollingPlatformOptions,
} from './platform/polling-platform';
export { describeReadme } from './readme';
export { describeRendering, type RenderingOptions } from './rendering';
export type { RecordedRequest } from './platform/recorded-request';
export { ruleIds, RuleViolation, type RuleId, type Tier } from './rules/rule';
export { requiredRules, rules } from './rules/rules';
