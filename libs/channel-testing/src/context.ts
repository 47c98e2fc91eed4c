import {
  validateConfig,
  type Account,
  type ChannelHandler,
  type ChannelLog,
  type WebhookRequest,
} from '@omni-hub/channel-sdk';
import { fill } from './fixtures/placeholders';
import type { InboundFixture, Named, OutboundFixture } from './fixtures/fixtures';
import { loadFixtures } from './fixtures/load';
import type { ConformanceOptions } from './options';

/** Everything that a rule looks at. */
export interface Context {
  options: ConformanceOptions;
  inbound: Named<InboundFixture>[];
  outbound: Named<OutboundFixture>[];
  /** Files in the fixtures' folder that are no fixtures. */
  fileProblems: string[];
  /** A handler of the options' configuration, connected nowhere: for what it says of itself. Reading it throws where none can be made. */
  readonly handler: ChannelHandler;
}

/** An address at which nothing listens: for rules that must not connect. */
export const nowhere = 'http://127.0.0.1:9';

const silentLog: ChannelLog = { info: () => undefined, warn: () => undefined };

export function loadContext(options: ConformanceOptions): Context {
  const { inbound, outbound, problems } = loadFixtures(options.fixtures);
  let handler: ChannelHandler | undefined;
  return {
    options,
    inbound,
    outbound,
    fileProblems: problems,
    get handler() {
      return (handler ??= createHandler(this, configFor(this, nowhere)));
    },
  };
}

/** The plain configuration, with a fixture's own fields laid over it. */
export function configFor(
  { options }: Pick<Context, 'options'>,
  apiUrl: string,
  overlay: Record<string, unknown> = {},
): Record<string, unknown> {
  return { ...options.config(apiUrl), ...overlay };
}

/** A fresh handler, made as the hub makes it. Throws where the configuration is refused. */
export function createHandler(
  { options }: Pick<Context, 'options'>,
  config: Record<string, unknown>,
  log: ChannelLog = silentLog,
): ChannelHandler {
  const validated = validateConfig(options.channel.configClass, config);
  return options.channel.create(validated, { account: options.account ?? null, log });
}

/** An inbound fixture as the request that the platform would make, not yet signed. */
export function unsignedRequest(fixture: InboundFixture, config: Record<string, unknown>): WebhookRequest {
  const { rawBody, request, method = 'POST', path = '', headers = {}, query = {} } = fill(fixture, config);
  const body = rawBody ?? (request === undefined ? '' : JSON.stringify(request));
  return { method, path, headers, query, body: Buffer.from(body, 'utf8') };
}

/** The request as the platform would sign it. Throws where the options lack `sign`. */
export function signedRequest({ options }: Context, request: WebhookRequest): WebhookRequest {
  if (!options.sign) throw new Error('the channel has receive, so the options need sign');
  return options.sign(request);
}

/** Who the instance is, for functions that take it directly. */
export function accountOf({ options }: Context): Account | null {
  return options.account ?? null;
}
