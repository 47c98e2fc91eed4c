import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const program = resolve(__dirname, '../../../../dist/apps/hub/main.js');
const adminKey = 'omni_demo_key_for_this_run_only';
const startWithinMs = 20_000;
const patienceMs = 15_000;

/** The built hub in a folder of its own, which goes with it. */
export class DemoHub {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly dataDir: string,
  ) {}

  static async start(): Promise<DemoHub> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const dataDir = mkdtempSync(join(tmpdir(), 'omni-demo-'));
    const child = spawn(process.execPath, ['--enable-source-maps', program], {
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
    const hub = new DemoHub(url, child, dataDir);
    process.once('exit', () => hub.abandon());
    await hub.becomesReady();
    return hub;
  }

  /** Makes an instance that answers whatever people write with their own words. */
  addInstance(name: string, channel: string, config: object): Promise<unknown> {
    return this.ask('POST', '/api/v1/instances', { name, channel, config, agent: { kind: 'echo' } });
  }

  async ask<Answer>(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json', 'x-api-key': adminKey },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (response.ok) return (await response.json()) as Answer;
    throw new Error(`The hub refused ${method} ${path}: ${response.status} ${await response.text()}`);
  }

  /** Asks until the answer fits, and resolves with it. */
  async askUntil<Answer>(path: string, fits: (answer: Answer) => boolean): Promise<Answer> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const answer = await this.ask<Answer>('GET', path);
      if (fits(answer)) return answer;
      if (Date.now() > deadline) throw new Error(`The hub still says: ${JSON.stringify(answer)}`);
      await aMoment();
    }
  }

  async stop(): Promise<void> {
    if (this.isRunning) {
      await new Promise<void>((resolve) => {
        this.child.once('exit', () => resolve());
        this.child.kill('SIGTERM');
      });
    }
    this.abandon();
  }

  private get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What is left to do when there is no time: nothing of it may fail. */
  private abandon(): void {
    if (this.isRunning) this.child.kill('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async becomesReady(): Promise<void> {
    let output = '';
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-10_000));
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    const deadline = Date.now() + startWithinMs;
    while (!(await this.isReady())) {
      if (this.isRunning && Date.now() < deadline) {
        await aMoment();
        continue;
      }
      await this.stop();
      throw new Error(`The hub did not start:\n${output}`);
    }
  }

  private isReady(): Promise<boolean> {
    return fetch(`${this.url}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 50));

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
