import type { MediaAttachment } from '@omni-hub/contracts';
import type { HubConfig } from '../config/hub.config';

/** Whether what is said in a file is wanted, once it is here. */
export const isTranscribed = ({ transcriberUrl }: HubConfig, attachment: MediaAttachment): boolean =>
  transcriberUrl !== undefined && (attachment.kind === 'audio' || attachment.kind === 'voice');
