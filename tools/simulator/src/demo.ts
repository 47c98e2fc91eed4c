import { onCloud } from './demo/cloud';
import { onDiscord } from './demo/discord';
import { onEvolution } from './demo/evolution';
import { DemoHub } from './demo/hub';
import { onSlack } from './demo/slack';
import { onTelegram } from './demo/telegram';

/** People write on fake platforms; the built hub, with its echo agent, answers. The chats are shown as they happen. */
async function main(): Promise<void> {
  const hub = await DemoHub.start();
  console.log(
    `\nThe hub listens on ${hub.url}, beside a fake Telegram, two fake WhatsApps, a fake Discord and a fake Slack.`,
  );
  try {
    for (const converse of [onTelegram, onCloud, onEvolution, onDiscord, onSlack]) {
      console.log('');
      await converse(hub);
    }
    console.log('\nThese were five conversations through the whole hub. `npm start` starts it for good.');
  } finally {
    await hub.stop();
  }
}

process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
