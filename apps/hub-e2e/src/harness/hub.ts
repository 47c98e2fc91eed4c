import axios, { type AxiosInstance } from 'axios';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { holdAgainstDocument, learnDocument } from './documented';
import { until } from './until';

const built = resolve(__dirname, '../../../../dist/apps/hub/main.js');
export const adminKey = 'omni_test_admin_key_0123456789';

export interface HubOptions {
  /** Where it keeps its data; a temporary folder when absent. */
  dataDir?: string;
  databaseUrl?: string;
  port?: number;
  environment?: Record<string, string>;
  /** Its answers are not held against its document, which it is not asked for: for measuring. */
  measured?: boolean;
  /** Options of Node itself. */
  nodeOptions?: string[];
}

/** The built hub as a process of its own, as an operator starts it. */
export class Hub {
  readonly dataDir: string;
  readonly port: number;
  readonly api: AxiosInstance;
  output = '';
  private process: ChildProcess | null = null;

  private constructor(
    private readonly options: HubOptions,
    port: number,
  ) {
    this.dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'omni-hub-'));
    this.port = port;
    this.api = axios.create({
      baseURL: this.url,
      headers: { 'x-api-key': adminKey },
      validateStatus: () => true,
      timeout: 30_000,
    });
    if (!options.measured) holdAgainstDocument(this.api);
  }

  /** Starts it and resolves once it is ready. */
  static async start(options: HubOptions = {}): Promise<Hub> {
    const hub = new Hub(options, options.port ?? (await freePort()));
    try {
      await hub.start();
    } catch (error) {
      await hub.dispose();
      throw error;
    }
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.process!.pid!;
  }

  get running(): boolean {
    return this.process !== null && this.process.exitCode === null && this.process.signalCode === null;
  }

  async start(): Promise<void> {
    if (!existsSync(built)) throw new Error(`${built} is not there: run \`npx nx build hub\` first`);
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', ...(this.options.nodeOptions ?? []), built],
      {
        env: this.environment(),
        // Where no .env of a developer lies.
        cwd: this.dataDir,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.process = child;
    const keep = (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-200_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    await until('the hub is ready', async () => {
      if (!this.running) throw new Error(`the hub ended while starting:\n${this.output}`);
      return (await this.api.get('/ready').catch(() => null))?.status === 200;
    });
    if (!this.options.measured) await learnDocument(this.api);
  }

  /** As a power cut to the process: no handler runs. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** As an orchestrator stops it; answers how long that took, milliseconds. */
  async stop(): Promise<number> {
    const startedAt = Date.now();
    await this.end('SIGTERM');
    return Date.now() - startedAt;
  }

  /** Stops it and removes its data. */
  async dispose(): Promise<void> {
    if (this.running) await this.kill();
    if (!this.options.dataDir) rmSync(this.dataDir, { recursive: true, force: true });
  }

  private end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process!;
    if (!this.running) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  }

  private environment(): NodeJS.ProcessEnv {
    const { PATH, HOME } = process.env;
    return {
      PATH,
      HOME,
      OMNI_HOST: '127.0.0.1',
      OMNI_PORT: String(this.port),
      OMNI_PUBLIC_URL: this.url,
      OMNI_DATA_DIR: this.dataDir,
      OMNI_ADMIN_API_KEY: adminKey,
      OMNI_LOG_LEVEL: 'warn',
      ...(this.options.databaseUrl ? { OMNI_DATABASE_URL: this.options.databaseUrl } : {}),
      ...this.options.environment,
    };
  }
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
