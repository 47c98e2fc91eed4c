import type { OutboundFile } from './channel';
import { RejectedError } from './errors/errors';

/** Refuses, before anything leaves, a file that the platform documents not to take. Throws RejectedError. */
export function requireSize({ size }: Pick<OutboundFile, 'size'>, most: number, what: string): void {
  if (size <= most) return;
  throw new RejectedError(
    `${what} may have ${inWords(most)} at most, and this has ${inWords(size)}: send a smaller one, or a link to it`,
  );
}

function inWords(bytes: number): string {
  if (bytes >= 1_048_576) return `${(bytes / 1_048_576).toFixed(1).replace(/\.0$/, '')} MB`;
  return bytes >= 1_024 ? `${Math.ceil(bytes / 1_024)} KB` : `${bytes} bytes`;
}
