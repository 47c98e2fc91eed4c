import type { NextFunction, Request, Response } from 'express';
import { Problem } from '../flow/problem';

/** No content has more levels than this; what has may be made to exhaust the stack of whoever walks through it. */
const maxDepth = 64;

/** Refuses bodies that are nested too deeply, before anything walks through them recursively. */
export function refuseDeepJson(request: Request, _response: Response, next: NextFunction): void {
  if (!isDeeper(request.body, maxDepth)) return next();
  next(new Problem(400, 'TOO_DEEP', `the body is nested more than ${maxDepth} levels deep`));
}

function isDeeper(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}
