import type { NewChat, NewContact, NewEvent } from './store';

/** How often its length a settle window may last, however much comes, counted from the first message. */
export const settleCeiling = 5;

/** SQL: when a chat has been quiet long enough. The smaller of two numbers is called by different names. */
export const settledAt = (least: 'min' | 'least', lastAt: string, from: string, ms: string) =>
  `${least}(${lastAt} + ${ms}, ${from} + ${settleCeiling} * ${ms})`;

/** What a batch does to one lane: one write for each chat, however many messages it has in the batch. */
export interface LaneGrowth {
  instanceId: string;
  chat: NewChat;
  events: NewEvent[];
  firstAt: number;
  lastAt: number;
  heardAt: number | null;
  settleMs: number;
}

/** The batch by lanes, in the order of their keys: the order in which every statement locks them. Pure. */
export function groupByLane(events: readonly NewEvent[]): LaneGrowth[] {
  const lanes = new Map<string, LaneGrowth>();
  for (const event of events) {
    if (!event.chat) continue;
    const key = laneKey(event.instanceId, event.chat.externalId);
    const lane = lanes.get(key) ?? startLane(event, event.chat);
    lanes.set(key, lane);
    lane.chat = asLastSeen(event.chat, lane.chat);
    lane.events.push(event);
    lane.lastAt = Math.max(lane.lastAt, event.receivedAt);
    if (event.heardAt !== null) lane.heardAt = Math.max(lane.heardAt ?? 0, event.heardAt);
    lane.settleMs = Math.max(lane.settleMs, event.settleMs);
  }
  return [...lanes.entries()].sort(byKey).map(([, lane]) => lane);
}

/** What the last event does not say is as an earlier one said. */
function asLastSeen(chat: NewChat, earlier: NewChat): NewChat {
  const { title, seenAddress } = earlier;
  return { ...chat, title: chat.title ?? title, seenAddress: chat.seenAddress ?? seenAddress };
}

function startLane({ instanceId, receivedAt }: NewEvent, chat: NewChat): LaneGrowth {
  return {
    instanceId,
    chat,
    events: [],
    firstAt: receivedAt,
    lastAt: receivedAt,
    heardAt: null,
    settleMs: 0,
  };
}

export interface SeenContact {
  instanceId: string;
  contact: NewContact;
  at: number;
}

/** The senders to be stored, each once, as last seen; in the order of their keys. Pure. */
export function contactsOf(events: readonly NewEvent[]): SeenContact[] {
  const contacts = new Map<string, SeenContact>();
  for (const { instanceId, contact, receivedAt } of events) {
    if (contact)
      contacts.set(laneKey(instanceId, contact.externalId), { instanceId, contact, at: receivedAt });
  }
  return [...contacts.entries()].sort(byKey).map(([, contact]) => contact);
}

const laneKey = (instanceId: string, externalId: string) => `${instanceId}\n${externalId}`;
const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0);
