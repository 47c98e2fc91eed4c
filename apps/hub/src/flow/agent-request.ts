import type {
  ActionChosen,
  AgentAttachment,
  AgentMessage,
  AgentRequest,
  Attachment,
  MessageReceived,
} from '@omni-hub/contracts';
import { mediaIdOf } from './media-ids';
import { isMedia } from './media-jobs';
import type { LiveInstance } from '../instances/live-instance';
import { sessionIdOf } from './session';
import type { MediaRow } from '../storage/repositories/media.repository';
import type { ClaimedTurn } from '../storage/store';

/** An event that may be answered, with the row that it came from. */
export interface AskedEvent {
  rowId: string;
  personId: string | null;
  receivedAt: number;
  event: MessageReceived | ActionChosen;
}

/** Makes a link under which an agent can fetch an attachment for a while; null where the channel cannot fetch media. */
export type MediaLink = (messageRowId: string, index: number) => string | null;

/** What is known of an attachment's file, and where it can be had. */
interface KnownFile {
  row: MediaRow | undefined;
  url: string | null;
}

/** What the agent is told: the design's contract, nothing of the platform's raw payload. Pure. */
export function toAgentRequest(
  turn: Pick<ClaimedTurn, 'turnId' | 'filedAs' | 'chatTitle'>,
  asked: AskedEvent[],
  instance: LiveInstance,
  files: MediaRow[],
  mediaLink: MediaLink,
): AgentRequest {
  const last = asked[asked.length - 1];
  const { sender, chat } = last.event;
  const { content, abilities, maxTextLength } = instance.handler.capabilities;
  return {
    turnId: turn.turnId,
    sessionId: sessionIdOf(instance, turn, last),
    instance: instance.name,
    channel: instance.channel.id,
    chat: { id: chat.id, kind: chat.kind, title: chat.title ?? turn.chatTitle },
    sender: {
      id: sender.id,
      name: sender.name,
      username: sender.username,
      phone: sender.phone,
      personId: last.personId,
      locale: sender.locale,
    },
    messages: asked.map((one) =>
      toAgentMessage(one, (index) => ({
        row: files.find(({ messageId, position }) => messageId === one.rowId && position === index),
        url: mediaLink(one.rowId, index),
      })),
    ),
    history: [],
    capabilities: {
      maxTextLength,
      buttons: content.buttons === 'native',
      reactions: abilities.react,
      streaming: abilities.preview,
    },
  };
}

function toAgentMessage(
  { event, rowId, receivedAt }: AskedEvent,
  fileOf: (index: number) => KnownFile,
): AgentMessage {
  const sentAt = new Date(event.at || receivedAt).toISOString();
  const sender = { id: event.sender.id, name: event.sender.name };
  if (event.type === 'action') {
    return {
      id: event.messageId ?? rowId,
      sentAt,
      type: 'action',
      sender,
      text: event.label ?? event.actionId,
      mentionsMe: true,
      attachments: [],
      replyTo: null,
      actionId: event.actionId,
    };
  }
  const { message } = event;
  return {
    id: message.id,
    sentAt,
    type: message.attachments.length > 0 ? 'media' : 'text',
    sender,
    text: message.text,
    mentionsMe: message.mentions.some(({ isSelf }) => isSelf) || message.replyTo?.fromMe === true,
    attachments: message.attachments.map((attachment, index) =>
      toAgentAttachment(attachment, () => fileOf(index)),
    ),
    replyTo: message.replyTo,
  };
}

function toAgentAttachment(attachment: Attachment, file: () => KnownFile): AgentAttachment {
  if (isMedia(attachment)) {
    const { kind, mimeType, size, filename } = attachment;
    const { row, url } = file();
    return {
      kind,
      mimeType: row?.mimeType ?? mimeType,
      size: row?.size ?? size,
      filename,
      mediaId: row && row.status !== 'failed' ? mediaIdOf(row) : null,
      ...availability(row, url),
      ...(kind === 'audio' || kind === 'voice' ? spoken(row) : {}),
    };
  }
  const { kind, ...data } = attachment;
  return {
    kind,
    mimeType: null,
    size: null,
    filename: null,
    mediaId: null,
    url: null,
    status: 'ready',
    reason: null,
    data,
  };
}

function availability(
  row: MediaRow | undefined,
  url: string | null,
): Pick<AgentAttachment, 'status' | 'url' | 'reason'> {
  if (!row || !url) return { status: 'failed', url: null, reason: 'the channel cannot fetch files' };
  if (row.status === 'failed') return { status: 'failed', url: null, reason: row.reason };
  return { status: row.status, url, reason: null };
}

function spoken(row: MediaRow | undefined): Pick<AgentAttachment, 'transcript' | 'transcriptReason'> {
  const late = 'the transcript was not there in time';
  return {
    transcript: row?.transcript ?? null,
    transcriptReason: row?.transcriptStatus === 'pending' ? late : (row?.transcriptReason ?? null),
  };
}
