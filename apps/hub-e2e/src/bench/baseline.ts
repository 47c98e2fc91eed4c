import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Baseline {
  port: number;
  stop(): Promise<void>;
}

/** The bare Express handler as a process of its own. */
export async function startBaseline(): Promise<Baseline> {
  const child = fork(join(__dirname, 'baseline-server.ts'), {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const port = await Promise.race([
    once(child, 'message').then(([message]) => message as number),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the bare handler ended with ${code}`))),
  ]);
  return {
    port,
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
