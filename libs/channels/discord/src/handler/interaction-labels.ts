import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ComponentType,
  type APIApplicationCommandInteractionDataBasicOption,
  type APIAttachment,
  type APIChannel,
  type APIMessage,
  type APIRole,
  type APIUser,
} from 'discord-api-types/v10';
import { asList, asObject, asObjects, asSnowflake, asText, type Unchecked } from '../models/inbound.models';

/** What somebody chose, in the words that they saw. */

type Option = Unchecked<
  APIApplicationCommandInteractionDataBasicOption & { options: unknown; value: unknown }
>;

export interface CommandData {
  id: string;
  name: string;
  type: number;
  options: unknown;
  target_id: string;
  resolved: Resolved;
}

export interface Resolved {
  users: Record<string, APIUser>;
  roles: Record<string, APIRole>;
  channels: Record<string, APIChannel>;
  messages: Record<string, APIMessage>;
  attachments: Record<string, APIAttachment>;
}

/** `/config set`: the command with its groups; null without a name. */
export function commandPath(data: Unchecked<CommandData>): string | null {
  const name = asText(data.name);
  return name === null
    ? null
    : `/${[name, ...subcommands(data.options).map(({ name: inner }) => asText(inner) ?? '')].join(' ')}`;
}

/** `/ask question: hello`; for a command of a message's or a person's menu, what it was used on. */
export function commandLabel(data: Unchecked<CommandData>): string {
  const path = commandPath(data) ?? '/';
  const target = asSnowflake(data.target_id);
  const resolved = asObject<Resolved>(data.resolved);
  if (data.type === ApplicationCommandType.Message && target !== null) {
    const message = asObject<APIMessage>(
      asObject<Record<string, unknown>>(resolved?.messages)?.[target as never],
    );
    return `${path}: ${asText(message?.content) ?? 'a message'}`;
  }
  if (data.type === ApplicationCommandType.User && target !== null)
    return `${path}: ${resolvedName(target, resolved)}`;
  const options = [...subcommands(data.options)].at(-1)?.options ?? data.options;
  const told = asObjects<Option>(options)
    .filter(({ value }) => value !== undefined && value !== null)
    .map((option) => `${asText((option as Option).name) ?? ''}: ${optionValue(option as Option, resolved)}`);
  return [path, ...told].join(' ');
}

function subcommands(options: unknown): Option[] {
  const [first] = asObjects<Option>(options) as Option[];
  const isGroup =
    first?.type === ApplicationCommandOptionType.Subcommand ||
    first?.type === ApplicationCommandOptionType.SubcommandGroup;
  return isGroup ? [first, ...subcommands(first.options)] : [];
}

const named: readonly unknown[] = [
  ApplicationCommandOptionType.User,
  ApplicationCommandOptionType.Channel,
  ApplicationCommandOptionType.Role,
  ApplicationCommandOptionType.Mentionable,
  ApplicationCommandOptionType.Attachment,
];

function optionValue({ type, value }: Option, resolved: Unchecked<Resolved> | null): string {
  return named.includes(type) && typeof value === 'string'
    ? resolvedName(value, resolved)
    : plainValue(value);
}

function plainValue(value: unknown): string {
  return typeof value === 'object' ? '' : String(value);
}

/** The name of whatever has the id; the id itself where Discord does not tell one. */
function resolvedName(id: string, resolved: Unchecked<Resolved> | null): string {
  const of = <T>(kind: unknown): Unchecked<T> | null => {
    const all = asObject<Record<string, unknown>>(kind) as Record<string, unknown> | null;
    return all && Object.hasOwn(all, id) ? asObject<T>(all[id]) : null;
  };
  const user = of<APIUser>(resolved?.users);
  if (user) return `@${asText(user.global_name) ?? asText(user.username) ?? id}`;
  const role = asText(of<APIRole>(resolved?.roles)?.name);
  if (role !== null) return `@${role}`;
  const channel = asText(of<APIChannel & { name: string }>(resolved?.channels)?.name);
  if (channel !== null) return `#${channel}`;
  return asText(of<APIAttachment>(resolved?.attachments)?.filename) ?? id;
}

type AnyComponent = Unchecked<{
  type: number;
  custom_id: string;
  label: string;
  value: unknown;
  values: unknown;
  options: unknown;
  components: unknown;
  component: unknown;
  accessory: unknown;
}>;

/** Every component of a message or a form, however deep it lies. */
export function allComponents(value: unknown, depth = 0): AnyComponent[] {
  if (depth > 8) return [];
  return (asObjects(asList(value)) as AnyComponent[]).flatMap((component) => [
    component,
    ...allComponents(component.components, depth + 1),
    ...allComponents([component.component, component.accessory], depth + 1),
  ]);
}

/** What the pressed button said, or the chosen options; null where the message does not tell. */
export function componentLabel(
  customId: string,
  values: readonly string[],
  components: unknown,
  resolved: unknown,
): string | null {
  const component = allComponents(components).find((candidate) => candidate.custom_id === customId);
  if (values.length === 0) return asText(component?.label);
  const options = asObjects<{ value: string; label: string }>(component?.options);
  return values
    .map((value) => {
      const option = options.find((candidate) => candidate.value === value);
      return asText(option?.label) ?? resolvedName(value, asObject<Resolved>(resolved));
    })
    .join(', ');
}

/** A form: `field: what was written`, a line for each. */
export function formLabel(components: unknown): string | null {
  const lines = allComponents(components)
    .filter((component) => asText(component.custom_id) !== null && component.type !== ComponentType.Button)
    .map((field) => {
      const values = asList(field.values).filter((value) => typeof value === 'string');
      const given = values.length > 0 ? values.join(', ') : asText(field.value);
      return given === null ? null : `${asText(field.custom_id)}: ${given}`;
    })
    .filter((line) => line !== null);
  return lines.length > 0 ? lines.join('\n') : null;
}
