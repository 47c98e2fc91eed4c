import { decodeMediaRef, encodeMediaRef, expiresAt } from './media-ref';

const file = {
  url: 'https://cdn.discordapp.com/attachments/1/2/a.txt?ex=695c5b2a&is=1&hm=2',
  channel: '1',
  message: '3',
  attachment: '2',
  mimeType: 'text/plain',
  filename: 'a.txt',
  size: 3,
};

describe('the reference to a file', () => {
  it('survives JSON', () => {
    expect(decodeMediaRef(JSON.parse(JSON.stringify(encodeMediaRef(file))))).toEqual(file);
  });

  it.each(['', 'nonsense', '{}', '[]', 'null', '{"url":""}', '{"url":7}'])('%p is none', (ref) => {
    expect(() => decodeMediaRef(ref)).toThrow(/as it was received/);
  });

  it.each([
    [file.url, 0x695c5b2a * 1000],
    ['https://cdn.discordapp.com/stickers/1.png', null],
    ['https://cdn.discordapp.com/a?ex=soon', null],
    ['nonsense', null],
  ])('%s ends at %p', (url, expected) => expect(expiresAt(url)).toBe(expected));
});
