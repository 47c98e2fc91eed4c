import { PayloadError, type Received } from '@omni-hub/channel-sdk';
import fc from 'fast-check';
import { readWebhook } from './inbound';

const phoneNumberId = '1122334455667';
const metadata = { display_phone_number: '972123456789', phone_number_id: phoneNumberId };
const recipient = { phoneNumberId, account: null };

const text = (id: string, from = '16505551234') => ({
  from,
  id,
  timestamp: '1739321024',
  type: 'text',
  text: { body: id },
});

function read(value: object, field = 'messages', entry: object = {}): Received {
  const body = {
    object: 'whatsapp_business_account',
    entry: [{ id: '1', ...entry, changes: [{ field, value: { metadata, ...value } }] }],
  };
  return readWebhook(body, recipient);
}

const ids = ({ events }: Received) => events.map(({ eventId }) => eventId);

describe('a webhook', () => {
  it.each([[null], [[]], ['text'], [{}], [{ object: 'whatsapp_business_account' }], [{ entry: {} }]])(
    'is refused when it is %j',
    (body) => expect(() => readWebhook(body, recipient)).toThrow(PayloadError),
  );

  it('of a thousand updates is read whole', () => {
    const messages = Array.from({ length: 1_000 }, (_, index) =>
      text(`wamid.${index}`, `1650555${1000 + index}`),
    );
    const contacts = messages.map(({ from, id }) => ({ wa_id: from, profile: { name: `Person of ${id}` } }));
    const { events, ignored } = read({ messages, contacts: contacts.reverse() });
    expect(ignored).toEqual([]);
    expect(events).toHaveLength(1_000);
    for (const event of events) {
      expect(event).toMatchObject({ type: 'message', sender: { name: `Person of ${event.eventId}` } });
    }
  });

  it('delivers its good elements whatever stands between them', () => {
    const element = fc.oneof(fc.constant(null), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.array(element, { maxLength: 5 }),
        fc.array(element, { maxLength: 5 }),
        (before, after) => {
          const received = read({ messages: [...before, text('wamid.good'), ...after] });
          expect(ids(received)).toContain('wamid.good');
          expect(received.events.length + received.ignored!.length).toBe(before.length + after.length + 1);
        },
      ),
    );
  });

  it('of any other shape gives events and reasons, the same each time, and no error but PayloadError', () => {
    const fields = fc.constantFrom(
      'messages',
      'smb_message_echoes',
      'user_id_update',
      'account_update',
      'group_participants_update',
      'message_template_status_update',
      'calls',
      'constructor',
    );
    const lists = fc.record(
      {
        metadata: fc.constant(metadata),
        contacts: fc.jsonValue(),
        messages: fc.array(fc.jsonValue(), { maxLength: 3 }),
        statuses: fc.array(fc.jsonValue(), { maxLength: 3 }),
        groups: fc.array(fc.jsonValue(), { maxLength: 3 }),
        errors: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const change = fc.oneof(
      fc.jsonValue(),
      fc.record({ field: fields, value: fc.oneof(lists, fc.jsonValue()) }),
    );
    const entry = fc.oneof(
      fc.jsonValue(),
      fc.record({ id: fc.string(), changes: fc.array(change, { maxLength: 3 }) }),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 3 }), (entries) => {
        const body = { object: 'whatsapp_business_account', entry: entries };
        const received = readWebhook(body, recipient);
        expect(readWebhook(body, recipient)).toEqual(received);
      }),
    );
  });
});

describe('who is meant', () => {
  it('is found by id, not by the place in the list', () => {
    const contacts = [
      { wa_id: '111111', profile: { name: 'One' } },
      { wa_id: '222222', user_id: 'US.2', profile: { name: 'Two' } },
    ];
    const { events } = read({ contacts, messages: [text('wamid.a', '222222'), text('wamid.b', '111111')] });
    expect(events).toMatchObject([
      { chat: { id: 'whatsapp:US.2' }, sender: { name: 'Two' } },
      { chat: { id: 'whatsapp:111111' }, sender: { name: 'One' } },
    ]);
  });

  it('is nobody else where the list holds only another person', () => {
    const contacts = [{ wa_id: '111111', profile: { name: 'One' } }];
    const { events } = read({ contacts, messages: [text('wamid.a', '222222')] });
    expect(events).toMatchObject([{ sender: { id: 'whatsapp:222222', name: null } }]);
  });

  it('is the same person by an old and a new form of a number, answered at the one that was used', () => {
    const contacts = [{ wa_id: '5511987654321', profile: { name: 'Ana' } }];
    const { events } = read({ contacts, messages: [text('wamid.a', '551187654321')] });
    expect(events).toMatchObject([
      { chat: { id: 'whatsapp:5511987654321', address: 'whatsapp:551187654321' }, sender: { name: 'Ana' } },
    ]);
  });

  it('is told once by many statuses', () => {
    const status = (state: string) => ({
      id: 'wamid.sent',
      status: state,
      timestamp: '1',
      recipient_id: '111111',
      recipient_user_id: 'US.1',
    });
    const { events } = read({ statuses: ['sent', 'delivered', 'read'].map(status) });
    expect(events.map(({ type }) => type)).toEqual(['delivery', 'contact', 'delivery', 'delivery']);
  });

  it('is not learned from a status that names one id alone', () => {
    const statuses = [{ id: 'wamid.sent', status: 'sent', timestamp: '1', recipient_id: '111111' }];
    expect(read({ statuses }).events.map(({ type }) => type)).toEqual(['delivery']);
  });
});

describe('what has no id', () => {
  it('is known again by its words, and told apart by its time', () => {
    const value = { event: 'ACCOUNT_VIOLATION' };
    const [first] = ids(read(value, 'account_update', { time: 1 }));
    expect(ids(read(value, 'account_update', { time: 1 }))).toEqual([first]);
    expect(ids(read(value, 'account_update', { time: 2 }))).not.toEqual([first]);
  });
});

describe('an event of another number of the account', () => {
  const value = { display_phone_number: '+1 555-078-3881', event: 'FLAGGED' };
  const body = {
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'phone_number_quality_update', value }] }],
  };

  it('is told where the own number is not known yet', () =>
    expect(readWebhook(body, recipient).events).toHaveLength(1));

  it('is ignored once it is known', () => {
    const account = { id: phoneNumberId, name: null, username: null, aliases: ['972123456789'] };
    expect(readWebhook(body, { phoneNumberId, account }).ignored).toHaveLength(1);
  });
});
