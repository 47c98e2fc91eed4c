import type { NewDelivery, NewOutbound } from '../store';
import type { Columns } from './rows';

/** An outbound message, its chat, and the id of the turn or request that it came with. */
export interface SaidMessage {
  message: NewOutbound;
  chatId: string;
  holder: string;
}

export const messageColumns: Columns<SaidMessage> = {
  id: ['text', ({ message }) => message.id],
  chat_id: ['text', ({ chatId }) => chatId],
  instance_id: ['text', ({ message }) => message.instanceId],
  event_id: ['text', ({ message }) => message.eventId],
  type: ['text', ({ message }) => message.type],
  turn_id: ['text', ({ message }) => message.turnId],
  at: ['bigint', ({ message }) => message.at],
  content: ['text', ({ message }) => message.content],
  holder: ['text', ({ holder }) => holder],
};

interface SaidPart extends NewDelivery {
  said: SaidMessage;
  partIndex: number;
}

export const partColumns: Columns<SaidPart> = {
  id: ['text', ({ id }) => id],
  message_id: ['text', ({ said }) => said.message.id],
  chat_id: ['text', ({ said }) => said.chatId],
  instance_id: ['text', ({ said }) => said.message.instanceId],
  part_index: ['integer', ({ partIndex }) => partIndex],
  part: ['text', ({ part }) => part],
  reply_to: ['text', ({ replyTo }) => replyTo],
  answers: ['text', ({ answers }) => answers],
  replaces: ['text', ({ replaces }) => replaces],
  fallback: ['text', ({ fallback }) => fallback],
  scheduled: ['integer', ({ scheduled }) => (scheduled ? 1 : 0)],
  wait_ms: ['integer', ({ waitMs }) => waitMs],
  typing_for: ['text', ({ typingFor }) => typingFor],
  at: ['bigint', ({ said }) => said.message.at],
  expires_at: ['bigint', ({ expiresAt }) => expiresAt],
  holder: ['text', ({ said }) => said.holder],
};

export const partsOf = (messages: readonly SaidMessage[]): SaidPart[] =>
  messages.flatMap((said) =>
    said.message.deliveries.map((delivery, partIndex) => ({ ...delivery, said, partIndex })),
  );

/**
 * SQL: whether a row's holder is one that `done` let through. Written so that PostgreSQL hashes `done`: joined, it would be
 * read once for each row, because the planner takes every batch for a small one.
 */
export const wasDone = (holder: string) => `(${holder} in (select holder from done)) is true`;

/**
 * SQL: common table expressions that put `parts` (id, message_id, chat_id, instance_id, at, …) at the ends of their lanes.
 * The lane's row is locked in the order of its key, and is the sequencer.
 */
export const appendParts = `
  lanes as (
    insert into outbox_lanes (chat_id, instance_id, tail_seq, ready_at)
    select chat_id, min(instance_id), count(*), min(at) from parts group by chat_id order by chat_id
    on conflict (chat_id) do update set
      tail_seq = outbox_lanes.tail_seq + excluded.tail_seq,
      ready_at = coalesce(outbox_lanes.ready_at, excluded.ready_at)
    returning chat_id, tail_seq
  ),
  placed as (
    insert into deliveries (id, message_id, instance_id, chat_id, seq, part_index, part, reply_to, answers, replaces, fallback,
      scheduled, wait_ms, typing_for, created_at, expires_at)
    select p.id, p.message_id, p.instance_id, p.chat_id,
      l.tail_seq - count(*) over lane + row_number() over (lane order by p.ord),
      p.part_index, p.part, p.reply_to, p.answers, p.replaces, p.fallback, p.scheduled,
      p.wait_ms, p.typing_for, p.at, p.expires_at
    from parts p join lanes l on l.chat_id = p.chat_id
    window lane as (partition by p.chat_id)
  )`;
