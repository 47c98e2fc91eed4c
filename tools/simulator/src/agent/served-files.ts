import type { ServerResponse } from 'node:http';

/** How a file is served: whole, or with a status and headers of its own. */
export interface ServedFile {
  bytes?: Buffer;
  status?: number;
  headers?: Record<string, string>;
  /** Its length is not told beforehand. */
  chunked?: boolean;
}

const folder = '/files/';

/** Files that an agent serves beside its answers, under its own origin. */
export class ServedFiles {
  private readonly answers = new Map<string, ServedFile[]>();
  private readonly asked = new Map<string, number>();

  constructor(private readonly baseUrl: () => string) {}

  /** Serves a file from now on and answers its URL. Of several, each is for one request, and the last for all that follow. */
  serve(name: string, ...files: (ServedFile | Buffer)[]): string {
    const served = files.map((file) => (Buffer.isBuffer(file) ? { bytes: file } : file));
    this.answers.set(name, served);
    this.asked.set(name, 0);
    return `${this.baseUrl()}${folder}${name}`;
  }

  /** How often a file was asked for. */
  timesAsked(name: string): number {
    return this.asked.get(name) ?? 0;
  }

  /** False where the path is that of no file. */
  answer(path: string, response: ServerResponse): boolean {
    if (!path.startsWith(folder)) return false;
    const name = decodeURIComponent(path.slice(folder.length));
    const files = this.answers.get(name) ?? [];
    const file: ServedFile = (files.length > 1 ? files.shift() : files[0]) ?? { status: 404 };
    this.asked.set(name, this.timesAsked(name) + 1);
    const { bytes = Buffer.alloc(0), status = 200, headers = {}, chunked = false } = file;
    response.writeHead(status, { ...(chunked ? {} : { 'content-length': bytes.length }), ...headers });
    // In two pieces: of a single one the length would be told all the same.
    if (bytes.length > 1) response.write(bytes.subarray(0, 1));
    response.end(bytes.length > 1 ? bytes.subarray(1) : bytes);
    return true;
  }
}
