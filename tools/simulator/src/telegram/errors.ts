import type { Answer } from '../http';

interface ErrorParameters {
  migrate_to_chat_id?: number;
  retry_after?: number;
}

/** A refusal in the Bot API's own words. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
    readonly parameters?: ErrorParameters,
  ) {
    super(description);
  }
}

export const badRequest = (why: string, parameters?: ErrorParameters) =>
  new ApiError(400, `Bad Request: ${why}`, parameters);
export const forbidden = (why: string) => new ApiError(403, `Forbidden: ${why}`);
export const conflict = (why: string) => new ApiError(409, `Conflict: ${why}`);
export const tooManyRequests = (retryAfter: number) =>
  new ApiError(429, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter });

export function refusal({ code, description, parameters }: ApiError): Answer {
  return {
    status: code,
    body: { ok: false, error_code: code, description, ...(parameters && { parameters }) },
    headers: parameters?.retry_after === undefined ? {} : { 'retry-after': String(parameters.retry_after) },
  };
}

const reasons: Record<number, string> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

export const serverFailure = (status: number) =>
  refusal(new ApiError(status, reasons[status] ?? 'Server Error'));
