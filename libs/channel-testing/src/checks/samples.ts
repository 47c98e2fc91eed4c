import type { Button, ChatId, Content, ContentType, MediaKind, MessageId } from '@omni-hub/contracts';
import type { MediaPart, Part, StyledText } from '@omni-hub/channel-sdk';

/** One of each kind of content. */
export function sampleContent(chat: ChatId): Record<ContentType, Content> {
  const messageId = `${chat}:1` as MessageId;
  const media = (type: MediaKind) => ({ type, url: `https://example.org/${type}` });
  return {
    text: { type: 'text', text: 'Hello' },
    image: media('image'),
    video: media('video'),
    audio: media('audio'),
    voice: media('voice'),
    document: media('document'),
    sticker: media('sticker'),
    album: { type: 'album', items: [media('image'), media('image')] },
    location: { type: 'location', latitude: 52.52, longitude: 13.4, name: 'Berlin' },
    contact: { type: 'contact', name: 'Ada', phone: '+4930123456' },
    poll: { type: 'poll', question: 'Tea?', options: ['Yes', 'No'] },
    buttons: { type: 'buttons', text: 'Tea?', buttons },
    list: { type: 'list', text: 'Tea?', button: 'Choose', sections },
    template: { type: 'template', name: 'welcome', language: 'en' },
    reaction: { type: 'reaction', messageId, emoji: '👍' },
    edit: { type: 'edit', messageId, text: 'Hello again' },
    delete: { type: 'delete', messageId },
  };
}

/** The same as the parts that a handler is given. */
export function samplePart(type: ContentType, chat: ChatId): Part {
  const content = sampleContent(chat)[type];
  switch (content.type) {
    case 'text':
      return { type: 'text', body: styled(content.text), buttons: [] };
    case 'buttons':
      return { type: 'text', body: styled(content.text), buttons };
    case 'list':
      return { type: 'list', body: styled(content.text), button: content.button, sections };
    case 'edit':
      return { type: 'edit', messageId: content.messageId, body: styled(content.text) };
    case 'album':
      return { type: 'album', items: [mediaPart('image'), mediaPart('image')] };
    case 'image':
    case 'video':
    case 'audio':
    case 'voice':
    case 'document':
    case 'sticker':
      return mediaPart(content.type);
    default:
      return content;
  }
}

/** The kind of content that a part carries. */
export function contentTypeOf(part: Part): ContentType {
  if (part.type === 'media') return part.kind;
  if (part.type === 'text') return part.buttons.length > 0 ? 'buttons' : 'text';
  return part.type;
}

const buttons: Button[] = [{ id: 'yes', label: 'Yes' }];
const sections = [{ title: 'Tea', rows: [{ id: 'green', label: 'Green' }] }];

function styled(text: string): StyledText {
  return { text, spans: [] };
}

function mediaPart(kind: MediaKind): MediaPart {
  const source = { url: `https://example.org/${kind}` };
  return { type: 'media', kind, source, mimeType: null, filename: null, caption: null };
}
