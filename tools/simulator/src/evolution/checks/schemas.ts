import type { Schema } from './schema';

/** Every event that a webhook can be told, as it is named when one subscribes. */
export const eventNames = [
  'APPLICATION_STARTUP',
  'INSTANCE_CREATE',
  'INSTANCE_DELETE',
  'QRCODE_UPDATED',
  'CONNECTION_UPDATE',
  'STATUS_INSTANCE',
  'MESSAGES_SET',
  'MESSAGES_UPSERT',
  'MESSAGES_EDITED',
  'MESSAGES_UPDATE',
  'MESSAGES_DELETE',
  'SEND_MESSAGE',
  'SEND_MESSAGE_UPDATE',
  'CONTACTS_SET',
  'CONTACTS_UPSERT',
  'CONTACTS_UPDATE',
  'PRESENCE_UPDATE',
  'CHATS_SET',
  'CHATS_UPSERT',
  'CHATS_UPDATE',
  'CHATS_DELETE',
  'GROUPS_UPSERT',
  'GROUP_UPDATE',
  'GROUPS_UPDATE',
  'GROUP_PARTICIPANTS_UPDATE',
  'CALL',
  'TYPEBOT_START',
  'TYPEBOT_CHANGE_STATUS',
  'LABELS_EDIT',
  'LABELS_ASSOCIATION',
  'CREDS_UPDATE',
  'MESSAGING_HISTORY_SET',
  'REMOVE_INSTANCE',
  'LOGOUT_INSTANCE',
] as const;

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const filled = (name: string): Schema => ({
  type: 'string',
  minLength: 1,
  description: `The "${name}" cannot be empty`,
});
const number: Schema = { type: 'string', description: 'Invalid format' };
const presences = ['unavailable', 'available', 'composing', 'recording', 'paused'];

const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
});

const wholeKey = object({ id: filled('id'), remoteJid: filled('remoteJid'), fromMe: flag }, [
  'id',
  'remoteJid',
  'fromMe',
]);

/** What every kind of message takes. */
const sending = {
  number,
  delay: { type: 'integer', description: 'Enter a value in milliseconds' },
  quoted: object({
    key: object({ id: filled('id'), remoteJid: text, fromMe: flag }, ['id']),
    message: object({}),
  }),
  mentionsEveryOne: flag,
  linkPreview: flag,
  mentioned: {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: {
      type: 'string',
      pattern: /^\d+/,
      description: '"mentioned" must be an array of numeric strings',
    },
  },
} satisfies Record<string, Schema>;

const message = (properties: Record<string, Schema>, required: string[] = []) =>
  object({ ...sending, ...properties }, ['number', ...required]);

const webhook = object(
  {
    enabled: flag,
    url: text,
    byEvents: flag,
    base64: flag,
    headers: object({}),
    events: { type: 'array', items: { type: 'string', enum: eventNames } },
  },
  ['enabled', 'url'],
);

export const schemas = {
  createInstance: object(
    {
      instanceName: filled('instanceName'),
      token: text,
      number: { type: 'string', pattern: /^\d+[.@\w-]+/ },
      qrcode: flag,
      integration: { type: 'string', enum: ['WHATSAPP-BAILEYS', 'WHATSAPP-BUSINESS', 'EVOLUTION'] },
      rejectCall: flag,
      msgCall: text,
      groupsIgnore: flag,
      alwaysOnline: flag,
      readMessages: flag,
      readStatus: flag,
      syncFullHistory: flag,
      webhook: object({ ...webhook.properties }, ['url']),
    },
    ['instanceName'],
  ),
  setPresence: object({ presence: { type: 'string', enum: presences } }, ['presence']),
  setWebhook: object({ webhook }, ['webhook']),
  setSettings: object(
    {
      rejectCall: flag,
      msgCall: text,
      groupsIgnore: flag,
      alwaysOnline: flag,
      readMessages: flag,
      readStatus: flag,
      syncFullHistory: flag,
    },
    ['rejectCall', 'groupsIgnore', 'alwaysOnline', 'readMessages', 'readStatus', 'syncFullHistory'],
  ),
  sendText: message({ text }, ['text']),
  sendMedia: message(
    {
      mediatype: { type: 'string', enum: ['image', 'document', 'video', 'audio'] },
      mimetype: text,
      media: text,
      fileName: text,
      caption: text,
    },
    ['mediatype'],
  ),
  sendWhatsAppAudio: message({ audio: text, encoding: flag }),
  sendSticker: message({ sticker: text, notConvertSticker: flag }),
  sendPtv: message({ video: text }),
  sendLocation: message(
    { latitude: { type: 'number' }, longitude: { type: 'number' }, name: text, address: text },
    ['latitude', 'longitude', 'name', 'address'],
  ),
  sendContact: message(
    {
      contact: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: object(
          {
            fullName: filled('fullName'),
            wuid: {
              type: 'string',
              minLength: 10,
              pattern: /\d+/,
              description: '"wuid" must be a numeric string',
            },
            phoneNumber: { type: 'string', minLength: 10 },
            organization: text,
            email: text,
            url: text,
          },
          ['fullName', 'phoneNumber'],
        ),
      },
    },
    ['contact'],
  ),
  sendReaction: object({ key: wholeKey, reaction: text }, ['key', 'reaction']),
  sendPoll: message(
    {
      name: text,
      selectableCount: { type: 'integer', minimum: 0, maximum: 10 },
      values: { type: 'array', minItems: 2, maxItems: 10, uniqueItems: true, items: text },
    },
    ['name', 'selectableCount', 'values'],
  ),
  sendList: message(
    {
      title: text,
      description: text,
      footerText: text,
      buttonText: text,
      sections: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: object(
          {
            title: filled('title'),
            rows: {
              type: 'array',
              minItems: 1,
              uniqueItems: true,
              items: object({ title: filled('title'), description: text, rowId: filled('rowId') }, [
                'title',
                'rowId',
              ]),
            },
          },
          ['title', 'rows'],
        ),
      },
    },
    ['title', 'footerText', 'buttonText', 'sections'],
  ),
  sendButtons: message(
    {
      title: text,
      description: text,
      footer: text,
      thumbnailUrl: text,
      buttons: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: object(
          {
            type: { type: 'string', enum: ['reply', 'copy', 'url', 'call', 'pix'] },
            displayText: text,
            id: text,
          },
          ['type'],
        ),
      },
    },
    ['title', 'buttons'],
  ),
  sendPresence: object({ number, presence: { type: 'string', enum: presences }, delay: { type: 'number' } }, [
    'number',
    'presence',
    'delay',
  ]),
  markMessageAsRead: object(
    {
      readMessages: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: wholeKey,
      },
    },
    ['readMessages'],
  ),
  whatsappNumbers: object({
    numbers: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', description: '"numbers" must be an array of numeric strings' },
    },
  }),
  find: object({ where: object({}), page: { type: 'number' }, offset: { type: 'number' } }),
  fetchProfilePictureUrl: object({ number: text }),
  updateMessage: object({ number: text, text, key: wholeKey }),
  deleteMessageForEveryone: object(
    { id: filled('id'), remoteJid: filled('remoteJid'), fromMe: flag, participant: filled('participant') },
    ['id', 'fromMe', 'remoteJid'],
  ),
} satisfies Record<string, Schema>;
