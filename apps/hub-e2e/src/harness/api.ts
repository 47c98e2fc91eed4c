import type { AxiosInstance } from 'axios';
import type { TraceStep } from './trace';
import { until } from './until';

export interface Chat {
  id: string;
  chatId: string;
  instance: string;
  kind: string;
  lane: { waiting: number; running: boolean; attempts: number };
}

export interface StoredMessage {
  id: string;
  direction: 'in' | 'out';
  type: string;
  turnId: string | null;
  redeliveries: number;
  content: { eventId?: string; message?: { id: string; text: string }; type: string; text?: string };
}

/** A stored message with all that is known of it. */
export interface MessageView extends StoredMessage {
  raw: string | null;
  deliveries: {
    id: string;
    status: string;
    attempts: number;
    platformIds: string[];
    errorCode: string | null;
    statuses: { status: string; code: string | null; detail: string | null }[];
  }[];
  media: {
    index: number;
    status: string;
    code: string | null;
    reason: string | null;
    size: number | null;
    transcriptStatus: string | null;
    transcript: string | null;
    transcriptReason: string | null;
  }[];
}

/** What is known of an instance. */
export interface InstanceStatus {
  state: string;
  problem: string | null;
  lastError: { code: string; detail: string } | null;
  connection: { state: string; detail: string } | null;
  /** Of a channel that is listened to: how that goes. */
  transport: { state: string; detail: string | null } | null;
  restriction: { code: string; reason: string } | null;
  platform: {
    account?: { id: string; aliases?: string[] };
    healthy?: boolean;
    problem?: string | null;
    facts?: Record<string, unknown>;
    error?: string;
    detail?: string;
  } | null;
}

export interface DeadLetter {
  id: string;
  kind: 'turn' | 'delivery' | 'webhook';
  instance: string;
  code: string;
  detail: string;
  refId: string;
  body: string | null;
  replayedAt: string | null;
}

export interface Trace {
  messageId: string;
  outcome: string;
  because: string;
  reason: string | null;
  steps: TraceStep[];
}

/** The hub's API as an operator reads it. Every answer that is not 2xx is an error. */
export class Operator {
  constructor(private readonly http: AxiosInstance) {}

  async get<Answer>(path: string): Promise<Answer> {
    return this.request<Answer>('GET', path);
  }

  async post<Answer>(path: string, body: object = {}): Promise<Answer> {
    return this.request<Answer>('POST', path, body);
  }

  async patch<Answer>(path: string, body: object): Promise<Answer> {
    return this.request<Answer>('PATCH', path, body);
  }

  async delete(path: string): Promise<void> {
    await this.request('DELETE', path);
  }

  /** A whole list, page by page. */
  async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    const url = `${path}${path.includes('?') ? '&' : '?'}limit=200`;
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: Item[]; nextCursor: string | null } = await this.get(
        cursor ? `${url}&cursor=${encodeURIComponent(cursor)}` : url,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  chats(): Promise<Chat[]> {
    return this.all('/api/v1/chats');
  }

  async chat(chatId: string): Promise<Chat | undefined> {
    return (await this.chats()).find((chat) => chat.chatId === chatId);
  }

  messages(chat: Chat): Promise<StoredMessage[]> {
    return this.all(`/api/v1/chats/${chat.id}/messages?order=oldest`);
  }

  message(id: string): Promise<MessageView> {
    return this.get(`/api/v1/messages/${id}`);
  }

  deadLetters(): Promise<DeadLetter[]> {
    return this.all('/api/v1/dead-letters');
  }

  /** The first dead letter that fits, once there is one. */
  async deadLetter(fits: (letter: DeadLetter) => boolean): Promise<DeadLetter> {
    let found: DeadLetter | undefined;
    await until('there is such a dead letter', async () => {
      found = (await this.deadLetters()).find(fits);
      return found !== undefined;
    });
    return found!;
  }

  trace(messageId: string): Promise<Trace> {
    return this.get(`/api/v1/messages/${messageId}/trace`);
  }

  /** What became of a stored message, once it has come to its end. */
  async ended(message: { id: string }): Promise<Trace> {
    let trace: Trace | undefined;
    await until('the message has come to its end', async () => {
      trace = await this.trace(message.id);
      return !['waiting', 'sending', 'deferred'].includes(trace.outcome);
    });
    return trace!;
  }

  /** The stored form of an event, once it is there, by the platform's own id of it. */
  async storedAs(instance: string, eventId: string): Promise<StoredMessage> {
    const path = `/api/v1/messages?instance=${instance}&eventId=${encodeURIComponent(eventId)}`;
    let found: StoredMessage | undefined;
    await until(`the hub has stored ${eventId}`, async () => {
      const { items } = await this.get<{ items: StoredMessage[] }>(path);
      if (items.length > 1) throw new Error(`${eventId} is stored ${items.length} times`);
      [found] = items;
      return found !== undefined;
    });
    return found!;
  }

  private async request<Answer>(method: string, url: string, data?: object): Promise<Answer> {
    const { status, data: answer } = await this.http.request<Answer>({ method, url, data });
    if (status >= 200 && status < 300) return answer;
    throw new Error(`${method} ${url} was answered ${status}: ${JSON.stringify(answer)}`);
  }
}
