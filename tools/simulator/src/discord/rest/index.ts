import { accountRoutes } from './account';
import type { Route } from './call';
import { channelRoutes } from './channels';
import { interactionRoutes } from './interactions';
import { messageRoutes } from './messages';
import { reactionRoutes } from './reactions';

const routes: readonly { route: Route; parts: string[] }[] = [
  ...messageRoutes,
  ...reactionRoutes,
  ...channelRoutes,
  ...accountRoutes,
  ...interactionRoutes,
].map((route) => ({ route, parts: route.path.split('/') }));

/** The route of a path without its version, with what the path names. The first that fits, as they are listed. */
export function findRoute(
  verb: string,
  pathname: string,
): { route: Route; path: Record<string, string> } | null {
  const asked = pathname.split('/').filter(Boolean);
  for (const { route, parts } of routes) {
    if (route.verb !== verb || parts.length !== asked.length) continue;
    const path: Record<string, string> = {};
    const fits = parts.every((part, index) => {
      if (!part.startsWith(':')) return part === asked[index];
      path[part.slice(1)] = decode(asked[index]);
      return true;
    });
    if (fits) return { route, path };
  }
  return null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
