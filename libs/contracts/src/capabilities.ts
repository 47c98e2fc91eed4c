import type { ContentType } from './content';
import type { MediaKind } from './events';

/**
 * How a channel carries a kind of content: by its own means, by the fallback that `channel-sdk` defines for the
 * kind (a location as text with a link, buttons as a numbered list), or not at all.
 */
export type Support = 'native' | 'fallback' | 'unsupported';

/** What a channel can do. Each flag of `abilities` is true exactly when its handler has the method of that name. */
export interface Capabilities {
  content: Record<ContentType, Support>;
  /** Longest text of one message, counted in `textUnit`. */
  maxTextLength: number;
  /** The kinds of media that carry a caption; that of another kind leaves as a text of its own before the file. */
  captions: readonly MediaKind[];
  /** Longest caption of one file, counted in `textUnit`; what is more follows as text. */
  maxCaptionLength: number;
  textUnit: 'utf16' | 'codepoint' | 'byte';
  /** Longest action id of a button, in bytes; longer ids travel as a token that the hub resolves. */
  maxActionIdBytes: number | null;
  maxAlbumItems: number;
  /** A repeated send with the same delivery id is known by the platform and shown once. */
  idempotentSend: boolean;
  /**
   * How soon the platform tells what became of a send (`DeliveryUpdated`), milliseconds: until then it is only accepted, and after
   * it the operator is told. Null where the answer to the send is the whole truth.
   */
  acknowledgesWithinMs: number | null;
  /** Statuses tell the hub's delivery id back, so that a send without an answer is cleared up by the status that follows. */
  tellsDeliveryId: boolean;
  /** How long after a person last wrote anything but a template may be sent to them, milliseconds; null where always. */
  replyWindowMs: number | null;
  /** One person or chat can have several ids here, which become known one by one (`aliases`). */
  aliases: boolean;
  abilities: Record<Ability, boolean>;
}

/** The optional methods of a channel's handler, plus the two ways in (`receive`, `listen`). */
export type Ability =
  | 'receive'
  | 'listen'
  | 'typing'
  | 'markRead'
  | 'edit'
  | 'delete'
  | 'react'
  | 'preview'
  | 'acknowledge'
  | 'withdraw'
  | 'fetchMedia'
  | 'install'
  | 'uninstall'
  | 'probe'
  | 'link'
  | 'restart'
  | 'logout'
  | 'remove';
