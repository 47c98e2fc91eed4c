import type { Account, Link, ProbeResult } from '@omni-hub/channel-sdk';
import type { Capabilities, ContentType } from '@omni-hub/contracts';
import type { InstanceStatus } from '../../instances/instance-status';
import type { InstanceDetails, InstanceView } from '../../instances/instances.service';
import type { ContactRate } from '../../instances/live-instance';
import {
  about,
  anything,
  dictionary,
  either,
  fact,
  flag,
  integer,
  list,
  named,
  nullable,
  object,
  optional,
  page,
  text,
  time,
  word,
  type Schema,
} from '../../document/schema';
import { mediaKind } from './attachments';
import { connectionWord } from './events';

const support: Schema<Capabilities['content'][ContentType]> = word('native', 'fallback', 'unsupported');

const capabilities = named(
  'Capabilities',
  object<Capabilities>({
    content: about(
      'How each type of content is carried: by the channel’s own means, shown by something else, or not at all',
      object<Capabilities['content']>({
        text: support,
        image: support,
        video: support,
        audio: support,
        voice: support,
        document: support,
        sticker: support,
        album: support,
        location: support,
        contact: support,
        poll: support,
        buttons: support,
        list: support,
        template: support,
        reaction: support,
        edit: support,
        delete: support,
      }),
    ),
    maxTextLength: about('Of one message, counted in `textUnit`', integer),
    captions: about('The kinds of files that carry a caption', list(mediaKind)),
    maxCaptionLength: integer,
    textUnit: word('utf16', 'codepoint', 'byte'),
    maxActionIdBytes: nullable(integer),
    maxAlbumItems: integer,
    idempotentSend: about('A repeated send is shown once', flag),
    acknowledgesWithinMs: about(
      'How soon the platform tells what became of a send; null where its answer is the whole truth',
      nullable(integer),
    ),
    tellsDeliveryId: flag,
    replyWindowMs: about(
      'How long after somebody wrote they may be written to; null for always',
      nullable(integer),
    ),
    aliases: about('One person or chat can have several ids', flag),
    abilities: object<Capabilities['abilities']>({
      receive: flag,
      listen: flag,
      typing: flag,
      markRead: flag,
      edit: flag,
      delete: flag,
      react: flag,
      preview: flag,
      acknowledge: flag,
      withdraw: flag,
      fetchMedia: flag,
      install: flag,
      uninstall: flag,
      probe: flag,
      link: flag,
      restart: flag,
      logout: flag,
      remove: flag,
    }),
  }),
);

interface ChannelView {
  id: string;
  title: string;
  capabilities: Readonly<Record<string, Capabilities>>;
}

const channelView = named(
  'ChannelView',
  object<ChannelView>({
    id: text,
    title: text,
    capabilities: about('By the channel’s provider', dictionary(capabilities)),
  }),
);
export const channels = named('Channels', object<{ items: ChannelView[] }>({ items: list(channelView) }));

export const agentConfig = about('`{kind, …}`; secrets are `***`', dictionary(anything));

const fields = {
  name: text,
  channel: text,
  enabled: flag,
  config: about('The channel’s own settings, as they were given; secrets are `***`', dictionary(anything)),
  agent: agentConfig,
  shadowAgent: nullable(agentConfig),
  replyTtlMs: about('A reply older than this is not sent', integer),
  onUnknown: word('resend', 'hold'),
  groups: word('always', 'mention', 'reply', 'keyword', 'observe', 'never'),
  groupKeywords: list(text),
  contactRate: about(
    'How many messages of one contact are answered; null for no limit',
    nullable(object<ContactRate>({ messages: integer, perSeconds: integer })),
  ),
  settleMs: about('How long a chat must be quiet before it is answered', integer),
  onOverlap: word('queue', 'merge', 'interrupt'),
  session: word('chat', 'contact', 'person'),
  pacing: word('off', 'fast', 'natural'),
  fallback: about('What the person is told when the agent fails for good', nullable(text)),
  voiceAnswers: word('never', 'whenSpoken'),
  voice: about('Null for the hub’s own', nullable(text)),
  webhookUrl: about('Where the platform delivers; null without a public address', nullable(text)),
  createdAt: time,
  updatedAt: time,
};

export const instanceView = named('InstanceView', object<InstanceView>(fields));
export const instancePage = page('InstancePage', instanceView);

export const instanceDetails = named(
  'InstanceDetails',
  object<InstanceDetails>({
    ...fields,
    capabilities: about('Null while the instance is not loaded', nullable(capabilities)),
  }),
);

const probe = named(
  'ProbeResult',
  object<ProbeResult>({
    account: object<Account>({
      id: text,
      name: nullable(text),
      username: nullable(text),
      aliases: optional(list(text)),
    }),
    healthy: about('Whether the platform says that events can reach the hub', flag),
    problem: nullable(text),
    facts: dictionary(fact),
  }),
);

const probeFailure = named(
  'ProbeFailure',
  object<{ error: string; detail: string }>({ error: about('A stable code', text), detail: text }),
);

export const instanceStatus = named(
  'InstanceStatus',
  object<InstanceStatus>({
    state: word('ok', 'degraded', 'paused', 'disabled'),
    problem: about('Why it is not ok, and what to do', nullable(text)),
    lastInboundAt: nullable(time),
    lastSendAt: nullable(time),
    lastError: nullable(
      object<NonNullable<InstanceStatus['lastError']>>({ at: time, code: text, detail: text }),
    ),
    transport: about(
      'Of a channel that is listened to: how that goes',
      nullable(
        object<NonNullable<InstanceStatus['transport']>>({ state: text, detail: nullable(text), at: time }),
      ),
    ),
    connection: about(
      'How the account stood with its platform when that last told',
      nullable(
        object<NonNullable<InstanceStatus['connection']>>({ state: connectionWord, detail: text, at: time }),
      ),
    ),
    restriction: about(
      'Set while the account may begin no conversations',
      nullable(
        object<NonNullable<InstanceStatus['restriction']>>({
          code: text,
          reason: text,
          since: time,
          until: time,
        }),
      ),
    ),
    platform: about('The platform’s own word, asked now', nullable(either(probe, probeFailure))),
  }),
);

export const link = named(
  'AccountLink',
  object<Link>({
    image: about('The QR code as a PNG data URL', nullable(text)),
    text: about('What the QR code says', nullable(text)),
    code: about('A pairing code to be typed on the phone', nullable(text)),
  }),
);
