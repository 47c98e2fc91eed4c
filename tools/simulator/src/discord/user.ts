/** A user as the platform tells of one. */
export interface UserObject {
  id: string;
  username: string;
  global_name: string | null;
  discriminator: string;
  avatar: string | null;
  public_flags: number;
  bot?: boolean;
}

export function userObject(id: string, name: string, isBot = false): UserObject {
  return {
    id,
    username: isBot ? name : name.toLowerCase().replace(/[^a-z0-9_.]+/g, '_'),
    global_name: isBot ? null : name,
    discriminator: '0',
    avatar: null,
    public_flags: 0,
    ...(isBot && { bot: true }),
  };
}

export const nameOf = ({ global_name, username }: UserObject): string => global_name ?? username;
