import { PermissionFlagsBits } from 'discord-api-types/v10';

export type Permission = keyof typeof PermissionFlagsBits;

/** What an application may do where nothing was forbidden: all that a chat needs. */
export const usual: ReadonlySet<Permission> = new Set<Permission>([
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'CreatePublicThreads',
  'CreatePrivateThreads',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'AddReactions',
  'UseExternalEmojis',
  'ManageMessages',
  'ManageThreads',
  'MentionEveryone',
  'SendVoiceMessages',
  'SendPolls',
]);

/** As a number in a string. */
export function bits(permissions: Iterable<Permission>): string {
  let sum = 0n;
  for (const permission of permissions) sum |= PermissionFlagsBits[permission];
  return String(sum);
}
