import { checkContent, SlackError } from './checks';
import { fileOf } from './events';
import type { Telling } from './telling';
import type { Json, SlackApp, SlackChannel, SlackEntry, SlackFile, Workspace } from './workspace';

export interface MethodCall {
  workspace: Workspace;
  telling: Telling;
  app: SlackApp;
  params: Json;
  /** Where the simulator is. */
  url: string;
}

/** What a method answers beside `ok: true`. Throws SlackError. */
type Method = (call: MethodCall) => Json;

/** Methods that take no JSON. */
export const readingMethods = ['reactions.get', 'files.info', 'files.getUploadURLExternal'];

/** The part of the Web API that a conversation needs. https://docs.slack.dev/reference/methods */
export const methods: Readonly<Record<string, Method>> = {
  'auth.test': ({ app, url }) => ({
    url: `${url}/`,
    team: 'Simulated',
    user: app.name,
    team_id: 'T00000001',
    user_id: app.userId,
    bot_id: app.botId,
  }),
  'chat.postMessage': (call) => {
    const { workspace, telling, app, params } = call;
    const channel = writable(call);
    checkContent(params);
    const threadTs = threadOf(channel, params.thread_ts);
    const words = { text: String(params.text ?? ''), blocks: (params.blocks as Json[]) ?? [] };
    const entry = workspace.add(channel, { user: app.userId, app, threadTs, ...words });
    telling.message(channel, entry);
    return { channel: channel.id, ts: entry.ts, message: { text: entry.text, ts: entry.ts } };
  },
  'chat.update': (call) => {
    const { channel, entry } = own(call, 'cant_update_message');
    checkContent(call.params);
    const before = { ...entry };
    entry.text = String(call.params.text ?? '');
    entry.blocks = (call.params.blocks as Json[]) ?? [];
    entry.edits++;
    call.workspace.tell(channel, entry);
    call.telling.edit(channel, entry, before);
    return { channel: channel.id, ts: entry.ts, text: entry.text };
  },
  'chat.delete': (call) => {
    const { channel, entry } = own(call, 'cant_delete_message');
    entry.deleted = true;
    call.workspace.tell(channel, entry);
    call.telling.deletion(channel, entry);
    return { channel: channel.id, ts: entry.ts };
  },
  'conversations.open': ({ workspace, app, params }) => {
    if (!workspace.names.has(String(params.users))) throw new SlackError('user_not_found');
    return { channel: { id: workspace.direct(String(params.users), app.userId).id } };
  },
  'reactions.add': (call) => {
    const { entry, users } = reaction(call);
    if (users.has(call.app.userId)) throw new SlackError('already_reacted');
    entry.reactions.set(String(call.params.name), users.add(call.app.userId));
    return {};
  },
  'reactions.remove': (call) => {
    if (!reaction(call).users.delete(call.app.userId)) throw new SlackError('no_reaction');
    return {};
  },
  'reactions.get': (call) => {
    const { entry } = messageIn(call, call.params.timestamp);
    const reactions = [...entry.reactions].map(([name, users]) => ({
      name,
      users: [...users],
      count: users.size,
    }));
    return { type: 'message', message: { ts: entry.ts, reactions } };
  },
  'files.info': ({ workspace, params, url }) => ({ file: fileOf(found(workspace, params.file), url) }),
  'files.getUploadURLExternal': ({ workspace, params, url }) => {
    const [name, length] = [String(params.filename ?? ''), Number(params.length)];
    if (name === '' || !(length > 0)) throw new SlackError('invalid_arguments');
    const file = { id: workspace.nextId('F'), name, mimetype: typeOf(name), bytes: null, length };
    workspace.files.set(file.id, file);
    return { upload_url: `${url}/upload/v1/${file.id}`, file_id: file.id };
  },
  'files.completeUploadExternal': (call) => {
    const { workspace, telling, app, params } = call;
    const channel = writable({ ...call, params: { channel: params.channel_id } });
    const files = ((params.files as Json[]) ?? []).map(({ id }) => found(workspace, id));
    if (files.length === 0 || files.some(({ bytes }) => bytes === null))
      throw new SlackError('file_not_found');
    if (params.blocks !== undefined) checkContent(params);
    const threadTs = threadOf(channel, params.thread_ts);
    const blocks = (params.blocks as Json[]) ?? [];
    telling.message(channel, workspace.add(channel, { user: app.userId, app, threadTs, blocks, files }));
    return { files: files.map(({ id, name }) => ({ id, title: name })) };
  },
};

function channelIn({ workspace, app, params }: MethodCall): SlackChannel {
  const channel = workspace.channels.get(String(params.channel));
  const isSeen = channel && (channel.kind === 'channel' || channel.members.has(app.userId));
  if (!isSeen) throw new SlackError('channel_not_found');
  return channel;
}

function writable(call: MethodCall): SlackChannel {
  const channel = channelIn(call);
  if (!channel.members.has(call.app.userId)) throw new SlackError('not_in_channel');
  if (channel.archived) throw new SlackError('is_archived');
  return channel;
}

function messageIn(call: MethodCall, ts: unknown): { channel: SlackChannel; entry: SlackEntry } {
  const channel = channelIn(call);
  const entry = call.workspace.find(channel, ts);
  if (!entry) throw new SlackError('message_not_found');
  return { channel, entry };
}

function own(call: MethodCall, refusal: string) {
  const there = messageIn(call, call.params.ts);
  if (there.entry.app !== call.app) throw new SlackError(refusal);
  return there;
}

function reaction(call: MethodCall) {
  const { entry } = messageIn(call, call.params.timestamp);
  const name = String(call.params.name ?? '');
  if (!/^[a-z0-9_+'-]+$/.test(name)) throw new SlackError('invalid_name');
  return { entry, users: entry.reactions.get(name) ?? new Set<string>() };
}

/** "Never use a reply's ts": a thread is named by the message that began it. */
export function threadOf(channel: SlackChannel, ts: unknown): string | null {
  if (ts === undefined) return null;
  const parent = channel.entries.find((entry) => entry.ts === ts);
  if (!parent || parent.threadTs !== null) throw new SlackError('thread_not_found');
  return parent.ts;
}

function found({ files }: Workspace, id: unknown): SlackFile {
  const file = files.get(String(id));
  if (!file) throw new SlackError('file_not_found');
  return file;
}

const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  mp4: 'video/mp4',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  pdf: 'application/pdf',
};

function typeOf(name: string): string {
  return types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
}
