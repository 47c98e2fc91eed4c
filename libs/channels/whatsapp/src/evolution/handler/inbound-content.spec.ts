import fc from 'fast-check';
import { openMessage } from './inbound-content';

const wrapper = fc.constantFrom(
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'deviceSentMessage',
  'associatedChildMessage',
);
const note = fc.constantFrom('messageContextInfo', 'senderKeyDistributionMessage');

const wrap = (content: object, wrappers: string[]) =>
  wrappers.reduce<object>((message, name) => ({ [name]: { message } }), content);

describe('a message', () => {
  it('is found in any wrappers, in any order, whatever stands beside it', () => {
    fc.assert(
      fc.property(fc.array(wrapper, { maxLength: 16 }), note, (wrappers, beside) => {
        const content = { [beside]: { any: 1 }, conversation: 'hi' };
        const wrapped = { [beside]: { any: 1 }, ...wrap(content, wrappers) };
        expect(openMessage(wrapped)).toEqual({ name: 'conversation', value: 'hi', albumId: null });
      }),
    );
  });

  it('is none where it is wrapped without an end', () => {
    expect(openMessage(wrap({ conversation: 'hi' }, Array(5_000).fill('ephemeralMessage')))).toBeNull();
  });

  it.each([null, undefined, 'hi', 7, [], { ephemeralMessage: {} }, { ephemeralMessage: { message: 'hi' } }])(
    'is none where it is %j',
    (message) => expect(openMessage(message)).toBeNull(),
  );

  it.each([{}, { messageContextInfo: {} }, { conversation: '' }, { imageMessage: null }])(
    'has no content where it is %j',
    (message) => expect(openMessage(message)?.name).toBeNull(),
  );

  it.each(['MEDIA_ALBUM', 1])('belongs to the album that its association (%s) names', (associationType) => {
    const messageContextInfo = { messageAssociation: { associationType, parentMessageKey: { id: 'A1' } } };
    const item = { messageContextInfo, imageMessage: {} };
    expect(openMessage(wrap(item, ['ephemeralMessage']))?.albumId).toBe('A1');
  });

  it('belongs to no album by an association of another kind', () => {
    const messageContextInfo = {
      messageAssociation: { associationType: 'HD_IMAGE_DUAL_UPLOAD', parentMessageKey: { id: 'A1' } },
    };
    expect(openMessage({ messageContextInfo, imageMessage: {} })?.albumId).toBeNull();
  });
});
