import { startTelegramSimulator, transcriptLine } from '..';
import type { DemoHub } from './hub';
import { terminalOf } from './terminal';

/** Styles, a picture, and a rate limit. */
export async function onTelegram(hub: DemoHub): Promise<void> {
  const { line, remark } = terminalOf('Telegram');
  const telegram = await startTelegramSimulator();
  try {
    const bot = telegram.bot({ token: '4242:demo-token', username: 'demo_bot', name: 'Demo' });
    const ada = telegram.person({ bot, id: 7, name: 'Ada', username: 'ada' });
    telegram.watch((happening) => {
      if (happening.kind === 'message') line(transcriptLine(happening.entry));
    });
    await hub.addInstance('telegram', 'telegram', {
      token: bot.token,
      webhookSecret: 'demo-secret',
      mode: 'webhook',
      apiUrl: telegram.url,
    });
    const answerTo = async (act: () => unknown) => {
      act();
      await telegram.waitForReply(ada, () => true, 15_000);
    };
    await answerTo(() => ada.says('Hello! **Styles**, `code` and https://example.org survive the way.'));
    await answerTo(() => ada.sendsPhoto({ caption: 'A picture with a caption.' }));
    remark('now Telegram says 429: wait a second. The hub does, and sends again');
    telegram.faults.add({ method: 'sendMessage', times: 1, fault: { kind: 'rate-limit', retryAfter: 1 } });
    await answerTo(() => ada.says('Still there?'));
  } finally {
    await telegram.close();
  }
}
