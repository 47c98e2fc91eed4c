import type { SimulatedBot } from '../bot';
import type { Params } from '../params';
import type { World } from '../world';
import { accountMethods } from './account';
import { changeMethods } from './changes';
import { sendMethods } from './send';
import { updateMethods } from './updates';

export interface Call {
  world: World;
  bot: SimulatedBot;
  params: Params;
}

/** Carries a call out and returns its result; throws ApiError. Only `getUpdates` and webhook changes take their time. */
export type Method = (call: Call) => unknown;

/** Every method, by its name in lower case. https://core.telegram.org/bots/api#available-methods */
export const methods: ReadonlyMap<string, { name: string; run: Method }> = new Map(
  Object.entries({ ...accountMethods, ...updateMethods, ...sendMethods, ...changeMethods }).map(
    ([name, run]) => [name.toLowerCase(), { name, run }],
  ),
);
