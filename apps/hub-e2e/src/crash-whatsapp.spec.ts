import type { FaultRule } from '@omni-hub/simulator';
import { describeCrashes, type StartSubject } from './harness/crash.suite';
import { RailWorld } from './harness/rail-world';
import { CloudRail, EvolutionRail, type WebhookRail } from './harness/rails';

const onRail =
  (
    start: () => Promise<WebhookRail & { platform: { faults: { add(rule: FaultRule): unknown } } }>,
    method: string,
  ): StartSubject =>
  async (options) => {
    const rail = await start();
    const world = await RailWorld.create(rail, options);
    return {
      world,
      webhook: world.webhookUrl,
      post: rail.post,
      follow: rail.follow,
      chatId: rail.chatId,
      slowDown: (fault) => rail.platform.faults.add({ method, fault, probability: 0.5 }),
    };
  };

const onCloud = onRail(() => CloudRail.start({ autoChats: true }), 'send');
const onEvolution = onRail(() => EvolutionRail.start({ autoChats: true }), 'sendText');

describeCrashes('WhatsApp by Cloud', 'sqlite', 10, onCloud);
describeCrashes('WhatsApp by Evolution', 'sqlite', 10, onEvolution);
