import type { ChannelHandler } from '@omni-hub/channel-sdk';
import type {
  AgentRequest,
  Capabilities,
  ChatId,
  ContactId,
  IncomingMessage,
  MessageId,
  MessageReceived,
} from '@omni-hub/contracts';
import type { Agent } from '../flow/agent';
import type { InstanceSettings, LiveInstance } from '../instances/live-instance';
import type { ClaimedDelivery, ClaimedTurn } from '../storage/store';

/** Samples for specs: complete, and changed where a spec says so. */

export const sampleCapabilities: Capabilities = {
  content: {
    text: 'native',
    image: 'native',
    video: 'native',
    audio: 'native',
    voice: 'native',
    document: 'native',
    sticker: 'native',
    album: 'native',
    location: 'native',
    contact: 'native',
    poll: 'native',
    buttons: 'native',
    list: 'fallback',
    template: 'unsupported',
    reaction: 'native',
    edit: 'native',
    delete: 'native',
  },
  maxTextLength: 4096,
  captions: ['image', 'video', 'audio', 'voice', 'document', 'sticker'],
  maxCaptionLength: 1024,
  textUnit: 'utf16',
  maxActionIdBytes: 64,
  maxAlbumItems: 10,
  idempotentSend: false,
  acknowledgesWithinMs: null,
  tellsDeliveryId: false,
  replyWindowMs: null,
  aliases: false,
  abilities: {
    receive: true,
    listen: false,
    typing: true,
    markRead: false,
    edit: true,
    delete: true,
    react: true,
    preview: true,
    acknowledge: true,
    withdraw: true,
    fetchMedia: true,
    install: true,
    uninstall: true,
    probe: true,
    link: false,
    restart: false,
    logout: false,
    remove: false,
  },
};

const settings: InstanceSettings = {
  replyTtlMs: 900_000,
  onUnknown: 'resend',
  groups: 'mention',
  groupKeywords: [],
  contactRate: null,
  settleMs: 0,
  onOverlap: 'queue',
  session: 'chat',
  pacing: 'off',
  fallback: null,
  voiceAnswers: 'never',
  voice: null,
};

const agent: Agent = {
  kind: 'echo',
  timeoutMs: 1_000,
  ask: () => Promise.resolve({ kind: 'silent', reason: 'sample' }),
  close: () => Promise.resolve(),
};

type InstanceChanges = Partial<Omit<LiveInstance, 'settings' | 'handler'>> & {
  settings?: Partial<InstanceSettings>;
  handler?: Partial<ChannelHandler>;
  capabilities?: Partial<Capabilities>;
};

export function sampleInstance({
  settings: changed,
  handler: abilities,
  capabilities: changedCapabilities,
  ...changes
}: InstanceChanges = {}): LiveInstance {
  const capabilities = { ...sampleCapabilities, ...changedCapabilities };
  const handler: ChannelHandler = {
    capabilities,
    send: () => Promise.resolve({ platformIds: [] }),
    ...abilities,
  };
  return {
    id: 'i1',
    name: 'support-bot',
    enabled: true,
    channel: {
      id: 'sample',
      title: 'Sample',
      configClass: Object,
      capabilities: { only: capabilities },
      create: () => handler,
    },
    handler,
    account: null,
    agent,
    agentOrigin: null,
    shadow: null,
    settings: { ...settings, ...changed },
    paused: null,
    ...changes,
  };
}

export function sampleMessage(
  changes: Partial<IncomingMessage> = {},
  event: Partial<MessageReceived> = {},
): MessageReceived {
  return {
    type: 'message',
    eventId: '1',
    at: 1_700_000_000_000,
    rawKind: 'message',
    chat: { id: 'sample:42' as ChatId, kind: 'direct', title: null },
    sender: {
      id: 'sample:7' as ContactId,
      name: 'Ada',
      username: 'ada',
      phone: null,
      locale: 'en',
      isBot: false,
    },
    message: {
      id: 'sample:42:1' as MessageId,
      text: 'hi',
      entities: [],
      attachments: [],
      mentions: [],
      replyTo: null,
      forwardedFrom: null,
      albumId: null,
      fromMe: false,
      ...changes,
    },
    ...event,
  };
}

export function sampleTurn(changes: Partial<ClaimedTurn> = {}): ClaimedTurn {
  return {
    chatId: 'c1',
    epoch: 1,
    instanceId: 'i1',
    address: 'sample:42',
    filedAs: 'sample:42',
    chatKind: 'direct',
    chatTitle: null,
    turnId: 't1',
    claimedBefore: false,
    attempts: 0,
    trace: null,
    previewId: null,
    pausedAt: null,
    pausedUntil: null,
    pausedReason: null,
    firstSeq: 1,
    lastSeq: 1,
    messages: [
      {
        id: 'm1',
        seq: 1,
        type: 'message',
        event: JSON.stringify(sampleMessage()),
        receivedAt: 0,
        personId: null,
      },
    ],
    ...changes,
  };
}

export function sampleDelivery(changes: Partial<ClaimedDelivery> = {}): ClaimedDelivery {
  return {
    chatId: 'c1',
    epoch: 1,
    instanceId: 'i1',
    address: 'sample:42',
    id: 'd1',
    messageId: 'm2',
    seq: 1,
    part: JSON.stringify({ type: 'text', body: { text: 'hello', spans: [] }, buttons: [] }),
    replyTo: null,
    answers: null,
    replaces: null,
    attempts: 1,
    uncertain: false,
    confirmed: false,
    scheduled: false,
    waitMs: null,
    typingFor: null,
    lastSentAt: null,
    heardAt: 0,
    createdAt: 0,
    expiresAt: 900_000,
    log: '[]',
    ...changes,
  };
}

export const sampleRequest: AgentRequest = {
  turnId: 't1',
  sessionId: 'support-bot/sample:42',
  instance: 'support-bot',
  channel: 'sample',
  chat: { id: 'sample:42', kind: 'direct', title: null },
  sender: { id: 'sample:7', name: 'Ada', username: 'ada', phone: null, personId: null, locale: 'en' },
  messages: [
    {
      id: 'sample:42:1',
      sentAt: '2026-11-22T10:00:00.000Z',
      type: 'text',
      sender: { id: 'sample:7', name: 'Ada' },
      text: 'hi',
      mentionsMe: false,
      attachments: [],
      replyTo: null,
    },
  ],
  history: [],
  capabilities: { maxTextLength: 4096, buttons: true, reactions: true, streaming: true },
};
