import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { draftOpenapi, type OpenapiDraft } from './draft';

export type { OpenapiDraft } from './draft';

/** Drafts from a file, whose path is absolute or begins at `root`. Throws an Error that names the file and says what is wrong. */
export function readOpenapi(root: string, file: string, pascal: string): OpenapiDraft {
  try {
    return draftOpenapi(parse(readFileSync(resolve(root, file), 'utf8'), { logLevel: 'silent' }), pascal);
  } catch (error) {
    throw new Error(`--from-openapi=${file}: ${(error as Error).message}`, { cause: error });
  }
}
