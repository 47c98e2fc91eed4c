import type { MediaKey } from '../storage/repositories/media.repository';

/** The name of an attachment's file in what is sent: the stored message, and the place among its attachments. */
export const mediaIdOf = ({ messageId, position }: MediaKey): string => `${messageId}.${position}`;

/** The attachment that a name stands for; null where it is that of an upload. */
export function attachmentOf(mediaId: string): MediaKey | null {
  const [, messageId, position] = /^([0-9a-f-]{36})\.(\d{1,3})$/.exec(mediaId) ?? [];
  return messageId === undefined ? null : { messageId, position: Number(position) };
}
