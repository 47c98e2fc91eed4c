import type { InboundEvent } from '@omni-hub/contracts';
import { LiveSession, waitUntil } from '../checks/live-session';
import { configFor, createHandler, type Context } from '../context';
import { differences, throughJson } from '../fixtures/compare';
import { fill } from '../fixtures/placeholders';
import type { ListenOptions, LivePlatform } from '../options';
import { Findings } from './rule';

const endLimitMs = 1_000;
const offerLimitMs = 10_000;
/** How long a commit is held back to see whether the cursor waits for it. */
const holdMs = 500;
const outageMs = 1_000;
const mostAttemptsInOutage = 12;

/** What is delivered, and what it must become. */
interface Delivery {
  body: unknown;
  events: InboundEvent[];
}

/** One listener on one stand-in of the platform. */
interface Scene {
  platform: LivePlatform;
  session: LiveSession;
}

/**
 * LIVE-1: what is delivered is offered, and the cursor waits for the commit; a batch whose commit fails is offered again; a
 * dropped connection is reopened with backoff; an abort ends the listener within a second, in an outage too.
 */
export async function checkListener(context: Context): Promise<void> {
  const { listen } = context.options;
  if (!context.handler.capabilities.abilities.listen) return;
  const findings: Findings = new Findings('LIVE-1');
  if (!listen) findings.fail('options.listen', 'the channel has listen: tell how its platform is played');
  await findings.attempt('a listener', () =>
    inScene(context, listen, async (scene, [first, second]) => [
      ...(await commitProblems(scene, first)),
      ...(await reconnectProblems(scene, second)),
      ...(await scene.session.stop(endLimitMs)),
    ]),
  );
  await findings.attempt('a listener in an outage', () =>
    inScene(context, listen, async ({ platform, session }) => {
      platform.drop();
      const before = platform.attempts();
      await waitUntil(() => platform.attempts() > before, outageMs);
      return session.stop(endLimitMs);
    }),
  );
  findings.conclude();
}

async function commitProblems({ platform, session }: Scene, delivery: Delivery): Promise<string[]> {
  platform.deliver(delivery.body);
  const offer = await session.nextOffer(offerLimitMs);
  if (!offer) return ['a delivered body is never offered to the hub'];
  const ahead = await waitUntil(() => platform.confirmed() > 0, holdMs);
  if (ahead) return ['the cursor went ahead of the commit'];
  offer.fail();
  const again = await session.nextOffer(offerLimitMs);
  if (!again) return ['a batch whose commit failed is never offered again'];
  if (platform.confirmed() > 0) return ['the cursor went on although the commit failed'];
  again.commit();
  const confirmed = await waitUntil(() => platform.confirmed() > 0, offerLimitMs);
  return [
    ...(confirmed ? [] : ['the platform is never told that the batch was committed']),
    ...differences(delivery.events, throughJson(session.committed), 'events'),
  ];
}

async function reconnectProblems({ platform, session }: Scene, delivery: Delivery): Promise<string[]> {
  const committed = session.committed.length;
  const before = platform.attempts();
  platform.drop();
  await waitUntil(() => platform.attempts() - before > mostAttemptsInOutage, outageMs);
  const attempts = platform.attempts() - before;
  if (attempts > mostAttemptsInOutage)
    return [`an outage is answered with ${attempts} attempts in ${outageMs} ms: back off`];
  platform.deliver(delivery.body);
  platform.restore();
  const offer = await session.nextOffer(offerLimitMs);
  if (!offer) return ['after a dropped connection nothing is offered any more: it was not opened again'];
  offer.commit();
  const missing = ['connected', 'retrying'].filter((state) => !session.states.has(state));
  return [
    ...missing.map((state) => `the state "${state}" was never told`),
    ...differences(delivery.events, throughJson(session.committed.slice(committed)), 'events after the drop'),
  ];
}

/** Plays a scene with a listener of its own and takes everything down after it. */
async function inScene(
  context: Context,
  listen: ListenOptions,
  play: (scene: Scene, deliveries: [Delivery, Delivery]) => Promise<string[]>,
): Promise<string[]> {
  const platform = await listen.start();
  const session = new LiveSession();
  try {
    const config = configFor(context, platform.url, listen.config);
    session.start(createHandler(context, config));
    const [first, second] = listen.deliveries.map((file) => deliveryOf(context, file, config));
    return await play({ platform, session }, [first, second]);
  } finally {
    await session.stop(endLimitMs);
    await platform.close();
  }
}

function deliveryOf({ inbound }: Context, file: string, config: Record<string, unknown>): Delivery {
  const named = inbound.find((candidate) => candidate.file === file);
  if (!named) throw new Error(`options.listen.deliveries: there is no fixture ${file}`);
  const { request, expect } = fill(named.fixture, config);
  return { body: request, events: expect.events };
}
