import type { ContentType } from './content';

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
  maxCaptionLength: number;
  textUnit: 'utf16' | 'codepoint' | 'byte';
  /** Longest action id of a button, in bytes; longer ids travel as a token that the hub resolves. */
  maxActionIdBytes: number | null;
  maxAlbumItems: number;
  /** A repeated send with the same delivery id is known by the platform and shown once. */
  idempotentSend: boolean;
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
  | 'fetchMedia'
  | 'install'
  | 'uninstall'
  | 'probe'
  | 'link';
