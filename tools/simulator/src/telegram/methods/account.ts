import { badRequest } from '../errors';
import type { Call, Method } from '.';
import { targetChat } from '../checks/target';

const downloadLimit = 20 * 1024 * 1024;

/** Who the bot is, what it knows of chats and files. */
export const accountMethods: Record<string, Method> = {
  getMe: ({ bot }) => ({
    ...bot.user,
    can_join_groups: true,
    can_read_all_group_messages: true,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
  }),

  logOut: ({ bot }) => {
    bot.loggedOut = true;
    return true;
  },

  close: () => true,

  getChat: (call) => {
    const { info, topics } = targetChat(call);
    return {
      ...info,
      accent_color_id: 0,
      max_reaction_count: 11,
      ...(topics.size > 0 && { is_forum: true }),
    };
  },

  getFile,

  setMyCommands: ({ bot, params }) => {
    const commands = params.json<{ command: string; description: string }[]>('commands');
    if (!Array.isArray(commands)) throw badRequest("can't parse commands JSON object");
    if (commands.some(({ command }) => !/^[a-z0-9_]{1,32}$/.test(command)))
      throw badRequest('BOT_COMMAND_INVALID');
    bot.commands = commands;
    return true;
  },

  getMyCommands: ({ bot }) => bot.commands,

  deleteMyCommands: ({ bot }) => {
    bot.commands = [];
    return true;
  },
};

function getFile({ world, params }: Call) {
  const file = world.files.find(params.text('file_id') ?? '');
  if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable');
  if (file.size > downloadLimit) throw badRequest('file is too big');
  return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size, file_path: file.path };
}
