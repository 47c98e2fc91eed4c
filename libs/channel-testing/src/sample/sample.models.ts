import { Secret } from '@omni-hub/channel-sdk';
import type { Capabilities, ContentType } from '@omni-hub/contracts';
import { IsOptional, IsString, IsUrl } from 'class-validator';

/** The configuration of the sample channel. */
export class SampleConfig {
  @IsString()
  @Secret()
  token: string;

  @IsString()
  @Secret()
  webhookSecret: string;

  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  apiUrl: string;

  @IsOptional()
  @IsString()
  greeting?: string;
}

const carried: Partial<Record<ContentType, 'native' | 'fallback'>> = {
  text: 'native',
  buttons: 'native',
  edit: 'native',
  location: 'fallback',
  contact: 'fallback',
  list: 'fallback',
};

const contentTypes: ContentType[] = [
  'text',
  'image',
  'video',
  'audio',
  'voice',
  'document',
  'sticker',
  'album',
  'location',
  'contact',
  'poll',
  'buttons',
  'list',
  'template',
  'reaction',
  'edit',
  'delete',
];

export const sampleCapabilities: Capabilities = {
  content: Object.fromEntries(
    contentTypes.map((type) => [type, carried[type] ?? 'unsupported']),
  ) as Capabilities['content'],
  maxTextLength: 300,
  captions: [],
  maxCaptionLength: 100,
  textUnit: 'utf16',
  maxActionIdBytes: 64,
  maxAlbumItems: 1,
  idempotentSend: false,
  acknowledgesWithinMs: null,
  tellsDeliveryId: false,
  replyWindowMs: 86_400_000,
  aliases: true,
  abilities: {
    receive: true,
    listen: true,
    typing: true,
    markRead: false,
    edit: true,
    delete: false,
    react: false,
    preview: false,
    acknowledge: false,
    withdraw: false,
    fetchMedia: true,
    install: false,
    uninstall: false,
    probe: true,
    link: true,
    restart: true,
    logout: false,
    remove: false,
  },
};
