import { checkContent } from './content.check';

const fieldsOf = (value: unknown) => checkContent(value).map(({ field }) => field);

describe('content', () => {
  it.each<[string, unknown]>([
    ['text', { type: 'text', text: '**hi**' }],
    ['image by link', { type: 'image', url: 'https://example.com/a.png', caption: 'a' }],
    ['voice by data', { type: 'voice', data: 'AAAA', mimeType: 'audio/ogg' }],
    ['a file of the hub', { type: 'image', mediaId: '01900000-0000-7000-8000-000000000000.0' }],
    ['an upload', { type: 'image', mediaId: 'e7b1b1c0-0000-4000-8000-000000000000' }],
    ['album', { type: 'album', items: [{ type: 'image', data: 'AAAA' }] }],
    ['location', { type: 'location', latitude: 52.5, longitude: 13.4 }],
    ['contact', { type: 'contact', name: 'Ada', phone: '+491701234567' }],
    ['poll', { type: 'poll', question: 'Tea?', options: ['yes', 'no'] }],
    [
      'buttons',
      {
        type: 'buttons',
        text: 'Which?',
        buttons: [
          { id: 'a', label: 'A' },
          { url: 'https://example.com', label: 'B' },
        ],
      },
    ],
    [
      'list',
      { type: 'list', text: 'Which?', button: 'Open', sections: [{ rows: [{ id: 'a', label: 'A' }] }] },
    ],
    ['template', { type: 'template', name: 'welcome', language: 'en' }],
    ['reaction', { type: 'reaction', messageId: 'telegram:1:2', emoji: '' }],
    ['edit', { type: 'edit', messageId: 'telegram:1:2', text: 'new' }],
    ['delete', { type: 'delete', messageId: 'telegram:1:2' }],
  ])('%s is accepted', (_type, content) => {
    expect(checkContent(content)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['no object', 'hi', ['']],
    ['null', null, ['']],
    ['a list', [], ['']],
    ['no type', { text: 'hi' }, ['type']],
    ['an unknown type', { type: 'hologram' }, ['type']],
    ['a type of the language’s own', { type: 'constructor' }, ['type']],
    ['an empty text', { type: 'text', text: '' }, ['text']],
    ['a number for a text', { type: 'text', text: 5 }, ['text']],
    ['a field too many', { type: 'text', text: 'a', colour: 'red' }, ['colour']],
    ['media from nowhere', { type: 'image' }, ['url']],
    ['media from two places', { type: 'image', url: 'https://example.com/a.png', data: 'AAAA' }, ['url']],
    [
      'media from two other places',
      { type: 'image', data: 'AAAA', mediaId: 'e7b1b1c0-0000-4000-8000-000000000000' },
      ['url'],
    ],
    ['a file of no name', { type: 'image', mediaId: '../secret.key' }, ['mediaId']],
    ['an empty file', { type: 'image', data: '' }, ['data']],
    ['a file on the hub', { type: 'image', url: 'file:///etc/passwd' }, ['url']],
    ['a latitude beyond the pole', { type: 'location', latitude: 91, longitude: 0 }, ['latitude']],
    ['a poll with one option', { type: 'poll', question: 'q', options: ['a'] }, ['options']],
    ['a button without a label', { type: 'buttons', text: 't', buttons: [{ id: 'a' }] }, ['buttons.0.label']],
    [
      'a button whose id is none beside its url',
      { type: 'buttons', text: 't', buttons: [{ label: 'A', id: 7, url: 'https://example.org' }] },
      ['buttons.0.id'],
    ],
    ['coordinates that are text', { type: 'location', latitude: '1', longitude: 2 }, ['latitude']],
  ])('%s is refused, by the name of the field', (_what, content, fields) => {
    expect([...new Set(fieldsOf(content))]).toEqual(fields);
  });
});
