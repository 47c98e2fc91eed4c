import { describeCrashes, type StartSubject } from './harness/crash.suite';
import { telegramPost, telegramReplies } from './harness/telegram-traffic';
import { instanceName, World } from './harness/world';

const onTelegram: StartSubject = async (options) => {
  const world = await World.create({ ...options, telegram: { autoChats: true } });
  return {
    world,
    webhook: `${world.hub.url}/webhooks/telegram/${instanceName}`,
    post: telegramPost,
    follow: telegramReplies(world.telegram),
    chatId: (chat) => `telegram:${chat}`,
    slowDown: (fault) => world.telegram.faults.add({ method: 'sendMessage', fault, probability: 0.5 }),
  };
};

describeCrashes('Telegram', 'sqlite', 20, onTelegram);
describeCrashes('Telegram', 'postgres', 10, onTelegram);
