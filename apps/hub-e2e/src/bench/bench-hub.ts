import { Agent } from 'node:http';
import { Hub } from '../harness/hub';
import { botToken, type Platforms } from './platforms';
import { instanceName, webhookSecret } from './webhooks';

export interface BenchHubOptions {
  roles?: 'api' | 'worker' | 'api,worker';
  databaseUrl?: string;
  /** Shared by the replicas of one database. */
  secretKey?: string;
  /** Where a CPU profile is written at the end. */
  profileDir?: string | null;
}

export interface Usage {
  /** CPU that the process took so far, seconds, all its threads. */
  cpu: number;
  rssMb: number;
  /** What V8 holds for the main thread, garbage that was not collected yet included. */
  heapMb: number;
}

/** Minutes may pass between two readings: a kept connection would be closed by then. */
const oneShot = new Agent({ keepAlive: false });

/** The built hub, in a process of its own, with the instance that the benchmark writes to. */
export class BenchHub {
  private constructor(
    readonly hub: Hub,
    private readonly profiled: boolean,
  ) {}

  static async start({
    roles = 'api,worker',
    databaseUrl,
    secretKey,
    profileDir,
  }: BenchHubOptions): Promise<BenchHub> {
    const hub = await Hub.start({
      databaseUrl,
      measured: true,
      environment: {
        NODE_ENV: 'production',
        OMNI_ROLES: roles,
        OMNI_CHANNELS: 'telegram',
        ...(secretKey ? { OMNI_SECRET_KEY: secretKey } : {}),
      },
      nodeOptions: profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [],
    });
    return new BenchHub(hub, Boolean(profileDir));
  }

  get port(): number {
    return this.hub.port;
  }

  /** Telegram's documented pace is lifted: what is measured is the hub. The agent is the fake one by `http` unless told. */
  async createInstance(
    { telegram, agent }: Platforms,
    agentConfig: object = { kind: 'http', url: agent.url },
  ): Promise<void> {
    const { status, data } = await this.hub.api.post('/api/v1/instances', {
      name: instanceName,
      channel: 'telegram',
      enabled: true,
      config: { token: botToken, webhookSecret, apiUrl: telegram.url, messagesPerSecond: 10_000 },
      agent: agentConfig,
    });
    if (status !== 201) throw new Error(`the instance was not created: ${status} ${JSON.stringify(data)}`);
  }

  /** As the hub's own `/metrics` tells it. */
  async usage(): Promise<Usage> {
    const { data } = await this.hub.api.get<string>('/metrics', { responseType: 'text', httpAgent: oneShot });
    const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(data)?.[1]);
    return {
      cpu: read('process_cpu_seconds_total'),
      rssMb: read('process_resident_memory_bytes') / 1e6,
      heapMb: read('nodejs_heap_size_used_bytes') / 1e6,
    };
  }

  /** A profile is only written by a process that ends by itself. */
  async stop(): Promise<void> {
    if (this.profiled) await this.hub.stop();
    await this.hub.dispose();
  }
}
