import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Event {
  eventId: string;
  type: string;
}

/** A fixture of Discord's, as far as the built hub is shown it. */
export interface DiscordFixture {
  name: string;
  source: string;
  via: 'gateway' | 'webhook';
  /** The interaction as Discord posts it; the kind and the data of an event as the gateway tells it. */
  event: Record<string, unknown>;
  /** The answer to the webhook. */
  reply: { status: number; body: string } | null;
  events: Event[];
  ignored: Pick<Event, 'eventId'>[];
  /** The id that an event has by its place in the session, and no other. */
  place: string;
}

/** Every inbound fixture. */
export function discordFixtures(): DiscordFixture[] {
  const folder = join(__dirname, '../../../../libs/channels/discord/fixtures/inbound');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const { source, request, via, expect } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const { session, t, s, d } = request;
    return {
      name: file.replace(/\.json$/, ''),
      source,
      via: via === 'listen' ? 'gateway' : 'webhook',
      // Interactions that were made up share a token; at Discord each has its own.
      event: via === 'listen' ? { t, d: withToken(d, file) } : withToken(request, file),
      reply: expect.reply ?? null,
      events: expect.events ?? [],
      ignored: expect.ignored ?? [],
      place: `${session}:${s}`,
    };
  });
}

function withToken(event: Record<string, unknown>, file: string): Record<string, unknown> {
  return typeof event.token === 'string' ? { ...event, token: `${event.token}-${file}` } : event;
}
