import { UnreachableError } from '@omni-hub/channel-sdk';
import { Transform, type TransformCallback } from 'node:stream';

const field = Buffer.from('"base64"');
const quote = 0x22;

/**
 * The bytes in the field `base64` of a JSON object that passes by, as a stream: neither the object nor the file is ever held whole. A
 * quotation mark within a text is always escaped, so a caption is never taken for the field. Nothing where there is no such field. Ends
 * with UnreachableError where the object breaks off within it.
 */
export class Base64Field extends Transform {
  private state: 'before' | 'colon' | 'inside' | 'after' = 'before';
  /** The end of the last chunk, in which the field's name may have begun. */
  private tail = Buffer.alloc(0);
  /** Up to three digits that wait for their fourth. */
  private digits = '';

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest: Buffer = chunk;
    if (this.state === 'before') rest = this.findName(rest);
    if (this.state === 'colon') rest = this.findValue(rest);
    if (this.state === 'inside') this.decode(rest);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.state === 'inside') {
      done(new UnreachableError("Evolution's answer broke off within the file: it is fetched again"));
      return;
    }
    done();
  }

  private findName(chunk: Buffer): Buffer {
    const text = Buffer.concat([this.tail, chunk]);
    const start = text.indexOf(field);
    if (start < 0) {
      this.tail = Buffer.from(text.subarray(-(field.length - 1)));
      return chunk;
    }
    this.state = 'colon';
    return text.subarray(start + field.length);
  }

  private findValue(chunk: Buffer): Buffer {
    const start = chunk.findIndex((byte) => !isBetween(byte));
    if (start < 0) return chunk;
    this.state = chunk[start] === quote ? 'inside' : 'after';
    return chunk.subarray(start + 1);
  }

  private decode(chunk: Buffer): void {
    const end = chunk.indexOf(quote);
    const text = chunk.toString('latin1', 0, end < 0 ? chunk.length : end);
    // JSON may write a slash as `\/`.
    const digits = this.digits + (text.includes('\\') ? text.replaceAll('\\', '') : text);
    const whole = end < 0 ? digits.length - (digits.length % 4) : digits.length;
    if (whole > 0) this.push(Buffer.from(digits.slice(0, whole), 'base64'));
    this.digits = digits.slice(whole);
    if (end >= 0) this.state = 'after';
  }
}

/** Blanks and the colon. */
function isBetween(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x3a;
}
