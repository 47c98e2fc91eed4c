import type { ChannelLog } from '@omni-hub/channel-sdk';
import { inspect } from 'node:util';

/** The secrets that a value holds anywhere: properties hidden or not, causes, stacks, buffers; plain or encoded. */
export function secretsIn(value: unknown, secrets: readonly string[]): string[] {
  const told = deepText(value);
  return secrets.filter((secret) => disguises(secret).some((form) => told.includes(form)));
}

/** Keeps what a channel logs, and what it writes to the console behind the hub's back. */
export class LogCapture {
  readonly entries: unknown[] = [];

  readonly log: ChannelLog = {
    info: (message, fields) => void this.entries.push([message, fields]),
    warn: (message, fields) => void this.entries.push([message, fields]),
  };

  /** Runs with the console caught. */
  async during<T>(run: () => Promise<T>): Promise<T> {
    const caught = ['log', 'info', 'warn', 'error', 'debug'] as const;
    const originals = caught.map((name) => console[name]);
    for (const name of caught) console[name] = (...args: unknown[]) => void this.entries.push(args);
    try {
      return await run();
    } finally {
      caught.forEach((name, index) => (console[name] = originals[index]));
    }
  }
}

function deepText(value: unknown): string {
  const inspected = inspect(value, {
    showHidden: true,
    depth: Infinity,
    maxArrayLength: Infinity,
    maxStringLength: Infinity,
    getters: true,
    breakLength: Infinity,
  });
  const stack = value instanceof Error ? `${value.message}\n${value.stack}` : '';
  return `${inspected}\n${stack}\n${json(value)}`;
}

/** What `toJSON` would tell a log or an API answer. */
function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** The forms in which a secret travels, and those forms as `inspect` shows them within a string. */
function disguises(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
    bytes.toString('hex').replace(/..(?!$)/g, '$& '),
  ];
  return [...forms, ...forms.map((form) => form.replaceAll('\\', '\\\\'))];
}
