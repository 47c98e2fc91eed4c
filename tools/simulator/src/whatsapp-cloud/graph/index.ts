import type { World } from '../world';
import type { Route } from './call';
import { mediaRoutes } from './media';
import { messageRoutes } from './messages';
import { settingRoutes } from './settings';

const routes: Route[] = [...messageRoutes, ...mediaRoutes, ...settingRoutes];

/** Which call a request is, by its verb, what its id is of and what follows that; undefined when it is none. */
export function findRoute(world: World, verb: string, id: string, edge: string): Route | undefined {
  return routes.find((route) => route.verb === verb && route.edge === edge && isThere(world, route.of, id));
}

function isThere(world: World, kind: Route['of'], id: string): boolean {
  if (kind === 'number') return world.numbers.has(id);
  if (kind === 'media') return world.media.find(id) !== undefined;
  return [...world.numbers.values()].some(({ wabaId }) => wabaId === id);
}
