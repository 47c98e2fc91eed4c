import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DataError, StoreError } from '../errors';
import type { Reply, Request, WireError, WorkerStart } from './protocol';

interface Pending {
  resolve(result: never): void;
  reject(error: Error): void;
}

/** `Omit` for each member of a union on its own. */
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** A worker thread that owns one connection: requests go out as messages, each is answered once. */
export class WorkerThread {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private ended: Error | null = null;

  private constructor(private readonly worker: Worker) {}

  /** Resolves when the connection is open; rejects with StoreError when it cannot be. */
  static async open(start: WorkerStart): Promise<WorkerThread> {
    const worker = startWorker(start);
    const thread = new WorkerThread(worker);
    await new Promise<void>((resolve, reject) => {
      worker.once('message', (message: { ready: true } | { failed: WireError }) => {
        if ('failed' in message) reject(fromWire(message.failed));
        else resolve();
      });
      worker.once('error', reject);
      worker.once('exit', () => reject(new StoreError('The database thread ended while it started.')));
    });
    worker.on('message', (replies: Reply[]) => thread.settle(replies));
    worker.on('error', (error) => thread.end(error));
    worker.on('exit', () => thread.end(new Error('it exited')));
    return thread;
  }

  call<Result>(request: WithoutId<Request>): Promise<Result> {
    if (this.ended) return Promise.reject(this.ended);
    const id = ++this.lastId;
    return new Promise<Result>((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      try {
        this.worker.postMessage({ ...request, id });
      } catch (error) {
        this.pending.delete(id);
        reject(new DataError((error as Error).message));
      }
    });
  }

  /** Closes the connection after everything that was asked before. */
  async close(): Promise<void> {
    if (this.ended) return;
    const exited = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    await this.call({ op: 'close' });
    await exited;
  }

  private settle(replies: Reply[]): void {
    for (const reply of replies) {
      const pending = this.pending.get(reply.id);
      this.pending.delete(reply.id);
      if ('error' in reply) pending?.reject(fromWire(reply.error));
      else pending?.resolve(reply.result as never);
    }
  }

  private end(cause: Error): void {
    if (this.ended) return;
    this.ended = new StoreError(`The database thread ended (${cause.message}): restart the hub.`);
    for (const { reject } of this.pending.values()) reject(this.ended);
    this.pending.clear();
  }
}

function fromWire({ name, message }: WireError): Error {
  if (name === 'DataError') return new DataError(message);
  if (name === 'StoreError') return new StoreError(message);
  return new Error(message);
}

/** A batch's objects are gone with its answer: without a bound each thread would keep tens of megabytes for them. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 };

/** In the build the script lies beside the program; from the sources, in tests, it is compiled as it is loaded. */
function startWorker(workerData: WorkerStart): Worker {
  const built = join(__dirname, 'sqlite.worker.js');
  if (existsSync(built)) return new Worker(built, { workerData, resourceLimits });
  const source = join(__dirname, 'sqlite.worker.ts');
  const swc = createRequire(source).resolve('@swc/core');
  return new Worker(loadTypeScript(swc, source), { eval: true, workerData });
}

const loadTypeScript = (swc: string, source: string) => `
  const { readFileSync } = require('node:fs');
  const { transformSync } = require(${JSON.stringify(swc)});
  const options = {
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  };
  require('node:module')._extensions['.ts'] = (module, file) =>
    module._compile(transformSync(readFileSync(file, 'utf8'), { ...options, filename: file }).code, file);
  require(${JSON.stringify(source)});
`;
