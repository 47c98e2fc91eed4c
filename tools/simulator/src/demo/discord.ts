import { discordTranscriptLine, startDiscordSimulator } from '..';
import type { DemoHub } from './hub';
import { question } from './question';
import { terminalOf } from './terminal';

/** A channel of a server: a mention, a command, and buttons. */
export async function onDiscord(hub: DemoHub): Promise<void> {
  const { line, remark } = terminalOf('Discord');
  const discord = await startDiscordSimulator();
  try {
    const bot = discord.application({ name: 'demo' });
    const guild = discord.guild({ name: 'Shop' });
    const eli = discord.person({ name: 'Eli', guild });
    discord.watch((happening) => {
      if (happening.kind === 'message' || happening.kind === 'edited')
        line(discordTranscriptLine(happening.entry).replaceAll(`<@${bot.user.id}>`, '@demo'));
    });
    const { token, id: applicationId, publicKey } = bot;
    await hub.addInstance('discord', 'discord', {
      token,
      applicationId,
      publicKey,
      apiUrl: discord.apiUrl,
    });
    await hub.askUntil<{ state: string }>('/api/v1/instances/discord/status', ({ state }) => state === 'ok');
    remark('the bot has a connection to the gateway');
    const answerTo = async (act: () => unknown) => {
      await act();
      await discord.waitForReply(guild.general, () => true, 15_000);
    };
    await answerTo(() => eli.mentions(bot, 'Do you have tea?'));
    remark('Eli uses the command /order; the answer takes the place of "is thinking"');
    await answerTo(() => eli.usesCommand('order', { what: 'tea' }));
    remark('the same buttons, in the channel');
    const message = { to: `discord:${guild.general.id}`, content: question };
    await answerTo(() => hub.ask('POST', '/api/v1/instances/discord/messages', message));
    remark('Eli presses Green');
    await answerTo(() => eli.presses('Green'));
  } finally {
    await discord.close();
  }
}
