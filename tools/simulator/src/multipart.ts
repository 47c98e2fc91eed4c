export interface Upload {
  filename: string;
  contentType: string;
  bytes: Buffer;
}

export interface Form {
  fields: Record<string, string>;
  files: Map<string, Upload>;
}

const headersEnd = Buffer.from('\r\n\r\n');

/** Reads a `multipart/form-data` body (RFC 7578). Returns null when it is not one. */
export function parseMultipart(contentType: string, body: Buffer): Form | null {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  if (!boundary) return null;
  const delimiter = Buffer.from(`--${boundary[1] ?? boundary[2]}`);
  const form: Form = { fields: {}, files: new Map() };
  let start = body.indexOf(delimiter);
  if (start < 0) return null;
  for (;;) {
    start += delimiter.length;
    if (body.subarray(start, start + 2).toString('latin1') === '--') return form;
    const end = body.indexOf(delimiter, start);
    if (end < 0) return null;
    addPart(form, body.subarray(start + 2, end - 2));
    start = end;
  }
}

function addPart(form: Form, part: Buffer): void {
  const split = part.indexOf(headersEnd);
  const headers = part.subarray(0, split).toString();
  const content = part.subarray(split + headersEnd.length);
  const name = /\bname="([^"]*)"/i.exec(headers)?.[1] ?? '';
  const filename = /\bfilename="([^"]*)"/i.exec(headers)?.[1];
  if (filename === undefined) {
    form.fields[name] = content.toString();
    return;
  }
  const contentType = /content-type:\s*([^\r\n;]+)/i.exec(headers)?.[1] ?? 'application/octet-stream';
  form.files.set(name, { filename, contentType, bytes: Buffer.from(content) });
}
