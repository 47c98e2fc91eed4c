import type { ChannelHandler, Part } from '@omni-hub/channel-sdk';

/**
 * Whether a part may be sent `now` to somebody who last wrote at `heardAt`: null where it may, else the part that may be
 * sent in its place, or a sentence that says why nothing may. Pure.
 */
export function closedWindow(
  handler: Pick<ChannelHandler, 'capabilities' | 'outsideWindow'>,
  part: Part,
  heardAt: number | null,
  now: number,
): Part | string | null {
  const { replyWindowMs } = handler.capabilities;
  if (replyWindowMs === null || part.type === 'template') return null;
  if (heardAt !== null && now < heardAt + replyWindowMs) return null;
  const hours = Math.round(replyWindowMs / 3_600_000);
  const since =
    heardAt === null ? 'they have not written yet' : `they last wrote at ${new Date(heardAt).toISOString()}`;
  return (
    handler.outsideWindow?.(part) ??
    `the platform takes only templates more than ${hours} hours after a person wrote, and ${since}: send a template, or set one for the instance`
  );
}
