import { Recent } from '../recent';

export type Json = Record<string, unknown>;

/** An app in the workspace: what an instance is connected to. */
export interface SlackApp {
  id: string;
  userId: string;
  botId: string;
  name: string;
  botToken: string;
  signingSecret: string;
  /** What the token may do, as Slack tells it. */
  scopes: string[];
  /** True once the app was taken out of the workspace. */
  revoked: boolean;
}

export interface SlackFile {
  id: string;
  name: string;
  mimetype: string;
  /** Null while it is announced and not uploaded. */
  bytes: Buffer | null;
  /** What was announced. */
  length: number;
  subtype?: string;
}

/** One message as the channel shows it now. */
export interface SlackEntry {
  ts: string;
  threadTs: string | null;
  user: string;
  /** The app that wrote it; null for people. */
  app: SlackApp | null;
  /** As it came over the wire. */
  text: string;
  blocks: Json[];
  files: SlackFile[];
  edits: number;
  deleted: boolean;
  /** Ids of those who put it, by the reaction's name. */
  reactions: Map<string, Set<string>>;
}

/** A channel, a group or direct messages, with all threads of it. */
export interface SlackChannel {
  id: string;
  kind: 'channel' | 'group' | 'mpim' | 'im';
  name: string;
  members: Set<string>;
  archived: boolean;
  entries: SlackEntry[];
}

export interface SlackCall {
  method: string;
  channel: string | null;
  params: Json;
  /** Null of a success. */
  error: string | null;
}

export type SlackHappening = { channel: SlackChannel; entry: SlackEntry };

/** Who is there, and what was said. */
export class Workspace {
  readonly apps = new Map<string, SlackApp>();
  readonly channels = new Map<string, SlackChannel>();
  readonly files = new Map<string, SlackFile>();
  readonly names = new Map<string, string>();
  readonly calls = new Recent<SlackCall>(10_000);
  private readonly watchers = new Set<(happening: SlackHappening) => void>();
  private last = 0;

  /** `U00000007`. */
  nextId(letter: string): string {
    return letter + String(++this.last).padStart(8, '0');
  }

  /** The time of a message, which no other has. */
  nextTs(): string {
    return `${Math.floor(Date.now() / 1000)}.${String(++this.last).padStart(6, '0')}`;
  }

  channel(kind: SlackChannel['kind'], name: string, members: readonly string[]): SlackChannel {
    const letter = kind === 'im' ? 'D' : kind === 'channel' ? 'C' : 'G';
    const channel = {
      id: this.nextId(letter),
      kind,
      name,
      members: new Set(members),
      archived: false,
      entries: [],
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** The direct messages of two, opened where there are none yet. */
  direct(one: string, other: string): SlackChannel {
    const found = [...this.channels.values()].find(
      ({ kind, members }) => kind === 'im' && members.has(one) && members.has(other),
    );
    return found ?? this.channel('im', 'directmessage', [one, other]);
  }

  add(channel: SlackChannel, fields: Pick<SlackEntry, 'user'> & Partial<SlackEntry>): SlackEntry {
    const entry: SlackEntry = {
      ts: this.nextTs(),
      threadTs: null,
      app: null,
      text: '',
      blocks: [],
      files: [],
      edits: 0,
      deleted: false,
      reactions: new Map(),
      ...fields,
    };
    channel.entries.push(entry);
    this.tell(channel, entry);
    return entry;
  }

  find(channel: SlackChannel, ts: unknown): SlackEntry | undefined {
    return channel.entries.find((entry) => entry.ts === ts && !entry.deleted);
  }

  tell(channel: SlackChannel, entry: SlackEntry): void {
    for (const watcher of this.watchers) watcher({ channel, entry });
  }

  /** Calls `watcher` for each message that comes or changes, until the returned function is called. */
  watch(watcher: (happening: SlackHappening) => void): () => void {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }
}
