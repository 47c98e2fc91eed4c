import { parseArgs } from 'node:util';
import {
  cloudTranscriptLine,
  discordTranscriptLine,
  evolutionTranscriptLine,
  startAgentSimulator,
  startCloudSimulator,
  startDiscordSimulator,
  startEvolutionSimulator,
  startSlackSimulator,
  startTelegramSimulator,
  transcriptLine,
} from '.';
import {
  agentGuide,
  cloudGuide,
  discordGuide,
  evolutionGuide,
  slackGuide,
  telegramGuide,
} from './command/guides';

const usage = `Starts fake platforms and a fake agent on loopback.

  --port <n>            of the fake Bot API server (9200)
  --agent-port <n>      of the fake agent (the port after it)
  --cloud-port <n>      of the fake WhatsApp Cloud API (two ports after the first)
  --evolution-port <n>  of the fake Evolution API server (three ports after the first)
  --discord-port <n>    of the fake Discord (four ports after the first)
  --slack-port <n>      of the fake Slack (five ports after the first)
  --host <address>      to listen on (127.0.0.1)
  --strict              only registered tokens and known chats, as the real servers; otherwise any of them will do
  --rate-limits         refuses above the published limits
  --keep counts         keeps no messages: for load
  --quiet               does not show the conversations
`;

/** What all platforms are told. */
interface Settings {
  host: string;
  keep: 'all' | 'counts';
  strict: boolean;
  rateLimits: boolean;
  quiet: boolean;
  agentUrl: string;
}

interface Closable {
  close(): Promise<void>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9200' },
      'agent-port': { type: 'string' },
      'cloud-port': { type: 'string' },
      'evolution-port': { type: 'string' },
      'discord-port': { type: 'string' },
      'slack-port': { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      keep: { type: 'string', default: 'all' },
      strict: { type: 'boolean', default: false },
      'rate-limits': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const port = Number(values.port);
  const nearby = (given: string | undefined, offset: number) =>
    Number(given ?? (port === 0 ? 0 : port + offset));
  const { host, strict, quiet } = values;
  const keep = values.keep === 'counts' ? 'counts' : 'all';
  const agent = await startAgentSimulator({ port: nearby(values['agent-port'], 1), host, keep });
  const settings = {
    host,
    keep,
    strict,
    quiet,
    rateLimits: values['rate-limits'],
    agentUrl: agent.url,
  } as const;
  const platforms = [
    await startTelegram(port, settings),
    await startCloud(nearby(values['cloud-port'], 2), settings),
    await startEvolution(nearby(values['evolution-port'], 3), settings),
    await startDiscord(nearby(values['discord-port'], 4), settings),
    await startSlack(nearby(values['slack-port'], 5), settings),
  ];
  console.log(agentGuide(agent.url));
  console.log(
    'The WhatsApps call the hub: start it with OMNI_PUBLIC_URL, http://127.0.0.1:8882 will do.\n' +
      'tools/simulator/README.md lists everything else. Ctrl+C stops.\n',
  );
  const stop = () => void Promise.all([agent, ...platforms].map((server) => server.close()));
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

async function startTelegram(port: number, settings: Settings): Promise<Closable> {
  const { host, keep, strict, rateLimits, quiet, agentUrl } = settings;
  const telegram = await startTelegramSimulator({
    port,
    host,
    keep,
    anyToken: !strict,
    autoChats: !strict,
    rateLimits,
  });
  const bot = telegram.bot();
  const ada = telegram.person({ bot, id: 7, name: 'Ada', username: 'ada' });
  console.log(telegramGuide(telegram.url, agentUrl, bot.token, ada));
  if (!quiet) {
    telegram.watch((happening) => {
      if (happening.kind !== 'message' && happening.kind !== 'edited') return;
      console.log(`[Telegram, ${happening.chat.title}] ${transcriptLine(happening.entry)}`);
    });
  }
  return telegram;
}

async function startCloud(port: number, settings: Settings): Promise<Closable> {
  const { host, keep, strict, rateLimits, quiet, agentUrl } = settings;
  const cloud = await startCloudSimulator({
    port,
    host,
    keep,
    autoChats: !strict,
    pairRate: rateLimits,
    throughput: rateLimits,
  });
  const number = await cloud.number({
    templates: [{ name: 'hello', language: 'en_US', body: 'You asked: {{1}}' }],
  });
  const cem = cloud.person({ number, name: 'Cem', phone: '4915112345678' });
  console.log(cloudGuide(cloud.url, agentUrl, number, cem));
  if (!quiet) {
    cloud.watch((happening) => {
      if (happening.kind !== 'message' && happening.kind !== 'edited') return;
      const { chat, entry } = happening;
      console.log(`[WhatsApp Cloud, ${chat.title}] ${cloudTranscriptLine(chat, entry)}`);
    });
  }
  return cloud;
}

async function startEvolution(port: number, settings: Settings): Promise<Closable> {
  const { host, keep, strict, quiet, agentUrl } = settings;
  const evolution = await startEvolutionSimulator({
    port,
    host,
    keep,
    autoChats: !strict,
    qr: { everyMs: 20_000 },
  });
  const instance = evolution.instance();
  const bia = evolution.person({ instance, name: 'Bia', phone: '5511987654321', lid: '141000111222333' });
  console.log(evolutionGuide(evolution, agentUrl, bia));
  if (!quiet) {
    evolution.watch((happening) => {
      if (happening.kind !== 'message' && happening.kind !== 'edited') return;
      console.log(
        `[WhatsApp Evolution, ${happening.chat.title}] ${evolutionTranscriptLine(happening.entry)}`,
      );
    });
  }
  return evolution;
}

async function startDiscord(port: number, settings: Settings): Promise<Closable> {
  const { host, keep, strict, rateLimits, quiet, agentUrl } = settings;
  const discord = await startDiscordSimulator({
    port,
    host,
    keep,
    anyToken: !strict,
    autoChats: !strict,
    rateLimits,
  });
  const application = discord.application({ name: 'support' });
  const guild = discord.guild({ name: 'Shop' });
  discord.person({ name: 'Eli', guild });
  console.log(discordGuide(discord, agentUrl, application));
  if (!quiet) {
    discord.watch((happening) => {
      if (happening.kind !== 'message' && happening.kind !== 'edited') return;
      console.log(`[Discord, ${happening.chat.title}] ${discordTranscriptLine(happening.entry)}`);
    });
  }
  return discord;
}

async function startSlack(port: number, { host, quiet, agentUrl }: Settings): Promise<Closable> {
  const slack = await startSlackSimulator({ port, host });
  const app = slack.app({ name: 'support' });
  slack.channel('help', [slack.person(app, 'Ida')]);
  console.log(slackGuide(slack, agentUrl, app));
  if (!quiet) slack.watch(({ channel }, line) => console.log(`[Slack, ${channel.name}] ${line}`));
  return slack;
}

main().catch((error: Error) => {
  console.error(`The simulator could not start: ${error.message}`);
  process.exitCode = 1;
});
