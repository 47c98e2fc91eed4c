import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Person, startTelegramSimulator, type TelegramSimulator, transcriptLine } from '.';

const hubProgram = resolve(__dirname, '../../../dist/apps/hub/main.js');
const adminKey = 'omni_demo_key_for_this_run_only';
const startWithinMs = 20_000;

/** A person writes on a fake Telegram; the built hub, with its echo agent, answers. The chat is shown as it happens. */
async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'omni-demo-'));
  const telegram = await startTelegramSimulator();
  let hub: Awaited<ReturnType<typeof startHub>> | null = null;
  try {
    hub = await startHub(dataDir);
    const bot = telegram.bot({ token: '4242:demo-token', username: 'demo_bot', name: 'Demo' });
    const ada = telegram.person({ bot, id: 7, name: 'Ada', username: 'ada' });
    telegram.watch((happening) => {
      if (happening.kind === 'message') console.log(`  ${transcriptLine(happening.entry)}`);
    });
    await createInstance(hub.url, telegram.url, bot.token);
    console.log(`\nThe hub listens on ${hub.url}; a fake Telegram on ${telegram.url}.\n`);
    await converse(telegram, ada);
    console.log('\nThat was one conversation through the whole hub. `npm start` starts it for good.');
  } finally {
    if (hub) await stop(hub.process);
    await telegram.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function converse(telegram: TelegramSimulator, ada: Person): Promise<void> {
  const answerTo = async (act: () => unknown) => {
    act();
    await telegram.waitForReply(ada, () => true, 15_000);
  };
  await answerTo(() => ada.says('Hello! Is anybody there?'));
  await answerTo(() => ada.says('**Styles**, `code` and https://example.org survive the way.'));
  await answerTo(() => ada.sendsPhoto({ caption: 'A picture with a caption.' }));
  console.log('\n  (Now Telegram says 429: wait a second. The hub does, and sends again.)');
  telegram.faults.add({ method: 'sendMessage', times: 1, fault: { kind: 'rate-limit', retryAfter: 1 } });
  await answerTo(() => ada.says('Still there?'));
}

async function startHub(dataDir: string): Promise<{ url: string; process: ChildProcess }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--enable-source-maps', hubProgram], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      OMNI_HOST: '127.0.0.1',
      OMNI_PORT: String(port),
      OMNI_PUBLIC_URL: url,
      OMNI_DATA_DIR: dataDir,
      OMNI_ADMIN_API_KEY: adminKey,
      OMNI_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill());
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-10_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const deadline = Date.now() + startWithinMs;
  while (!(await isReady(url))) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await stop(child);
    throw new Error(`The hub did not start:\n${output}`);
  }
  return { url, process: child };
}

/** Waits a moment where it is not, so that it can be asked in a loop. */
async function isReady(url: string): Promise<boolean> {
  const ready = await fetch(`${url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!ready) await new Promise((resolve) => setTimeout(resolve, 50));
  return ready;
}

async function createInstance(hubUrl: string, apiUrl: string, token: string): Promise<void> {
  const response = await fetch(`${hubUrl}/api/v1/instances`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': adminKey },
    body: JSON.stringify({
      name: 'demo',
      channel: 'telegram',
      enabled: true,
      config: { token, webhookSecret: 'demo-secret', mode: 'webhook', apiUrl },
      agent: { kind: 'echo' },
    }),
  });
  if (!response.ok)
    throw new Error(`The hub refused the instance: ${response.status} ${await response.text()}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
