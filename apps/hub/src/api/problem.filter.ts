import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { UnsupportedError, WindowClosedError } from '@omni-hub/channel-sdk';
import type { Response } from 'express';
import { Log } from '../flow/log';
import { UnknownRecipientError } from '../flow/outgoing';
import { FileError } from '../flow/outgoing-files';
import { Problem } from '../flow/problem';
import { OverloadedError } from '../storage/group-commit';

/** Every failure of a request as a problem document. What is not foreseen is our own trouble: 503, come again. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    this.answer(error, host.switchToHttp().getResponse<Response>());
  }

  answer(error: unknown, response: Response): void {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const problem = this.toProblem(error);
    if (problem.retryAfterSeconds) response.setHeader('retry-after', problem.retryAfterSeconds);
    response.status(problem.status).type('application/problem+json').end(JSON.stringify(problem));
  }

  private toProblem(error: unknown): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof UnsupportedError)
      return new Problem(422, error.code, `${error.message} (${error.capability})`);
    if (error instanceof WindowClosedError) return new Problem(409, error.code, error.message);
    if (error instanceof UnknownRecipientError)
      return Problem.fields([{ field: 'to', problem: error.message }]);
    if (error instanceof FileError) return fromFile(error);
    if (error instanceof OverloadedError)
      return new Problem(
        503,
        'OVERLOADED',
        'too many requests wait for the database: come again',
        undefined,
        2,
      );
    const status = statusOf(error);
    if (status >= 400 && status < 500) return fromFramework(status, error as Error);
    this.log.error({ error: (error as Error)?.stack ?? String(error) }, 'a request failed');
    return new Problem(503, 'UNAVAILABLE', 'the hub could not do this now: come again', undefined, 5);
  }
}

/** Of a file that comes with the request, or that it names. */
function fromFile({ code, message, retryable }: FileError): Problem {
  if (retryable) return new Problem(503, code, message, undefined, 5);
  return new Problem(code === 'TOO_LARGE' ? 413 : 422, code, message);
}

/** Nest's own exceptions and the body parser's errors carry a status. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown })?.status;
  return typeof status === 'number' ? status : 500;
}

function fromFramework(status: number, error: Error): Problem {
  const known: Record<number, [string, string]> = {
    400: ['BAD_REQUEST', 'the request cannot be read: is its body JSON?'],
    404: ['NOT_FOUND', 'there is no such route'],
    413: ['TOO_LARGE', 'the body is too large'],
    415: ['UNSUPPORTED_MEDIA_TYPE', 'the body must be JSON'],
  };
  const [code, detail] = known[status] ?? [`HTTP_${status}`, error.message];
  return new Problem(status, code, detail);
}
