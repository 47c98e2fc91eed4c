import type { Upload } from '../../multipart';
import type { Fields } from '../chat';
import { noSuchObject } from '../errors';
import type { CloudFault } from '../faults';
import type { BusinessNumber } from '../number';
import type { World } from '../world';

/** One call of the Graph API. */
export interface Call {
  world: World;
  /** The object that the path names. */
  id: string;
  /** Whose token it came with; several numbers may share one. */
  numbers: BusinessNumber[];
  query: URLSearchParams;
  body: Fields;
  file: Upload | undefined;
  /** A fault that changes what the call does. */
  fault: CloudFault | null;
}

export interface Method {
  /** As faults and records call it. */
  name: string;
  /** Carries a call out and returns its answer; throws GraphError. Only changes of callbacks take their time. */
  run(call: Call): unknown;
}

export interface Route {
  verb: string;
  /** What follows the id in the path. */
  edge: string;
  of: 'number' | 'account' | 'media';
  /** Where one address is several calls, the body says which. */
  method(body: Fields): Method;
}

/** The number that the path names, if the token is one for it. */
export function numberOf({ id, numbers }: Call): BusinessNumber {
  const number = numbers.find((one) => one.id === id);
  if (!number) throw noSuchObject('post', id);
  return number;
}
