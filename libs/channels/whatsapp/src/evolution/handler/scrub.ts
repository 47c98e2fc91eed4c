/** Fields that never hold anything but a secret or a file; `destination` is the webhook's address with its secret part. */
const always: readonly string[] = ['apikey', 'api_key', 'base64', 'destination', 'pairingCode'];
/** What a QR code says begins so; the field is also the name of harmless ones. */
const linkCode = '2@';

/**
 * A webhook's body without keys, files, the webhook's secret address and the codes by which an account is linked; what stood there is `null`. Works on the bytes,
 * so a body that is no JSON loses them too. A quotation mark inside a text is always escaped, so texts that people wrote are never
 * taken for fields. The same buffer where there is nothing to take out. Pure; never fails.
 */
export function scrub(body: Buffer): Buffer {
  const cuts = [
    ...always.flatMap((name) => valuesOf(body, name)),
    ...valuesOf(body, 'code').filter(isLink(body)),
  ];
  if (cuts.length === 0) return body;
  cuts.sort((a, b) => a.start - b.start);
  const pieces: Buffer[] = [];
  let done = 0;
  for (const { start, end } of cuts) {
    if (start < done) continue;
    pieces.push(body.subarray(done, start), Buffer.from('null'));
    done = end;
  }
  return Buffer.concat([...pieces, body.subarray(done)]);
}

interface Range {
  start: number;
  end: number;
}

/** Where the texts stand that a field has as its value, quotation marks included. */
function valuesOf(body: Buffer, name: string): Range[] {
  const found: Range[] = [];
  const field = `"${name}"`;
  for (let at = body.indexOf(field); at >= 0; at = body.indexOf(field, at + field.length)) {
    const start = afterColon(body, at + field.length);
    if (body[start] !== quote) continue;
    const end = endOfText(body, start);
    found.push({ start, end });
    at = end - field.length;
  }
  return found;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** Where the value begins; what is no field has none, which is never a quotation mark. */
function afterColon(body: Buffer, from: number): number {
  let at = skipBlanks(body, from);
  if (body[at] !== colon) return body.length;
  at = skipBlanks(body, at + 1);
  return at;
}

function skipBlanks(body: Buffer, from: number): number {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x09 || body[at] === 0x0a || body[at] === 0x0d) at += 1;
  return at;
}

/** A text that is cut off goes on to the end of the body. */
function endOfText(body: Buffer, start: number): number {
  for (let at = body.indexOf(quote, start + 1); at >= 0; at = body.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (body[at - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  return body.length;
}

function isLink(body: Buffer): (range: Range) => boolean {
  return ({ start }) => body.subarray(start + 1, start + 1 + linkCode.length).toString() === linkCode;
}
