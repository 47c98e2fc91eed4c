import type { OutboundFile } from '@omni-hub/channel-sdk';
import type {
  APIAllowedMentions,
  APIApplication,
  APIChannel,
  APIGatewayBotInfo,
  APIMessage,
  APIMessageTopLevelComponent,
  APIUser,
  RESTAPIAttachment,
  RESTAPIPoll,
  RESTPostAPIChannelMessageJSONBody,
} from 'discord-api-types/v10';

export type Application = APIApplication;
export type BotUser = APIUser;
export type Channel = APIChannel;
export type GatewayInfo = APIGatewayBotInfo;
export type Message = APIMessage;
export type Component = APIMessageTopLevelComponent;
export type Poll = RESTAPIPoll;

/** A file that travels inside the request. */
export interface Upload extends Pick<OutboundFile, 'open' | 'mimeType'> {
  filename: string;
}

/** What a new message, the answer to an interaction and an edit have in common. */
export interface MessageBody {
  content?: string;
  components?: Component[];
  poll?: Poll;
  attachments?: RESTAPIAttachment[];
  allowed_mentions: APIAllowedMentions;
}

/** https://docs.discord.com/developers/resources/message#create-message. */
export interface NewMessageBody extends MessageBody {
  /** With `enforce_nonce`, a second request with the same one within a few minutes returns the message that is there. */
  nonce: string;
  enforce_nonce: true;
  message_reference?: RESTPostAPIChannelMessageJSONBody['message_reference'];
}

/** One request to the REST API. With `files` it is sent as a form, else as JSON. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the version, with its parameters written in: `/channels/1/messages`. */
  path: `/${string}`;
  body?: object;
  files?: Upload[];
  /** False for calls that prove themselves by an interaction's token. */
  authorized?: boolean;
}

/** How a session of the gateway is found again: https://docs.discord.com/developers/events/gateway#resuming. */
export interface GatewaySession {
  sessionId: string;
  resumeUrl: string;
  /** The last event that is committed. */
  sequence: number;
}

/** One event of the gateway. */
export interface Dispatch {
  session: string;
  resumeUrl: string;
  sequence: number;
  /** `MESSAGE_CREATE`. */
  kind: string;
  data: unknown;
  /** The frame as it came. */
  raw: string;
}
