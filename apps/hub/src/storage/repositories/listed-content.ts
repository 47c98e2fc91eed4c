import { sql } from 'kysely';

const maxLength = 256 * 1024;

/** Content as a list shows it: null where it is longer, since it then holds a file. */
export const listedContent = sql<
  string | null
>`case when length(content) <= ${maxLength} then content end`.as('content');
