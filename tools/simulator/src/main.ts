import { parseArgs } from 'node:util';
import { startAgentSimulator, startTelegramSimulator, transcriptLine } from '.';

const usage = `Starts a fake Telegram and a fake agent on loopback.

  --port <n>         of the fake Bot API server (9200)
  --agent-port <n>   of the fake agent (the port after it)
  --host <address>   to listen on (127.0.0.1)
  --strict           only registered tokens and known chats, as the real server; otherwise any of them will do
  --rate-limits      answers 429 above the published limits
  --keep counts      keeps no messages: for load
  --quiet            does not show the conversations
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9200' },
      'agent-port': { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      keep: { type: 'string', default: 'all' },
      strict: { type: 'boolean', default: false },
      'rate-limits': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const { host, strict } = values;
  const keep = values.keep === 'counts' ? 'counts' : 'all';
  const port = Number(values.port);
  const telegram = await startTelegramSimulator({
    port,
    host,
    keep,
    anyToken: !strict,
    autoChats: !strict,
    rateLimits: values['rate-limits'],
  });
  const agentPort = Number(values['agent-port'] ?? (port === 0 ? 0 : port + 1));
  const agent = await startAgentSimulator({ port: agentPort, host, keep });
  const bot = telegram.bot();
  const ada = telegram.person({ bot, id: 7, name: 'Ada', username: 'ada' });
  console.log(guide(telegram.url, agent.url, bot.token, ada.user.id));
  if (!values.quiet) {
    telegram.watch((happening) => {
      if (happening.kind === 'message' || happening.kind === 'edited') {
        console.log(`[${happening.chat.title}] ${transcriptLine(happening.entry)}`);
      }
    });
  }
  const stop = () => void Promise.all([telegram.close(), agent.close()]);
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

const guide = (url: string, agentUrl: string, token: string, person: number) => `Fake Telegram:  ${url}
Fake agent:     ${agentUrl}

An instance of the hub talks to them with:
  "channel": "telegram",
  "config": { "token": "${token}", "webhookSecret": "secret", "mode": "polling", "apiUrl": "${url}" },
  "agent":  { "kind": "http", "url": "${agentUrl}" }

Ada writes to the bot:
  curl -X POST ${url}/control/people/${person}/says -d '{"text": "hello"}'
Read the chat:
  curl ${url}/control/chats/${person}
The next message meets a rate limit:
  curl -X POST ${url}/control/faults -d '{"method": "sendMessage", "nth": 1, "fault": {"kind": "rate-limit", "retryAfter": 2}}'
The agent hangs:
  curl -X POST ${agentUrl.replace('/chat', '')}/control/answers -d '{"kind": "hang"}'

tools/simulator/README.md lists everything else. Ctrl+C stops.
`;

main().catch((error: Error) => {
  console.error(`The simulator could not start: ${error.message}`);
  process.exitCode = 1;
});
