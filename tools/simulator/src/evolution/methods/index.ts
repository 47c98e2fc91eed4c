import type { Upload } from '../../multipart';
import type { Schema } from '../checks/schema';
import type { SimulatedInstance } from '../instance';
import type { Fields } from '../values';
import type { World } from '../world';
import { chatMethods } from './chat';
import { groupMethods } from './group';
import { instanceMethods } from './instance';
import { messageMethods } from './message';
import { settingsMethods } from './settings';

/** A call of the server as a whole. */
export interface ServerCall {
  world: World;
  body: Fields;
  query: URLSearchParams;
  files: ReadonlyMap<string, Upload>;
  /** Null with the server's own key; otherwise the only instance that the key is for. */
  owner: SimulatedInstance | null;
}

export interface InstanceCall extends ServerCall {
  instance: SimulatedInstance;
}

interface Described {
  /** What a call that was carried out is answered with; 200 unless told. */
  status?: number;
  schema?: Schema;
}

/** Carries a call out and returns the body of the answer; throws ApiError. */
export type ServerMethod = Described & { of: 'server'; run(call: ServerCall): unknown };
export type InstanceMethod = Described & {
  of: 'instance';
  run(call: InstanceCall): unknown;
  /** True where the real server answers for an instance that it does not have. */
  answersForNone?: boolean;
};

export type Methods = Record<string, ServerMethod | InstanceMethod>;

export interface Route {
  /** The last part of the path; for `set` and `find`, both parts. Faults and records name it so. */
  name: string;
  method: ServerMethod | InstanceMethod;
}

const ambiguous = ['set', 'find'];

/** Every call, by `POST message/sendText`. */
export const routes: ReadonlyMap<string, Route> = new Map(
  Object.entries({
    ...instanceMethods,
    ...settingsMethods,
    ...messageMethods,
    ...chatMethods,
    ...groupMethods,
  }).map(([route, method]) => {
    const [, path] = route.split(' ');
    const last = path.split('/')[1];
    return [route, { name: ambiguous.includes(last) ? path : last, method }];
  }),
);
