import type { EvolutionVersion } from '@omni-hub/simulator';
import { RailWorld } from './harness/rail-world';
import { EvolutionRail } from './harness/rails';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';

/** How one version names somebody who hides their number, and whether it ever tells the number. */
const versions: [EvolutionVersion, { tellsPhone: boolean }][] = [
  ['2.2.3', { tellsPhone: false }],
  ['2.3.0', { tellsPhone: true }],
  ['2.3.6', { tellsPhone: true }],
  ['2.3.7', { tellsPhone: true }],
];

describe.each(versions)('a conversation through Evolution %s', (version, { tellsPhone }) => {
  let world: RailWorld<EvolutionRail>;

  beforeAll(async () => (world = await RailWorld.create(await EvolutionRail.start({ version }))));
  afterAll(() => world.dispose());

  const sentTo = (text: string) =>
    world.rail.platform.calls('sendText').find(({ body }) => body.text === text)?.body.number;

  describe.each<[string, Who, string]>([
    ['a phone number', { phone: '4915111111111' }, 'whatsapp:4915111111111'],
    ['a hidden number alone', { lid: '141000111222001' }, 'whatsapp:lid:141000111222001'],
    [
      'a number and a hidden one, and their chat goes by the number',
      { phone: '4915111111112', lid: '141000111222002', addressing: 'pn' },
      'whatsapp:4915111111112',
    ],
    [
      'a number and a hidden one, and their chat goes by the hidden one',
      { phone: '4915111111113', lid: '141000111222003' },
      tellsPhone ? 'whatsapp:4915111111113' : 'whatsapp:lid:141000111222003',
    ],
  ])('with somebody who has %s', (_name, who, chatId) => {
    const suffix = Object.values(who).join('-');

    it('is one chat of texts, replies, photos and reactions', async () => {
      const { itself: ada, ...person } = world.rail.person(`Ada ${suffix}`, who);
      const hello = ada.says(`hello ${suffix}`);
      await person.reply(`hello ${suffix}`);
      const answer = ada.chat.entries.find(({ byApi }) => byApi)!;
      expect(world.lastAsked(chatId)).toMatchObject({
        sessionId: `support/${chatId}`,
        sender: { id: chatId, name: `Ada ${suffix}` },
        messages: [{ id: `whatsapp:${hello.id}:in`, text: `hello ${suffix}`, replyTo: null }],
      });

      ada.replies(answer, `when? ${suffix}`);
      await person.reply(`when? ${suffix}`);
      expect(world.lastAsked(chatId).messages[0].replyTo).toEqual({
        id: `whatsapp:${answer.id}`,
        text: `hello ${suffix}`,
        fromMe: true,
      });

      ada.sendsImage({ caption: `look ${suffix}` });
      await person.reply(`look ${suffix}`);
      expect(world.lastAsked(chatId).messages[0].attachments).toMatchObject([
        { kind: 'image', status: 'ready', mimeType: 'image/png' },
      ]);

      ada.reacts(answer, '👍');
      const trace = await world.traceOfEvent(chatId, 'reaction');
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'kind_reaction']);
      expect(world.asked(chatId)).toHaveLength(3);
      expect(sentTo(`look ${suffix}`)).toBe(toAddress(ada.jid, version, who));
    });
  });

  it('somebody whose number becomes known later stays one chat and one session, answered at the address last seen', async () => {
    const { itself: eve, ...person } = world.rail.person('Eve', { lid: '141000111222009' });
    const chatId = 'whatsapp:lid:141000111222009';
    const number = 'whatsapp:4915199999999';
    const says = async (text: string) => {
      eve.says(text);
      await person.reply(text);
    };
    await says('nobody knows my number');
    eve.revealsPhone('4915199999999');
    eve.isAddressedBy('pn');
    await says('now you do');
    eve.isAddressedBy('lid');
    await says('hidden again');
    const texts = (id: string) => world.asked(id).map(({ messages }) => messages[0].text);
    if (tellsPhone) {
      expect(texts(chatId)).toEqual(['nobody knows my number', 'now you do', 'hidden again']);
      const sessions = world.asked(chatId).map(({ sessionId }) => sessionId);
      expect(new Set(sessions)).toEqual(new Set([`support/${chatId}`]));
      expect(texts(number)).toEqual([]);
    } else {
      // Nothing of this version tells that the two are one person.
      expect(texts(chatId)).toEqual(['nobody knows my number', 'hidden again']);
      expect(texts(number)).toEqual(['now you do']);
    }
    expect(sentTo('nobody knows my number')).toBe('141000111222009@lid');
    expect(sentTo('now you do')).toBe('4915199999999@s.whatsapp.net');
    const phone = '4915199999999';
    expect(sentTo('hidden again')).toBe(toAddress('141000111222009@lid', version, { phone }));
  });

  it('a group is answered where the account is mentioned, by its number or its hidden one', async () => {
    const { itself: bob } = world.rail.person('Bob', { phone: '4915122222222', lid: '141000111222022' });
    const group = world.rail.platform.group({ members: [bob], subject: 'Friends' });
    const { self } = world.rail.account;
    bob.says('lunch?', { chat: group });
    bob.says('@99000111222 hi', { chat: group, mentions: [{ self }], mentionBy: 'lid' });
    await world.rail.platform.waitForReply(group, '@99000111222 hi', 20_000);
    bob.says('@5511988887777 you', { chat: group, mentions: [{ self }], mentionBy: 'phone' });
    await world.rail.platform.waitForReply(group, '@5511988887777 you', 20_000);
    const chatId = `whatsapp:group:${group.jid.split('@')[0]}`;
    const [first, second] = world.asked(chatId);
    expect(first).toMatchObject({ chat: { kind: 'group' }, messages: [{ mentionsMe: true }] });
    expect(first.sender).toEqual(second.sender);
    expect(world.asked(chatId)).toHaveLength(2);
  });

  it('what became of an answer is told', async () => {
    const person = world.rail.person('Carl');
    const hello = person.says('is it there?');
    await person.reply('is it there?');
    await until('it is read', async () => reasonsOf(await world.traceOf(hello), 'outbox').includes('read'));
  });
});

interface Who {
  phone?: string;
  lid?: string;
  addressing?: 'pn' | 'lid';
}

/** 2.3.7 tells the number in place of the hidden one; the others leave the chat's address as it is. */
function toAddress(jid: string, version: EvolutionVersion, { phone }: Who): string {
  return version === '2.3.7' && phone ? `${phone}@s.whatsapp.net` : jid;
}
