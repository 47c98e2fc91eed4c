import type {
  Attachment,
  ContactAttachment,
  LocationAttachment,
  MediaAttachment,
  OtherAttachment,
  PollAttachment,
} from '@omni-hub/contracts';
import {
  about,
  decimal,
  dictionary,
  fact,
  flag,
  integer,
  list,
  named,
  nullable,
  object,
  oneOf,
  optional,
  text,
  word,
} from '../../document/schema';

export const mediaKind = word('image', 'video', 'audio', 'voice', 'document', 'sticker');

const mediaAttachment = named(
  'MediaAttachment',
  object<MediaAttachment>({
    kind: mediaKind,
    ref: about('What the channel finds the file by; opaque', text),
    mimeType: nullable(text),
    size: nullable(integer),
    filename: nullable(text),
    durationMs: optional(decimal),
    width: optional(integer),
    height: optional(integer),
    emoji: optional(text),
  }),
);

export const attachment = named(
  'Attachment',
  oneOf<Attachment, 'kind'>('kind', {
    image: mediaAttachment,
    video: mediaAttachment,
    audio: mediaAttachment,
    voice: mediaAttachment,
    document: mediaAttachment,
    sticker: mediaAttachment,
    location: named(
      'LocationAttachment',
      object<LocationAttachment>({
        kind: word('location'),
        latitude: decimal,
        longitude: decimal,
        name: optional(text),
        address: optional(text),
        live: optional(about('True while the sender keeps sharing it', flag)),
      }),
    ),
    contact: named(
      'ContactAttachment',
      object<ContactAttachment>({
        kind: word('contact'),
        name: text,
        phones: list(text),
        vcard: optional(text),
      }),
    ),
    poll: named(
      'PollAttachment',
      object<PollAttachment>({ kind: word('poll'), question: text, options: list(text), multiple: flag }),
    ),
    other: named(
      'OtherAttachment',
      object<OtherAttachment>({
        kind: word('other'),
        what: text,
        data: about('A readable extract', dictionary(fact)),
      }),
    ),
  }),
);
