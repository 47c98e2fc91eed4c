import { MessageType } from 'discord-api-types/v10';
import type { SimulatedApplication } from './application';
import { writeMessage } from './compose';
import { type Guild, memberObject } from './guild';
import type { UserObject } from './user';
import type { World } from './world';

/** An application learns of a guild that it is in. */
export function tellGuild(world: World, guild: Guild, application: SimulatedApplication): void {
  world.events.guild(application, 'GUILD_CREATE', guild, guild.object(application));
}

export function leavesGuild(world: World, guild: Guild, application: SimulatedApplication): void {
  world.events.guild(application, 'GUILD_DELETE', guild, { id: guild.id });
  guild.applications.delete(application);
  guild.members.delete(application.user.id);
}

/** Somebody comes in: an event for who asked for members, and a greeting in the first channel for who hears messages. */
export function join(world: World, guild: Guild, user: UserObject): void {
  const member = guild.adds(user);
  world.events.member('GUILD_MEMBER_ADD', guild, { ...memberObject(member), user, guild_id: guild.id });
  writeMessage(world, guild.general, user, { type: MessageType.UserJoin }, false);
}

export function leave(world: World, guild: Guild, user: UserObject): void {
  guild.members.delete(user.id);
  world.events.member('GUILD_MEMBER_REMOVE', guild, { guild_id: guild.id, user });
}
