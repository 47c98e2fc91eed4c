import { createHmac, randomBytes } from 'node:crypto';

const vowels = 'aeiou';
const consonants = 'bcdfghjklmnpqrstvwxz';
const hexLetters = 'abcdef';
const tail = (byte: number) => String(byte % 10);
/** Numbers of fewer digits are counts, codes and small ids; nobody is called by them. */
const fewestDigits = 7;

/**
 * Gives every word another one in its place: of the same length, with letters for letters and digits for digits, and the same one
 * each time, so that what matched before still does. Which one depends on a key that is never kept: nothing leads back.
 */
export class StandIns {
  private readonly key = randomBytes(32);
  private readonly known = new Map<string, string>();
  private static readonly most = 50_000;

  /** Every word of a text, numbers of any length included. Blanks, marks and emoji stay, and so do the offsets; a URL stays one. */
  text(text: string): string {
    return text
      .split(/(https?:\/\/[^\s/?#]+)/)
      .map((piece, index) => (index % 2 === 1 ? this.origin(piece) : this.words(piece)))
      .join('');
  }

  /** The long numbers of a text, as phones and ids are, and nothing else. */
  numbers(text: string): string {
    return text.replace(/(?<![\p{L}\p{N}])\d{7,}(?![\p{L}\p{N}])/gu, (digits) => this.word(digits));
  }

  /** A number where it is a long one. */
  number(value: number): number {
    const digits = String(Math.abs(value));
    if (!Number.isSafeInteger(value) || digits.length < fewestDigits) return value;
    return Math.sign(value) * Number(this.word(digits));
  }

  /** The stand-in of one word. */
  word(word: string): string {
    const known = this.known.get(word);
    if (known !== undefined) return known;
    if (this.known.size >= StandIns.most) this.known.clear();
    const made = /^\d+$/.test(word) ? this.digits(word) : this.letters(word);
    this.known.set(word, made);
    return made;
  }

  private words(text: string): string {
    return text.replace(/[\p{L}\p{M}\p{N}]+/gu, (word) => this.word(word));
  }

  /** What may be part of an IP address, or a port, becomes what may be one too. */
  private origin(origin: string): string {
    const [scheme, host] = origin.split('://');
    const named = host.replace(/[\p{L}\p{M}\p{N}]+/gu, (word) =>
      /^\d{1,5}$/.test(word) ? `1${this.word(word).slice(1)}` : this.word(word),
    );
    return `${scheme}://${named}`;
  }

  /** The country's code stays, and of numbers of Brazil the place of the ninth digit, by which one number has two forms. */
  private digits(word: string): string {
    if (word.length < fewestDigits) return this.made(word, tail);
    const brazilian = /^55\d{2}9?\d{8}$/.test(word);
    if (brazilian) return `5511${word.slice(4, -8)}${this.made(word.slice(-8), tail)}`;
    const kept = word.startsWith('100') ? 3 : 2;
    return word.slice(0, kept) + this.made(word.slice(kept), tail, word);
  }

  private letters(word: string): string {
    const hex = /^(?=.*\d)[\da-f]{4,}$/.test(word) || /^(?=.*\d)[\dA-F]{4,}$/.test(word);
    return this.made(word, (byte, unit, index) => {
      if (/\d/.test(unit)) return String(byte % 10);
      const letters = hex ? hexLetters : index % 2 === 0 ? consonants : vowels;
      const letter = letters[byte % letters.length];
      return /\p{Lu}/u.test(unit) ? letter.toUpperCase() : letter;
    });
  }

  /** Never the word itself: where chance would have it so, chance is asked again. */
  private made(
    word: string,
    letter: (byte: number, unit: string, index: number) => string,
    seed = word,
  ): string {
    for (let round = 0; ; round++) {
      const bytes = this.bytes(`${round} ${seed}`, word.length);
      const made = Array.from({ length: word.length }, (_, index) =>
        letter(bytes[index], word[index], index),
      );
      if (made.join('') !== word) return made.join('');
    }
  }

  private bytes(seed: string, count: number): Buffer {
    const blocks: Buffer[] = [];
    for (let block = 0; block * 32 < count; block++)
      blocks.push(createHmac('sha256', this.key).update(`${block} ${seed}`).digest());
    return Buffer.concat(blocks);
  }
}
