import { ownAddress } from './own-address';

const slack = 'https://slack.com/api';
const simulator = 'http://127.0.0.1:4000';

describe('an address that is asked with the token', () => {
  it.each([
    [slack, 'https://files.slack.com/files-pri/T1-F1/image.png'],
    [slack, 'https://hooks.slack.com/commands/T1/1/x'],
    [simulator, 'http://127.0.0.1:4000/files/F1'],
  ])('is, where apiUrl is %s, %s', (apiUrl, address) => expect(ownAddress(apiUrl, address)).toBe(address));

  it.each([
    [slack, 'https://files.slack.com.example.org/image.png'],
    [slack, 'https://notslack.com/image.png'],
    [slack, 'http://files.slack.com/image.png'],
    [slack, 'https://files.slack.com:8443/image.png'],
    [slack, 'https://files.slack.com@example.org/image.png'],
    [slack, 'file:///etc/passwd'],
    [slack, 'image.png'],
    [simulator, 'https://files.slack.com/image.png'],
    [simulator, 'http://127.0.0.1:4001/files/F1'],
  ])('is never, where apiUrl is %s, %s', (apiUrl, address) =>
    expect(() => ownAddress(apiUrl, address)).toThrow(expect.objectContaining({ code: 'REJECTED' })),
  );
});
