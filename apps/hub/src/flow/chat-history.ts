import type {
  ActionChosen,
  AgentHistoryEntry,
  Attachment,
  ChatEvent,
  Content,
  MessageReceived,
} from '@omni-hub/contracts';
import { readAccessFacts } from '../access/access-facts';
import type { AccessRules } from '../access/access-rules';
import type { HistoryBounds } from './agent';
import type { LiveInstance } from '../instances/live-instance';
import type { Store } from '../storage/open-store';
import type { AsOf, PastMessage } from '../storage/repositories/history.repository';
import type { MediaRow } from '../storage/repositories/media.repository';
import type { ClaimedTurn } from '../storage/store';
import type { AskedEvent } from './agent-request';

type PastEvent = MessageReceived | ActionChosen;
/** Whose past is told. */
type TurnOfChat = Pick<ClaimedTurn, 'chatId' | 'filedAs' | 'firstSeq'>;

/** What was said before a turn, for agents that are told. Reads nothing for the others. */
export class ChatHistory {
  constructor(
    private readonly store: Pick<Store, 'history' | 'media' | 'aliases'>,
    private readonly accessRules: Pick<AccessRules, 'of'>,
  ) {}

  /**
   * Oldest first, within the agent's bounds. What a person said whom the access rules keep out now is not told. `asOf` tells it
   * as it was when a turn began that is over.
   */
  async before(
    turn: TurnOfChat,
    instance: LiveInstance,
    asked: AskedEvent[],
    asOf?: AsOf,
  ): Promise<AgentHistoryEntry[]> {
    const bounds = instance.agent.history;
    if (!bounds || bounds.messages === 0) return [];
    const past = await this.store.history.before(turn.chatId, turn.firstSeq, bounds.messages, asOf);
    const own = new Set(asked.flatMap(({ event }) => (event.type === 'message' ? [event.message.id] : [])));
    const heard = past.flatMap(readEvent).filter(({ event }) => !isOneOf(own, event));
    const allowed = await this.allowed(turn, instance, heard);
    const files = await this.store.media.ofMessages(
      allowed.filter(({ event }) => hasFiles(event)).map(({ row }) => row.id),
    );
    const events = new Map(allowed.map(({ row, event }) => [row.id, event]));
    return withinBounds(toHistory(past, events, files), bounds.characters);
  }

  private async allowed(turn: TurnOfChat, instance: LiveInstance, heard: Heard[]): Promise<Heard[]> {
    const events: ChatEvent[] = heard.map(({ event }) => event);
    const facts = await readAccessFacts(this.accessRules.of(instance), this.store, instance, turn, events);
    if (!facts) return heard;
    return heard.filter(({ event }) => {
      if (event.type === 'message' && event.message.fromMe) return true;
      return ['allowed', 'open'].includes(facts.rules.decide(facts.names(event)).verdict);
    });
  }
}

interface Heard {
  row: PastMessage;
  event: PastEvent;
}

function readEvent(row: PastMessage): Heard[] {
  if (row.direction === 'out' || row.content === null) return [];
  return [{ row, event: JSON.parse(row.content) as PastEvent }];
}

const isOneOf = (ids: ReadonlySet<string>, event: PastEvent) =>
  event.type === 'message' && ids.has(event.message.id);
const hasFiles = (event: PastEvent) => event.type === 'message' && event.message.attachments.length > 0;

/** Each message once, as somebody would read it aloud; `events` has those of people that may be told. Pure. */
export function toHistory(
  past: PastMessage[],
  events: ReadonlyMap<string, PastEvent>,
  files: MediaRow[],
): AgentHistoryEntry[] {
  const told = new Set<string>(past.flatMap(({ platformIds }) => platformIds));
  return past.flatMap((row): AgentHistoryEntry[] => {
    const at = new Date(row.at).toISOString();
    if (row.direction === 'out') {
      const text = saidText(row.type, row.content);
      return text ? [{ role: 'agent', name: null, at, text }] : [];
    }
    const event = events.get(row.id);
    if (!event || isOneOf(told, event)) return [];
    if (event.type === 'message') told.add(event.message.id);
    const text = heardText(event, (index) =>
      files.find(({ messageId, position }) => messageId === row.id && position === index),
    );
    const fromMe = event.type === 'message' && event.message.fromMe;
    if (text === '') return [];
    return [{ role: fromMe ? 'agent' : 'person', name: fromMe ? null : event.sender.name, at, text }];
  });
}

function heardText(event: PastEvent, fileOf: (index: number) => MediaRow | undefined): string {
  if (event.type === 'action') return event.label ?? event.actionId;
  const { text, attachments } = event.message;
  const shown = attachments.map((attachment, index) => shownAttachment(attachment, fileOf(index)));
  return [...(text ? [text] : []), ...shown].join('\n');
}

function shownAttachment({ kind }: Attachment, file: MediaRow | undefined): string {
  return file?.transcript ? `[${kind}] ${file.transcript}` : `[${kind}]`;
}

/** The words of what was sent, as Markdown; files and the like by their kind. */
function saidText(type: string, json: string | null): string {
  const content = json === null ? null : (JSON.parse(json) as Content);
  switch (content?.type) {
    case 'text':
      return content.text;
    case 'buttons':
      return lines(content.text, ...content.buttons.map(({ label }) => `[${label}]`));
    case 'list':
      return lines(
        content.text,
        ...content.sections.flatMap(({ rows }) => rows.map(({ label }) => `[${label}]`)),
      );
    case 'poll':
      return lines(content.question, ...content.options.map((option) => `[${option}]`));
    case 'album':
      return lines(...content.items.map((item) => lines(`[${item.type}]`, item.caption ?? '')));
    case 'audio':
    case 'voice':
      return lines(content.spoken ? `[${type}] ${content.spoken}` : `[${type}]`, content.caption ?? '');
    default:
      return lines(`[${type}]`, (content && 'caption' in content && content.caption) || '');
  }
}

const lines = (...texts: string[]) => texts.filter((text) => text !== '').join('\n');

/** The newest entries that fit; of a newest one that does not fit alone, its beginning. Pure. */
export function withinBounds(
  entries: AgentHistoryEntry[],
  characters: HistoryBounds['characters'],
): AgentHistoryEntry[] {
  const kept: AgentHistoryEntry[] = [];
  let left = characters;
  for (const entry of entries.toReversed()) {
    if (entry.text.length > left) {
      if (kept.length === 0) kept.push({ ...entry, text: beginning(entry.text, left) });
      break;
    }
    left -= entry.text.length;
    kept.push(entry);
  }
  return kept.reverse();
}

/** Cuts no character in two. */
function beginning(text: string, length: number): string {
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
