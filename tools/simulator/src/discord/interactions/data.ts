import {
  ApplicationCommandOptionType as Option,
  ApplicationCommandType,
  ComponentType,
} from 'discord-api-types/v10';
import type { SimulatedApplication } from '../application';
import type { SimulatedChannel } from '../channel';
import { flatten } from '../checks/components';
import { memberObject } from '../guild';
import type { Entry, Fields } from '../message';
import { messageObject } from '../render';
import type { UserObject } from '../user';
import type { World } from '../world';

/** Values of a command's options by name; a person is one of the type user. */
export type CommandOptions = Record<string, string | number | boolean | { user: UserObject }>;

/** What an interaction tells of a command: `ticket open` is the subcommand `open`. The last option is in focus while one types. */
export function commandData(
  world: World,
  application: SimulatedApplication,
  channel: SimulatedChannel,
  path: string,
  options: CommandOptions,
  isTyping = false,
): Fields {
  const [name, ...below] = path.replace(/^\//, '').split(' ');
  const names = Object.keys(options);
  const given: Fields[] = Object.entries(options).map(([option, value], index) => ({
    name: option,
    ...typed(value),
    ...(isTyping && index === names.length - 1 && { focused: true }),
  }));
  const nested = below.reduceRight<Fields[]>((inner, part, index) => {
    const type = index === below.length - 1 ? Option.Subcommand : Option.SubcommandGroup;
    return [{ name: part, type, options: inner }];
  }, given);
  const people = Object.values(options).flatMap((value) => (typeof value === 'object' ? [value.user] : []));
  return {
    id: idOf(world, application, name),
    name,
    type: ApplicationCommandType.ChatInput,
    ...(channel.guild && { guild_id: channel.guild.id }),
    ...(nested.length > 0 && { options: nested }),
    ...(people.length > 0 && { resolved: resolved(channel, people) }),
  };
}

export function menuCommandData(
  world: World,
  application: SimulatedApplication,
  channel: SimulatedChannel,
  name: string,
  target: Entry | UserObject,
): Fields {
  const about = { id: idOf(world, application, name), name };
  if (!('message' in target))
    return {
      ...about,
      type: ApplicationCommandType.User,
      target_id: target.id,
      resolved: resolved(channel, [target]),
    };
  const { id } = target.message;
  const messages = { [id]: messageObject(world, channel, target) };
  return { ...about, type: ApplicationCommandType.Message, target_id: id, resolved: { messages } };
}

/** What was filled in, in the shape that the modal has; a row for each value where there is none. */
export function modalData(values: Record<string, string>, { custom_id, components }: Fields): Fields {
  const filled = (component: Fields): Fields => {
    const { type, id, custom_id: name } = component;
    const value = values[String(name)] ?? '';
    const isText = type === ComponentType.TextInput;
    return { type, id, custom_id: name, ...(isText ? { value } : { values: value ? value.split(',') : [] }) };
  };
  if (!components) {
    const rows = Object.entries(values).map(([name, value]) => ({
      type: ComponentType.ActionRow,
      components: [{ type: ComponentType.TextInput, custom_id: name, value }],
    }));
    return { custom_id, components: rows };
  }
  const given = structuredClone(components) as Fields[];
  flatten(given).forEach(({ component }, index) => (component.id ??= index + 1));
  const rows = given.map((one) =>
    one.type === ComponentType.Label
      ? { type: one.type, id: one.id, component: filled(one.component as Fields) }
      : { type: one.type, id: one.id, components: ((one.components ?? []) as Fields[]).map(filled) },
  );
  return { custom_id, components: rows };
}

function typed(value: CommandOptions[string]): Fields {
  if (typeof value === 'object') return { type: Option.User, value: value.user.id };
  if (typeof value === 'boolean') return { type: Option.Boolean, value };
  if (typeof value === 'number')
    return { type: Number.isInteger(value) ? Option.Integer : Option.Number, value };
  return { type: Option.String, value };
}

function resolved({ guild }: SimulatedChannel, people: UserObject[]): Fields {
  const members = people.flatMap(({ id }) => {
    const member = guild?.members.get(id);
    return member ? [[id, memberObject(member)] as const] : [];
  });
  const users = Object.fromEntries(people.map((user) => [user.id, user]));
  return { users, ...(members.length > 0 && { members: Object.fromEntries(members) }) };
}

function idOf(world: World, application: SimulatedApplication, name: string): string {
  return String(application.commands.find((command) => command.name === name)?.id ?? world.newId());
}
