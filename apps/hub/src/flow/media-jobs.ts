import type { Attachment, InboundEvent, MediaAttachment } from '@omni-hub/contracts';
import type { LiveInstance } from '../instances/live-instance';
import type { NewMedia } from '../storage/repositories/media.repository';

export const isMedia = (attachment: Attachment): attachment is MediaAttachment => 'ref' in attachment;

/**
 * The files that a stored event names and the channel can fetch. None for what the account itself sent and for edits: nobody
 * is ever given a link to those. Pure.
 */
export function mediaJobs(instance: LiveInstance, messageId: string, event: InboundEvent): NewMedia[] {
  if (event.type !== 'message' || event.message.fromMe || !instance.handler.fetchMedia) return [];
  return event.message.attachments.flatMap((attachment, position) =>
    isMedia(attachment)
      ? [{ messageId, position, instanceId: instance.id, attachment: JSON.stringify(attachment) }]
      : [],
  );
}
