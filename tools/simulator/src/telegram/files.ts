import type { Upload } from '../multipart';

/** A file at the fake platform. */
export interface StoredFile {
  id: string;
  uniqueId: string;
  name: string;
  mimeType: string;
  size: number;
  path: string;
  bytes: Buffer;
}

/** Files of every chat, found by the id and by the path that `getFile` gives. */
export class Files {
  private readonly byId = new Map<string, StoredFile>();
  private readonly byPath = new Map<string, StoredFile>();
  private last = 0;

  /** With `keepBytes` false only the size stays. */
  constructor(private readonly keepBytes: boolean) {}

  store(kind: string, { filename, contentType, bytes }: Upload): StoredFile {
    const number = ++this.last;
    const extension = /\.[a-z0-9]+$/i.exec(filename)?.[0] ?? '';
    const file: StoredFile = {
      id: `SIM${kind}${number}`,
      uniqueId: `u${number}`,
      name: filename,
      mimeType: contentType,
      size: bytes.length,
      path: `${kind}s/file_${number}${extension}`,
      bytes,
    };
    if (this.keepBytes) {
      this.byId.set(file.id, file);
      this.byPath.set(file.path, file);
    }
    return file;
  }

  find(id: string): StoredFile | undefined {
    return this.byId.get(id);
  }

  at(path: string): StoredFile | undefined {
    return this.byPath.get(path);
  }
}
