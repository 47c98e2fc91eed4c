import type { MediaKind } from './events';
import type { MessageId } from './ids';

export interface TextContent {
  type: 'text';
  /** Markdown (CommonMark with GFM tables, strikethrough and task lists). */
  text: string;
}

/** Exactly one of `url`, `data` and `mediaId`. */
export interface MediaContent {
  type: MediaKind;
  /** Fetched by the hub when the message leaves. */
  url?: string;
  /** The file's bytes in base64. */
  data?: string;
  /** A file that the hub has: of an attachment that the instance received, or of an upload. */
  mediaId?: string;
  mimeType?: string;
  filename?: string;
  /** Markdown. */
  caption?: string;
  /** What is said in it, where that is known. Told to agents that are told of the past; never shown. */
  spoken?: string;
}

/** Several media that are shown as one. */
export interface AlbumContent {
  type: 'album';
  items: MediaContent[];
}

export interface LocationContent {
  type: 'location';
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
}

export interface ContactContent {
  type: 'contact';
  name: string;
  phone: string;
}

export interface PollContent {
  type: 'poll';
  question: string;
  options: string[];
  multiple?: boolean;
}

/** A button is either an action, told back as `ActionChosen` with this id, or a link. */
export type Button = { id: string; label: string } | { url: string; label: string };

export interface ButtonsContent {
  type: 'buttons';
  /** Markdown. */
  text: string;
  buttons: Button[];
}

export interface ListContent {
  type: 'list';
  /** Markdown. */
  text: string;
  /** The label of the button that opens the list. */
  button: string;
  sections: { title?: string; rows: { id: string; label: string; description?: string }[] }[];
}

export interface TemplateContent {
  type: 'template';
  name: string;
  language: string;
  components?: unknown[];
}

export interface ReactionContent {
  type: 'reaction';
  messageId: MessageId;
  /** Empty takes the reaction back. */
  emoji: string;
}

export interface EditContent {
  type: 'edit';
  messageId: MessageId;
  /** Markdown. */
  text: string;
}

export interface DeleteContent {
  type: 'delete';
  messageId: MessageId;
}

/** What the hub can be asked to send: the same in requests, agents' answers and stored messages. */
export type Content =
  | TextContent
  | MediaContent
  | AlbumContent
  | LocationContent
  | ContactContent
  | PollContent
  | ButtonsContent
  | ListContent
  | TemplateContent
  | ReactionContent
  | EditContent
  | DeleteContent;

export type ContentType = Content['type'];
