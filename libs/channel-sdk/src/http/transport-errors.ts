import { AxiosError, CanceledError } from 'axios';
import { SendError } from '../errors/errors';

/** For requests that axios would refuse itself, without saying that they have not left. */
export function abortedBefore(): AxiosError {
  return Object.assign(new CanceledError<unknown>(), { requestSent: false });
}

export function timedOut(timeout: number): AxiosError {
  return new AxiosError(`no answer within ${timeout} ms`, AxiosError.ECONNABORTED);
}

export function answerTooLong(limit: number): AxiosError {
  return new AxiosError(`unreadable answer: longer than ${limit} bytes`, AxiosError.ERR_BAD_RESPONSE);
}

export function invalidUrl(): AxiosError {
  return new AxiosError('the address is not a valid http(s) URL', AxiosError.ERR_INVALID_URL);
}

/**
 * undici's errors in axios' words; those of the system keep their code (ECONNREFUSED, ENOTFOUND, …). A SendError is what a body
 * says of itself: it stays the cause, which decides what the failure is.
 */
export function toAxiosError(error: Error & { code?: string }): AxiosError {
  if (error instanceof SendError)
    return Object.assign(new AxiosError(error.message, AxiosError.ERR_NETWORK), { cause: error });
  const code = error.code ?? AxiosError.ERR_NETWORK;
  const known = error.name === 'HTTPParserError' ? AxiosError.ERR_BAD_RESPONSE : axiosCodes[code];
  return new AxiosError(error.message || code, known ?? code);
}

/** https://undici.nodejs.org/#/docs/api/Errors */
const axiosCodes: Record<string, string> = {
  UND_ERR_CONNECT_TIMEOUT: AxiosError.ETIMEDOUT,
  UND_ERR_HEADERS_TIMEOUT: AxiosError.ECONNABORTED,
  UND_ERR_BODY_TIMEOUT: AxiosError.ECONNABORTED,
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_INVALID_ARG: AxiosError.ERR_BAD_OPTION_VALUE,
  UND_ERR_HEADERS_OVERFLOW: AxiosError.ERR_BAD_RESPONSE,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: AxiosError.ERR_BAD_RESPONSE,
  UND_ERR_CLOSED: AxiosError.ERR_NETWORK,
  UND_ERR_DESTROYED: AxiosError.ERR_NETWORK,
};
