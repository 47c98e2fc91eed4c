import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Event {
  eventId: string;
  type: string;
  /** Of what is told about the account. */
  connection?: string | null;
  restricted?: boolean | null;
}

/** A fixture of WhatsApp's, as far as the built hub is shown it. */
export interface RailFixture {
  name: string;
  source: string;
  /** The body as the platform posts it. */
  body: string;
  /** What follows the instance in the webhook's address. */
  path: string;
  /** Over the instance's own. */
  config: Record<string, unknown>;
  /** The account itself wrote it. */
  own: boolean;
  events: Event[];
  ignored: Pick<Event, 'eventId'>[];
}

/** Every inbound fixture of a provider. */
export function railFixtures(provider: 'cloud' | 'evolution'): RailFixture[] {
  const folder = join(__dirname, '../../../../libs/channels/whatsapp/fixtures', provider, 'inbound');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const { source, request, rawBody, path, config, own, expect } = JSON.parse(
      readFileSync(join(folder, file), 'utf8'),
    );
    return {
      name: file.replace(/\.json$/, ''),
      source,
      body: rawBody ?? JSON.stringify(request),
      path: path ?? '',
      config: config ?? {},
      own: own ?? false,
      events: expect.events,
      ignored: expect.ignored ?? [],
    };
  });
}
