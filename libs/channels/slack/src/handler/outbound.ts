import {
  plain,
  requireSize,
  UnsupportedError,
  type FormFile,
  type MediaPart,
  type OutboundFile,
  type OutboundMessage,
  type Part,
  type StyledText,
} from '@omni-hub/channel-sdk';
import type { ContentType, MessageId } from '@omni-hub/contracts';
import type { Call, MessageContent, Upload } from '../models/api.models';
import { parseMessage } from './ids';
import { toButtons, toMenu } from './outbound-elements';
import { toNotice, toRichText } from './rich-text';

/** The channel, and the thread in it that a message goes into. */
export interface Place {
  channel: string;
  thread: string | undefined;
}

/** Words, with what can be pressed below them; null for a part that is files. Pure; throws UnsupportedError and RejectedError only. */
export function toContent(part: Part): MessageContent | null {
  switch (part.type) {
    case 'text':
      return contentOf(part.body, part.buttons.length > 0 ? [toButtons(part.buttons)] : []);
    case 'list':
      return contentOf(part.body, [toMenu(part)]);
    case 'media':
    case 'album':
      requireKnown(part.type === 'media' ? [part] : part.items);
      return null;
    case 'location':
    case 'contact':
    case 'poll':
    case 'template':
    case 'reaction':
    case 'edit':
    case 'delete':
      throw unsupported(part.type);
  }
}

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export function toMessage({ channel, thread }: Place, content: MessageContent): Call {
  return { method: 'chat.postMessage', params: { channel, thread_ts: thread, ...content } };
}

/** Files as one message; their captions are its words. Throws RejectedError for a file that Slack documents not to take. */
export function toUpload(
  { channel, thread }: Place,
  { part, files }: Pick<OutboundMessage, 'part' | 'files'>,
): Upload {
  const items = part.type === 'album' ? part.items : [part as MediaPart];
  const captions = items.map(({ caption }) => caption).filter((caption) => caption !== null);
  return {
    channel,
    threadTs: thread,
    files: items.map(({ kind }, index) => toFile(kind, files[index])),
    comment: captions.length > 0 ? contentOf(captions.reduce(below), []) : null,
  };
}

/** What was pressable is no more. https://docs.slack.dev/reference/methods/chat.update */
export function toEdit(id: MessageId, content: MessageContent): Call {
  const { channel, ts } = parseMessage(id);
  return { method: 'chat.update', params: { channel, ts, ...content } };
}

/** https://docs.slack.dev/reference/methods/chat.delete */
export function toDeletion(id: MessageId): Call {
  const { channel, ts } = parseMessage(id);
  return { method: 'chat.delete', params: { channel, ts } };
}

/** https://docs.slack.dev/reference/methods/conversations.open */
export function toDirectMessages(user: string): Call {
  return { method: 'conversations.open', params: { users: user } };
}

/** In a channel an answer begins or continues the thread of what it answers; a message elsewhere cannot be answered here. */
export function placeOf(channel: string, thread: string | null, replyTo: MessageId | null): Place {
  if (thread !== null) return { channel, thread };
  const target = replyTo === null ? null : parseMessage(replyTo);
  return { channel, thread: target?.channel === channel ? target.ts : undefined };
}

function contentOf(body: StyledText, more: MessageContent['blocks']): MessageContent {
  const richText = toRichText(body.text.trim() === '' ? plain(body.text || ' ') : body);
  return { text: toNotice(body), blocks: [richText, ...more] };
}

/** What a file is called when nobody named it: Slack goes by the ending. */
const defaultNames: Record<MediaPart['kind'], string> = {
  image: 'image.jpg',
  video: 'video.mp4',
  audio: 'audio.mp3',
  voice: 'voice.ogg',
  document: 'document',
  sticker: 'sticker.webp',
};

/** https://slack.com/help/articles/201330736-Add-files-to-Slack */
const mostBytes = 1_073_741_824;

function toFile(kind: MediaPart['kind'], { filename, mimeType, ...file }: OutboundFile): FormFile {
  requireSize(file, mostBytes, 'Slack: a file');
  return {
    ...file,
    filename: filename ?? defaultNames[kind],
    mimeType: mimeType ?? 'application/octet-stream',
  };
}

/** The hub has stickers sent as pictures. */
function requireKnown(items: readonly MediaPart[]): void {
  if (items.some(({ kind }) => kind === 'sticker')) throw unsupported('sticker');
}

function unsupported(type: ContentType): UnsupportedError {
  return new UnsupportedError(`Slack has no message of the kind "${type}"`, `content.${type}`);
}

function below(above: StyledText, { text, spans }: StyledText): StyledText {
  const start = above.text.length + 2;
  const moved = spans.map((span) => ({ ...span, offset: span.offset + start }));
  return { text: `${above.text}\n\n${text}`, spans: [...above.spans, ...moved] };
}
