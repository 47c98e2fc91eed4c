import { startSlackSimulator } from '..';
import type { DemoHub } from './hub';
import { question } from './question';
import { terminalOf } from './terminal';

/** A channel of a workspace: a mention that is answered in its thread, a command, and buttons. */
export async function onSlack(hub: DemoHub): Promise<void> {
  const { line, remark } = terminalOf('Slack');
  const slack = await startSlackSimulator();
  try {
    const app = slack.app({ name: 'demo' });
    const ida = slack.person(app, 'Ida');
    const shop = slack.channel('shop', [ida]);
    slack.watch((_happening, shown) => line(shown));
    await hub.addInstance('slack', 'slack', slack.configOf(app));
    slack.deliversTo(app, `${hub.url}/webhooks/slack/slack`);
    const answerTo = async (act: () => unknown) => {
      await act();
      return slack.waitForReply(shop, () => true, 15_000);
    };
    await answerTo(() => ida.mentions('Do you have tea?', { channel: shop }));
    remark('Ida gives the command /order');
    await answerTo(() => ida.commands('/order', 'tea', shop));
    remark('the same buttons, in the channel');
    const message = { to: `slack:${shop.id}`, content: question };
    const asked = await answerTo(() => hub.ask('POST', '/api/v1/instances/slack/messages', message));
    remark('Ida presses Green');
    await answerTo(() => ida.presses(asked, 'Green'));
  } finally {
    await slack.close();
  }
}
