import type { Answer } from '../http';

const names: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** A refusal in Evolution's own words. `message` is a list, or a text where the real server forgets the list. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly details: readonly unknown[] | string,
  ) {
    super(typeof details === 'string' ? details : details.map(inWords).join(', '));
  }
}

export const badRequest = (...details: unknown[]) => new ApiError(400, details);
export const notFound = (...details: unknown[]) => new ApiError(404, details);
export const forbidden = (...details: unknown[]) => new ApiError(403, details);
export const unauthorized = () => new ApiError(401, 'Unauthorized');
/** An exception that nobody caught. */
export const crashed = (why: string) => new ApiError(500, why);
/** The server speaks to no phone. Sends say it one way, the rest another. */
export const connectionClosed = () => badRequest('Error: Connection Closed');

export function refusal({ status, details }: ApiError): Answer {
  return { status, body: { status, error: names[status] ?? 'Error', response: { message: details } } };
}

/** What a server of 2.4 answers to everything before somebody activates it. */
export const licenseRequired: Answer = {
  status: 503,
  body: {
    error: 'service not activated',
    code: 'LICENSE_REQUIRED',
    message: 'License required. Open the manager to activate your license.',
  },
};

const inWords = (detail: unknown) => (typeof detail === 'string' ? detail : JSON.stringify(detail));
