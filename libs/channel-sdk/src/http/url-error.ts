/**
 * Why a file that somebody named by its URL is not here.
 * BLOCKED: the address is not to be asked. REJECTED: it was asked, and has no such file. UNREACHABLE: another time it may have it.
 */
export type UrlErrorCode = 'BLOCKED' | 'REJECTED' | 'UNREACHABLE';

/** The message is for who named the URL: it holds no more of it than its host. */
export class UrlError extends Error {
  constructor(
    readonly code: UrlErrorCode,
    message: string,
    /** The least time until it is worth another attempt, milliseconds. */
    readonly waitMs = 0,
  ) {
    super(message);
    this.name = 'UrlError';
  }
}
