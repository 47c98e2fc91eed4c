import type { Telling } from './telling';
import { labelOf, pressables } from './transcript';
import type { Json, SlackApp, SlackChannel, SlackEntry, SlackFile, Workspace } from './workspace';

export interface SlackSayOptions {
  /** The direct messages with the app by default. */
  channel?: SlackChannel;
  /** Within the thread that this message began or stands in. */
  thread?: SlackEntry;
}

const samples = {
  image: { name: 'image.png', mimetype: 'image/png', bytes: Buffer.from('PNG simulated') },
  voice: {
    name: 'audio_message.ogg',
    mimetype: 'audio/ogg',
    subtype: 'slack_audio',
    bytes: Buffer.from('OggS simulated'),
  },
  document: { name: 'menu.pdf', mimetype: 'application/pdf', bytes: Buffer.from('%PDF-1.4 simulated') },
} satisfies Record<string, Partial<SlackFile>>;

/** Somebody in the workspace. What they do reaches the app as events; methods return what was written, at once. */
export class SlackPerson {
  constructor(
    private readonly workspace: Workspace,
    private readonly telling: Telling,
    readonly app: SlackApp,
    readonly id: string,
    readonly name: string,
    /** The direct messages with the app. */
    readonly direct: SlackChannel,
    private readonly url: () => string,
  ) {}

  says(text: string, options: SlackSayOptions = {}): SlackEntry {
    return this.writes({ text }, options);
  }

  /** Writes to the app in a channel. */
  mentions(text: string, options: SlackSayOptions): SlackEntry {
    return this.says(`<@${this.app.userId}> ${text}`, options);
  }

  sendsFile(kind: keyof typeof samples, text = '', options: SlackSayOptions = {}): SlackEntry {
    const sample = samples[kind];
    const file: SlackFile = { id: this.workspace.nextId('F'), length: sample.bytes.length, ...sample };
    this.workspace.files.set(file.id, file);
    return this.writes({ text, files: [file] }, options);
  }

  edits(entry: SlackEntry, text: string): void {
    const before = { ...entry };
    entry.text = text;
    entry.edits++;
    this.telling.edit(this.channelOf(entry), entry, before);
  }

  deletes(entry: SlackEntry): void {
    entry.deleted = true;
    this.telling.deletion(this.channelOf(entry), entry);
  }

  reacts(entry: SlackEntry, reaction: string): void {
    const users = entry.reactions.get(reaction) ?? new Set<string>();
    entry.reactions.set(reaction, users.add(this.id));
    const channel = this.channelOf(entry);
    const item = { type: 'message', channel: channel.id, ts: entry.ts };
    this.telling.inChannel(channel, {
      type: 'reaction_added',
      user: this.id,
      reaction,
      item,
      item_user: entry.user,
    });
  }

  joins(channel: SlackChannel): void {
    channel.members.add(this.id);
    this.telling.inChannel(channel, { type: 'member_joined_channel', user: this.id, channel_type: 'C' });
  }

  /** Presses a button, or chooses a row of a menu, of a message by the label that it shows. */
  presses(entry: SlackEntry, label: string): void {
    const channel = this.channelOf(entry);
    const action = pressables(entry.blocks)
      .map((element) => actionOf(element, label))
      .find((found) => found !== null);
    if (!action) throw new Error(`Nobody sees "${label}" in the message ${entry.ts}.`);
    const payload = {
      type: 'block_actions',
      user: { id: this.id, username: this.name.toLowerCase(), name: this.name.toLowerCase() },
      api_app_id: this.app.id,
      container: { type: 'message', message_ts: entry.ts, channel_id: channel.id },
      ...this.interaction(channel, entry),
      actions: [{ ...action, action_ts: this.workspace.nextTs() }],
    };
    this.telling.feedOf(this.app).form({ payload: JSON.stringify(payload) }, channel.id);
  }

  /** Chooses a shortcut of the app in the menu of a message; the app need not be in the channel. */
  chooses(callback_id: string, entry: SlackEntry): void {
    const channel = this.channelOf(entry);
    const payload = {
      type: 'message_action',
      callback_id,
      user: { id: this.id, name: this.name.toLowerCase() },
      message_ts: entry.ts,
      action_ts: this.workspace.nextTs(),
      ...this.interaction(channel, entry),
    };
    this.telling.feedOf(this.app).form({ payload: JSON.stringify(payload) }, channel.id);
  }

  /** Gives a command of the app; the app need not be in the channel. */
  commands(command: string, text: string, channel: SlackChannel = this.direct): void {
    const fields = {
      channel_id: channel.id,
      channel_name: channel.name,
      user_id: this.id,
      user_name: this.name.toLowerCase(),
      command,
      text,
      api_app_id: this.app.id,
      response_url: this.responseUrl(channel),
      trigger_id: this.workspace.nextTs(),
    };
    this.telling.feedOf(this.app).form(fields, channel.id);
  }

  /** What every payload about a message says of it. https://docs.slack.dev/reference/interaction-payloads */
  private interaction(channel: SlackChannel, { ts, text, threadTs }: SlackEntry) {
    return {
      trigger_id: this.workspace.nextTs(),
      channel: { id: channel.id, name: channel.name },
      message: { ts, text, ...(threadTs !== null && { thread_ts: threadTs }) },
      response_url: this.responseUrl(channel),
    };
  }

  private responseUrl(channel: SlackChannel): string {
    return `${this.url()}/commands/${this.workspace.nextTs()}/${channel.id}/${this.app.id}`;
  }

  private writes(
    content: Partial<SlackEntry>,
    { channel = this.direct, thread }: SlackSayOptions,
  ): SlackEntry {
    const threadTs = thread ? (thread.threadTs ?? thread.ts) : null;
    const entry = this.workspace.add(channel, { user: this.id, threadTs, ...content });
    this.telling.message(channel, entry);
    return entry;
  }

  private channelOf(entry: SlackEntry): SlackChannel {
    const found = [...this.workspace.channels.values()].find(({ entries }) => entries.includes(entry));
    if (!found) throw new Error(`The message ${entry.ts} is in no channel.`);
    return found;
  }
}

function actionOf(element: Json, label: string): Json | null {
  if (element.type === 'button') return labelOf(element) === label ? element : null;
  const groups = (element.option_groups as Json[] | undefined) ?? [element];
  const rows = groups.flatMap(({ options }) => options as Json[]);
  const chosen = rows.find((row) => labelOf(row) === label);
  const { type, action_id, placeholder } = element;
  return chosen ? { type, action_id, placeholder, selected_option: chosen } : null;
}
