import type { ChannelHandler, Received, WebhookRequest } from '@omni-hub/channel-sdk';
import {
  accountOf,
  configFor,
  createHandler,
  nowhere,
  signedRequest,
  unsignedRequest,
  type Context,
} from '../context';
import type { InboundFixture, Named } from '../fixtures/fixtures';
import { fill } from '../fixtures/placeholders';
import type { Findings } from '../rules/rule';

/** One way in for one fixture: what turns bodies into events. */
export interface Reader {
  config: Record<string, unknown>;
  /** Reads the fixture's own body. Throws what the channel throws. */
  read(): Received;
  /** Reads another body in its place, signed as the platform would. */
  readBody(body: string | Buffer): Received;
}

/** Made anew for each use, so that nothing that a handler remembers can help. Throws where the options lack what it needs. */
export function readerFor(context: Context, { fixture }: Named<InboundFixture>): Reader {
  const config = configFor(context, nowhere, fixture.config);
  return waysIn(context, fixture) === 'listen'
    ? listenReader(context, fixture, config)
    : webhookReader(context, fixture, config);
}

/** Reads every inbound fixture by a reader of its own; what `check` returns or throws is added to the findings. */
export async function eachFixture(
  findings: Findings,
  context: Context,
  check: (reader: Reader, named: Named<InboundFixture>) => string[] | Promise<string[]>,
): Promise<void> {
  for (const named of context.inbound) {
    await findings.attempt(named.file, () => check(readerFor(context, named), named));
  }
}

/** Whether a fixture comes by the webhook or by the listener. */
export function waysIn({ handler }: Context, fixture: InboundFixture): 'receive' | 'listen' {
  return fixture.via ?? (handler.capabilities.abilities.receive ? 'receive' : 'listen');
}

/** The fixtures that come by the webhook. */
export function webhookFixtures(context: Context): Named<InboundFixture>[] {
  return context.inbound.filter(({ fixture }) => waysIn(context, fixture) === 'receive');
}

export function receiveWith(handler: ChannelHandler, request: WebhookRequest): Received {
  if (!handler.receive) throw new Error('the handler has no receive');
  return handler.receive(request);
}

function webhookReader(context: Context, fixture: InboundFixture, config: Record<string, unknown>): Reader {
  const handler = createHandler(context, config);
  const request = unsignedRequest(fixture, config);
  const readBody = (body: string | Buffer) =>
    receiveWith(handler, signedRequest(context, { ...request, body: Buffer.from(body as string) }));
  return { config, readBody, read: () => readBody(request.body) };
}

function listenReader(context: Context, fixture: InboundFixture, config: Record<string, unknown>): Reader {
  const read = context.options.listen?.read;
  if (!read) throw new Error('the fixture comes via the listener, so the options need listen.read');
  const readBody = (body: string | Buffer) => read(JSON.parse(body.toString()), accountOf(context));
  return { config, readBody, read: () => readBody(JSON.stringify(fill(fixture.request, config))) };
}
