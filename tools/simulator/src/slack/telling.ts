import { EventFeed, messageOf } from './events';
import type { Json, SlackApp, SlackChannel, SlackEntry, Workspace } from './workspace';

/** Tells apps what happens in the channels that they are in. */
export class Telling {
  private readonly feeds = new Map<SlackApp, EventFeed>();

  constructor(
    private readonly workspace: Workspace,
    private readonly url: () => string,
  ) {}

  feedOf(app: SlackApp): EventFeed {
    const feed = this.feeds.get(app) ?? new EventFeed(app);
    this.feeds.set(app, feed);
    return feed;
  }

  /** Of a message that mentions an app, the app is told twice: as a message and as a mention. */
  message(channel: SlackChannel, entry: SlackEntry): void {
    const message = this.messageOf(channel, entry);
    this.inChannel(channel, { channel_type: channel.kind, ...message });
    this.mention(channel, entry, message);
  }

  /** Of an edited mention, the app is told twice again: the mention is the same, with `edited`. */
  edit(channel: SlackChannel, entry: SlackEntry, before: SlackEntry): void {
    const message = this.messageOf(channel, entry);
    const previous_message = this.messageOf(channel, before);
    this.change(channel, { subtype: 'message_changed', message, previous_message });
    this.mention(channel, entry, message);
  }

  deletion(channel: SlackChannel, entry: SlackEntry): void {
    const previous_message = this.messageOf(channel, entry);
    this.change(channel, { subtype: 'message_deleted', deleted_ts: entry.ts, previous_message });
  }

  /** An event to every app in the channel. */
  inChannel(channel: SlackChannel, event: Json): void {
    for (const app of this.appsIn(channel))
      this.feedOf(app).event({ channel: channel.id, ...event }, channel.id);
  }

  async close(): Promise<void> {
    await Promise.all([...this.feeds.values()].map((feed) => feed.close()));
  }

  private mention(channel: SlackChannel, entry: SlackEntry, { subtype: _subtype, ...message }: Json): void {
    if (channel.kind === 'im' || entry.app) return;
    for (const app of this.appsIn(channel))
      if (entry.text.includes(`<@${app.userId}>`))
        this.feedOf(app).event({ ...message, type: 'app_mention', channel: channel.id }, channel.id);
  }

  private change(channel: SlackChannel, fields: Json): void {
    const about = { type: 'message', channel_type: channel.kind, ts: this.workspace.nextTs() };
    this.inChannel(channel, { ...about, ...fields });
  }

  private messageOf(channel: SlackChannel, entry: SlackEntry): Json {
    return messageOf(this.workspace, channel, entry, this.url());
  }

  private appsIn({ members }: SlackChannel): SlackApp[] {
    return [...this.workspace.apps.values()].filter(({ userId }) => members.has(userId));
  }
}
