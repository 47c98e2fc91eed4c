import { type ControlRequest, type ControlRoutes, objectOf, textOf } from '../control';
import type { FaultRule } from '../faults';
import type { InboundDisturbance } from '../inbound-faults';
import type { RecordedUpdate } from './inject';
import type { Person } from './person';
import type { TelegramSimulator } from './simulator';

/** What can be asked of the simulator from outside its process; README.md lists it with examples. */
export function telegramControl(simulator: TelegramSimulator): ControlRoutes {
  return {
    'POST /control/bots': ({ body }) => {
      const bot = simulator.bot(body);
      return { id: bot.id, username: bot.user.username };
    },
    'GET /control/bots': () =>
      simulator.bots.map(({ user, commands, updates }) => ({ ...user, commands, webhook: updates.info() })),

    'POST /control/people': ({ body }) => {
      const { user } = simulator.person(body);
      return user;
    },
    'POST /control/people/:id/says': (request) =>
      personOf(simulator, request).says(textOf(request, 'text'), place(simulator, request)),
    'POST /control/people/:id/sends': (request) =>
      personOf(simulator, request).sends(objectOf(request, 'content'), place(simulator, request)),
    'POST /control/people/:id/presses': (request) =>
      personOf(simulator, request).presses(textOf(request, 'button'), place(simulator, request)),
    'POST /control/people/:id/blocks': (request) => personOf(simulator, request).blocks(),
    'POST /control/people/:id/unblocks': (request) => personOf(simulator, request).unblocks(),

    'POST /control/groups': ({ body }) => {
      const { members, ...options } = body as { members?: number[] };
      const people = (members ?? []).map((id) => personWith(simulator, String(id)));
      return simulator.group({ ...options, members: people }).chat.info;
    },
    'POST /control/inject': ({ body }) => {
      const { token, update } = body as { token?: string; update: RecordedUpdate };
      simulator.inject(update, token === undefined ? undefined : simulator.bot({ token }));
    },

    'GET /control/chats': () => simulator.chats.map(({ info }) => info),
    'GET /control/chats/:id': ({ path }) => {
      const chat = chatWith(simulator, path.id);
      const messages = chat.entries.map(({ reactions, ...entry }) => ({
        ...entry,
        reactions: [...reactions],
      }));
      return {
        chat: chat.info,
        transcript: simulator.transcript(chat),
        messages,
        drafts: chat.drafts,
        actions: chat.actions,
      };
    },
    'GET /control/calls': () => simulator.calls(),
    'GET /control/deliveries': () => simulator.deliveries(),
    'GET /control/counters': () => simulator.counters(),

    'GET /control/faults': () => simulator.faults.list(),
    'POST /control/faults': ({ body }) => ({ id: simulator.faults.add(body as unknown as FaultRule) }),
    'DELETE /control/faults': () => simulator.faults.clear(),
    'DELETE /control/faults/:id': ({ path }) => simulator.faults.remove(Number(path.id)),
    'GET /control/inbound': () => simulator.inbound.active,
    'POST /control/inbound': ({ body }) => simulator.inbound.set(body as InboundDisturbance),
    'DELETE /control/inbound': () => simulator.inbound.clear(),
    'POST /control/clear': () => simulator.clear(),
  };
}

function personOf(simulator: TelegramSimulator, { path }: ControlRequest): Person {
  return personWith(simulator, path.id);
}

function personWith(simulator: TelegramSimulator, id: string): Person {
  const person = simulator.people.get(Number(id));
  if (!person) throw new Error(`There is no person ${id}. Make one by POST /control/people {"id": ${id}}.`);
  return person;
}

function chatWith(simulator: TelegramSimulator, id: string) {
  const chat = simulator.chats.find((one) => String(one.id) === id);
  if (!chat) throw new Error(`There is no chat ${id}. GET /control/chats lists them.`);
  return chat;
}

/** `chat`, `replyTo` and `topic` of the body. */
function place(simulator: TelegramSimulator, { body }: ControlRequest) {
  const { chat, replyTo, topic } = body as { chat?: number; replyTo?: number; topic?: number };
  return { ...(chat !== undefined && { chat: chatWith(simulator, String(chat)) }), replyTo, topic };
}
