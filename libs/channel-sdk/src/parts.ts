import type {
  Button,
  ContactContent,
  ListContent,
  LocationContent,
  MediaKind,
  MessageId,
  PollContent,
  TemplateContent,
} from '@omni-hub/contracts';

export type SpanStyle =
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strike'
  | 'spoiler'
  | 'code'
  | 'pre'
  | 'quote'
  | 'heading'
  | 'link';

/** A style over a range of a text, in UTF-16 code units. */
export interface Span {
  style: SpanStyle;
  offset: number;
  length: number;
  /** Only on `link`. */
  url?: string;
  /** Only on `pre`. */
  language?: string;
}

/** Markdown, parsed once: what is to be read, and how it looks. Channels turn it into entities or marks of their own. */
export interface StyledText {
  text: string;
  spans: Span[];
}

/** Where the hub has a file from. The channel is given its bytes, as one of the message's `files`. */
export type MediaSource = { url: string } | { mediaId: string };

export interface MediaPart {
  type: 'media';
  kind: MediaKind;
  source: MediaSource;
  /** As whoever sends it says; what the file is its OutboundFile tells. */
  mimeType: string | null;
  filename: string | null;
  caption: StyledText | null;
}

/** One platform call's worth of content: split to the channel's limits and within what it carries natively. Survives JSON. */
export type Part =
  | { type: 'text'; body: StyledText; buttons: Button[] }
  | MediaPart
  | { type: 'album'; items: MediaPart[] }
  | { type: 'list'; body: StyledText; button: string; sections: ListContent['sections'] }
  | LocationContent
  | ContactContent
  | PollContent
  | TemplateContent
  | { type: 'reaction'; messageId: MessageId; emoji: string }
  | { type: 'edit'; messageId: MessageId; body: StyledText }
  | { type: 'delete'; messageId: MessageId };
