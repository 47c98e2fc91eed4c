import type { FieldProblem } from './content.check';

/** How a problem is written. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: FieldProblem[];
}

/** An answer of the API that is not a success: `application/problem+json` with a stable code. Says what to do, and no secret. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors?: FieldProblem[],
    readonly retryAfterSeconds?: number,
  ) {
    super(detail);
  }

  static fields(errors: FieldProblem[]): Problem {
    const named = errors.map(({ field, problem }) => `${field} ${problem}`).join('; ');
    return new Problem(422, 'VALIDATION', `not accepted: ${named}`, errors);
  }

  static notFound(what: string, id: string): Problem {
    return new Problem(404, 'NOT_FOUND', `there is no ${what} ${JSON.stringify(id.slice(0, 200))}`);
  }

  toJSON(): ProblemDocument {
    const { status, code, detail, errors } = this;
    return {
      type: `urn:omni-hub:problem:${code.toLowerCase()}`,
      title: code,
      status,
      code,
      detail,
      ...(errors ? { errors } : {}),
    };
  }
}
