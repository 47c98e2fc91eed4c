import fc from 'fast-check';
import { StandIns } from './stand-ins';

const word = fc.stringMatching(/^[A-Za-z]{4,12}$/);
const phone = fc.stringMatching(/^[1-9]\d{9,13}$/);

describe('a stand-in', () => {
  const standIns = new StandIns();

  it('is never the word, has its length and kinds of letters, and is the same each time', () => {
    fc.assert(
      fc.property(word, (given) => {
        const made = standIns.word(given);
        expect(made).not.toBe(given);
        expect(made.replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A')).toBe(
          given.replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A'),
        );
        expect(standIns.word(given)).toBe(made);
      }),
    );
  });

  it('is the same for a number wherever it stands: as a number, in an address, in a text', () => {
    fc.assert(
      fc.property(phone, (digits) => {
        const made = standIns.word(digits);
        expect(made).toMatch(/^[1-9]\d+$/);
        expect(made).toHaveLength(digits.length);
        expect(standIns.numbers(`${digits}@s.whatsapp.net`)).toBe(`${made}@s.whatsapp.net`);
        expect(standIns.text(`@${digits}!`)).toBe(`@${made}!`);
        expect(standIns.number(Number(digits))).toBe(Number(made));
        expect(standIns.number(-Number(digits))).toBe(-Number(made));
      }),
    );
  });

  it('leaves small numbers, marks and emoji alone', () => {
    expect(standIns.number(199_785)).toBe(199_785);
    expect(standIns.numbers('17:4242')).toBe('17:4242');
    expect(standIns.text('*??* 👍🏽!')).toBe('*??* 👍🏽!');
  });

  it('has one for both forms of a number of Brazil', () => {
    expect(standIns.word('5521987654321').slice(-8)).toBe(standIns.word('552187654321').slice(-8));
  });

  it('of a URL is one', () => {
    for (const url of ['http://127.0.0.1:35419/webhooks/x', 'https://example.com/a?b=c', 'http://[::1]:80/'])
      expect(URL.canParse(standIns.text(url))).toBe(true);
  });

  it('is another one in another recording', () => {
    expect(new StandIns().word('Wilhelmina')).not.toBe(standIns.word('Wilhelmina'));
  });
});
