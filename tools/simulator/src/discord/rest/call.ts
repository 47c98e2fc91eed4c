import type { SimulatedApplication } from '../application';
import type { SimulatedChannel } from '../channel';
import { known } from '../errors';
import type { Entry, Fields } from '../message';
import type { Permission } from '../permissions';
import type { Upload } from '../../multipart';
import type { World } from '../world';

/** One call of the API. */
export interface Call {
  world: World;
  /** Whose token it came with; for calls by an interaction's token, whose interaction it is. */
  application: SimulatedApplication;
  /** The parts of the path that the route names. */
  path: Record<string, string>;
  query: URLSearchParams;
  body: Fields;
  files: ReadonlyMap<string, Upload>;
}

export interface Route {
  verb: string;
  /** `channels/:channel/messages` */
  path: string;
  /** As faults and records call it. */
  name: string;
  /** `interaction`: the token in the path says who it is, and the global rate limit does not count it. */
  by: 'bot' | 'interaction';
  /** Carries a call out and returns its answer; nothing is a 204. Throws DiscordError. */
  run(call: Call): unknown;
}

export const bot = (verb: string, path: string, name: string, run: Route['run']): Route => ({
  verb,
  path,
  name,
  by: 'bot',
  run,
});

/** The channel that the path names, if the application sees it. */
export function channelOf({ world, application, path }: Call): SimulatedChannel {
  const channel = world.findChannel(path.channel);
  if (!channel) throw known(10003);
  const isMember = channel.direct
    ? channel.direct.application === application
    : (channel.guild?.applications.has(application) ?? false);
  if (!isMember || !channel.can('ViewChannel')) throw known(50001);
  return channel;
}

export function needs(channel: SimulatedChannel, ...permissions: Permission[]): void {
  if (!permissions.every((permission) => channel.can(permission))) throw known(50013);
}

/** The message that the path names; null where none is kept, so that nothing can be looked up. */
export function entryOf({ path }: Call, channel: SimulatedChannel): Entry | null {
  const entry = channel.find(path.message);
  if (entry) return entry;
  if (channel.keeps) throw known(10008);
  return null;
}
