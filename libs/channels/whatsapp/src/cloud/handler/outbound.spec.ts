import type { Part } from '@omni-hub/channel-sdk';
import type { Button, ChatId, MediaKind, MessageId } from '@omni-hub/contracts';
import fc from 'fast-check';
import type { Interactive, MessageContent, Recipient } from '../models/api.models';
import { toOutgoing, toRecipient, toWamid, toWindowTemplate } from './outbound';

const person: Recipient = { recipient_type: 'individual', to: '16505551234' };
const plain = (text: string) => ({ text, spans: [] });
const withButtons = (buttons: Button[], text = 'Tea?'): Part => ({
  type: 'text',
  body: plain(text),
  buttons,
});

function messageOf(part: Part): MessageContent {
  const outgoing = toOutgoing(part, [], person);
  if ('file' in outgoing) throw new Error('waits for an upload');
  return outgoing.message;
}

function interactiveOf(part: Part): Interactive | null {
  const message = messageOf(part);
  return message.type === 'interactive' ? message.interactive : null;
}

function textOf(part: Part): string {
  const message = messageOf(part);
  return message.type === 'text' ? message.text.body : '';
}

const replies = (count: number, label = (index: number) => `Tea ${index}`) =>
  Array.from({ length: count }, (_, index) => ({ id: `t${index}`, label: label(index) }));

describe('a text with buttons', () => {
  it.each([
    ['three reply buttons', withButtons(replies(3)), 'button'],
    ['four of them', withButtons(replies(4)), 'list'],
    ['ten of them', withButtons(replies(10)), 'list'],
    ['a label of 20 signs', withButtons(replies(1, () => 'x'.repeat(20))), 'button'],
    ['a label of 24 signs', withButtons(replies(1, () => 'x'.repeat(24))), 'list'],
    ['a body of 1024 signs', withButtons(replies(2), 'x'.repeat(1024)), 'button'],
    ['a longer body', withButtons(replies(2), 'x'.repeat(1025)), 'list'],
    ['two labels that are the same', withButtons(replies(2, () => 'Tea')), 'list'],
    ['one link', withButtons([{ url: 'https://example.org', label: 'Open' }]), 'cta_url'],
  ])('of %s', (_, part, type) => expect(interactiveOf(part)?.type).toBe(type));

  it.each([
    ['eleven buttons', withButtons(replies(11))],
    ['a label of 25 signs', withButtons(replies(1, () => 'x'.repeat(25)))],
    ['two ids that are the same', withButtons([...replies(1), ...replies(1)])],
    ['links and replies', withButtons([...replies(1), { url: 'https://example.org', label: 'Open' }])],
    ['two links', withButtons([1, 2].map((n) => ({ url: `https://example.org/${n}`, label: `Open ${n}` })))],
    ['a link that is no web address', withButtons([{ url: 'tel:+1650', label: 'Call' }])],
  ])('of %s is numbered text', (_, part) => {
    expect(interactiveOf(part)).toBeNull();
    expect(textOf(part)).toMatch(/^Tea\?\n\n1\. /);
  });

  it('is numbered text with shorter labels where there is no room for the long ones', () => {
    const text = textOf(
      withButtons(
        replies(11, (index) => `Tea ${index} ${'leaf '.repeat(20)}`),
        'x'.repeat(3600),
      ),
    );
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text).toContain('\n1. Tea 0 leaf leaf leaf…\n');
    expect(text).toMatch(/\n11\. Tea 10 leaf leaf leaf…$/);
  });

  it('is refused where its choices have no room in the same message', () => {
    expect(() => toOutgoing(withButtons(replies(11), 'x'.repeat(4090)), [], person)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', capability: 'content.buttons' }),
    );
  });
});

const label = fc.string({ minLength: 1, maxLength: 30 });
const id = fc.string({ minLength: 1, maxLength: 210 });
const button: fc.Arbitrary<Button> = fc.oneof(
  fc.record({ id, label }),
  fc.record({ url: fc.webUrl(), label }),
);

describe('any choices', () => {
  it('are within the limits of Meta, or all of them are in the text', () => {
    fc.assert(
      fc.property(fc.array(button, { minLength: 1, maxLength: 12 }), (buttons) => {
        const part = withButtons(buttons);
        const shown = interactiveOf(part);
        if (!shown) {
          const said = textOf(part).replace(/\s/g, '');
          for (const { label } of buttons) expect(said).toContain(label.replace(/\s/g, ''));
        } else if (shown.type === 'button') {
          expect(shown.action.buttons.length).toBeLessThanOrEqual(3);
          for (const { reply } of shown.action.buttons) {
            expect(reply.title.length).toBeLessThanOrEqual(20);
            expect(reply.id.length).toBeLessThanOrEqual(256);
          }
        } else if (shown.type === 'list') {
          const rows = shown.action.sections.flatMap((section) => section.rows);
          expect(rows.length).toBeLessThanOrEqual(10);
          for (const row of rows) {
            expect(row.title.length).toBeLessThanOrEqual(24);
            expect(row.id.length).toBeLessThanOrEqual(200);
          }
        }
      }),
    );
  });
});

describe('a list', () => {
  const row = { id: 'a', label: 'A', description: 'first' };
  const list = (changes: object): Part => ({
    type: 'list',
    body: plain('Tea?'),
    button: 'Choose',
    sections: [{ title: 'Hot', rows: [row] }],
    ...changes,
  });

  it('is shown as one within the limits', () => expect(interactiveOf(list({}))?.type).toBe('list'));

  it.each([
    ['a long button', { button: 'x'.repeat(21) }],
    ['a long title of a section', { sections: [{ title: 'x'.repeat(25), rows: [row] }] }],
    ['a long label', { sections: [{ rows: [{ ...row, label: 'x'.repeat(25) }] }] }],
    ['a long description', { sections: [{ rows: [{ ...row, description: 'x'.repeat(73) }] }] }],
    ['a long id', { sections: [{ rows: [{ ...row, id: 'x'.repeat(201) }] }] }],
    ['an id twice', { sections: [{ rows: [row, row] }] }],
    ['sections without titles', { sections: [{ rows: [row] }, { rows: [{ ...row, id: 'b' }] }] }],
    [
      'an empty section',
      {
        sections: [
          { title: 'Hot', rows: [row] },
          { title: 'Cold', rows: [] },
        ],
      },
    ],
    ['eleven sections', { sections: Array.from({ length: 11 }, (_, n) => ({ title: `${n}`, rows: [] })) }],
    ['no body', { body: plain('') }],
  ])('with %s is numbered text', (_, changes) => expect(interactiveOf(list(changes))).toBeNull());
});

describe('a list that is told in words', () => {
  const list = (text: string, label: (index: number) => string): Part => ({
    type: 'list',
    body: plain(text),
    button: 'Choose',
    sections: [
      {
        rows: Array.from({ length: 11 }, (_, index) => ({
          id: `t${index}`,
          label: label(index),
          description: 'from the garden',
        })),
      },
    ],
  });

  it('says what each row is', () => {
    expect(textOf(list('Tea?', (index) => `Tea ${index}`))).toContain('11. Tea 10 – from the garden');
  });

  it('leaves the descriptions out where there is no room for them, and then cuts the labels', () => {
    expect(textOf(list('x'.repeat(3850), (index) => `Tea ${index}`))).toMatch(/\n10\. Tea 9\n11\. Tea 10$/);
    expect(textOf(list('x'.repeat(3700), (index) => `Tea ${index} ${'z'.repeat(40)}`))).toMatch(
      /\n11\. Tea 10 *z*…$/,
    );
  });

  it('is refused where even that is too much', () => {
    expect(() =>
      toOutgoing(
        list('x'.repeat(4050), (index) => `Tea ${index}`),
        [],
        person,
      ),
    ).toThrow(expect.objectContaining({ code: 'UNSUPPORTED', capability: 'content.list' }));
  });
});

describe('a file', () => {
  const megabyte = 1_048_576;
  const sent = (kind: MediaKind, mimeType: string | null, size: number) => () => {
    const source = { mediaId: 'm-1' };
    const part: Part = { type: 'media', kind, source, mimeType: null, filename: null, caption: null };
    const open = () => Promise.reject(new Error('nobody reads it here'));
    const outgoing = toOutgoing(part, [{ size, mimeType, filename: null, open }], person);
    return 'file' in outgoing ? outgoing.use({ id: '1' }).type : null;
  };

  it.each<[MediaKind, string | null, number]>([
    ['image', 'image/png', 5 * megabyte],
    ['video', null, 16 * megabyte],
    ['audio', null, 16 * megabyte],
    ['voice', null, 16 * megabyte],
    ['document', null, 100 * megabyte],
    ['sticker', null, 500 * 1024],
    ['image', 'image/gif', 100 * megabyte],
  ])('of the kind %s and the type %p has %i bytes at most', (kind, mimeType, most) => {
    expect(sent(kind, mimeType, most)).not.toThrow();
    expect(sent(kind, mimeType, most + 1)).toThrow(expect.objectContaining({ code: 'REJECTED' }));
  });

  it('of a type that WhatsApp does not show is a document, whatever it was said to be', () => {
    expect(sent('image', 'image/gif', 1)()).toBe('document');
    expect(sent('sticker', 'image/png', 1)()).toBe('document');
    expect(sent('image', 'image/png', 1)()).toBe('image');
  });
});

describe('where a message goes', () => {
  it.each([
    ['whatsapp:16505551234', person],
    ['whatsapp:US.1349', { recipient_type: 'individual', recipient: 'US.1349' }],
    ['whatsapp:US.ENT.1349', { recipient_type: 'individual', recipient: 'US.ENT.1349' }],
    ['whatsapp:group:Y2Fw', { recipient_type: 'group', to: 'Y2Fw' }],
  ])('%s', (chat, expected) => expect(toRecipient(chat as ChatId)).toEqual(expected));

  it('is not to a LID, which only Evolution knows', () =>
    expect(() => toRecipient('whatsapp:lid:14100' as ChatId)).toThrow(/phone number/));
});

describe('a message id', () => {
  it('is the wamid', () => expect(toWamid('whatsapp:wamid.HBg=' as MessageId)).toBe('wamid.HBg='));

  it.each(['whatsapp:3EB0:in', 'whatsapp:3EB0:in:1@s.whatsapp.net', 'telegram:1:2', 'whatsapp:'])(
    'is refused where it is %s',
    (messageId) => expect(() => toWamid(messageId as MessageId)).toThrow(),
  );
});

describe('outside the window', () => {
  const template = { name: 'answer', language: 'en_US' };
  const parameterOf = (part: Part) => {
    const [component] = (toWindowTemplate(part, template)?.components ?? []) as {
      parameters: { text: string }[];
    }[];
    return component?.parameters[0].text ?? null;
  };

  it('a link is told with its address', () => {
    const body = {
      text: 'page',
      spans: [{ style: 'link' as const, offset: 0, length: 4, url: 'https://example.org' }],
    };
    expect(parameterOf({ type: 'text', body, buttons: [] })).toBe('page (https://example.org)');
  });

  it('any text is a parameter as Meta takes it, or none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 1100 }), (text) => {
        const parameter = parameterOf({ type: 'text', body: plain(text), buttons: [] });
        const folded = text.replace(/\s+/g, ' ').trim();
        expect(parameter).toBe(folded === '' || folded.length > 1024 ? null : folded);
      }),
    );
  });

  it.each<Part>([
    { type: 'location', latitude: 1, longitude: 2 },
    { type: 'contact', name: 'Ada', phone: '+49' },
    { type: 'template', name: 'x', language: 'en' },
  ])('$type is not said in one', (part) => expect(toWindowTemplate(part, template)).toBeNull());
});
