import type { ControlRequest, ControlRoutes } from '../control';
import type { FaultRule } from '../faults';
import type { InboundDisturbance } from '../inbound-faults';
import type { Acknowledgements } from './acknowledgements';
import type { SimulatedChat } from './chat';
import type { RecordedBody } from './inject';
import type { SimulatedInstance } from './instance';
import type { Person } from './person';
import type { EvolutionSimulator } from './simulator';
import type { EvolutionFault } from './options';

/** What can be asked of the simulator from outside its process; README.md lists it with examples. */
export function evolutionControl(simulator: EvolutionSimulator): ControlRoutes {
  return {
    'POST /control/instances': ({ body }) => shown(simulator.instance(body)),
    'GET /control/instances': () => simulator.instances.map(shown),
    'POST /control/instances/:name/scans': (request) => instanceOf(simulator, request).scansQr(),
    'POST /control/instances/:name/opens': (request) => instanceOf(simulator, request).opens(),
    'POST /control/instances/:name/closes': (request) => {
      const { statusReason } = request.body as { statusReason?: number };
      instanceOf(simulator, request).closes(statusReason);
    },
    'POST /control/instances/:name/flaps': (request) => {
      const { times = 1 } = request.body as { times?: number };
      instanceOf(simulator, request).flaps(times);
    },
    'POST /control/instances/:name/logs-out': (request) => instanceOf(simulator, request).loggedOut(),
    'POST /control/instances/:name/restrict': (request) =>
      simulator.restrict(instanceOf(simulator, request), request.body),
    'DELETE /control/instances/:name/restrict': (request) =>
      simulator.liftsRestriction(instanceOf(simulator, request)),
    'POST /control/instances/:name/types': (request) => {
      const to = personWith(simulator, textOf(request, 'to'));
      return entryShown(instanceOf(simulator, request).typesOnPhone(to, textOf(request, 'text')));
    },

    'POST /control/people': ({ body }) => {
      const { name, jid, phone } = simulator.person(body);
      return { name, jid, phone };
    },
    'POST /control/people/:name/says': (request) =>
      entryShown(personOf(simulator, request).says(textOf(request, 'text'), place(simulator, request))),
    'POST /control/people/:name/sends': (request) => {
      const message = objectOf(request, 'message');
      return entryShown(personOf(simulator, request).sends(message, place(simulator, request)));
    },
    'POST /control/groups': ({ body }) => {
      const { members = [], ...options } = body as { members?: string[] };
      const people = members.map((name) => personWith(simulator, name));
      return { jid: simulator.group({ ...options, members: people }).jid };
    },
    'POST /control/inject': ({ body }) => simulator.inject(body as unknown as RecordedBody),

    'GET /control/chats': () =>
      simulator.chats.map(({ jid, title, kind, instance }) => ({
        jid,
        title,
        kind,
        instance: instance.name,
      })),
    'GET /control/chats/:jid': ({ path }) => {
      const chat = chatWith(simulator, path.jid);
      return {
        jid: chat.jid,
        title: chat.title,
        transcript: simulator.transcript(chat),
        messages: chat.entries.map(entryShown),
        presences: chat.presences,
      };
    },
    'GET /control/calls': () => simulator.calls(),
    'GET /control/deliveries': () => simulator.deliveries(),
    'GET /control/counters': () => simulator.counters(),

    'POST /control/acknowledgements': ({ body }) => simulator.acknowledges(body as Acknowledgements),
    'POST /control/license': ({ body }) => simulator.requiresLicense(body.required !== false),
    'POST /control/restart': () => ({ lost: simulator.restarts() }),

    'GET /control/faults': () => simulator.faults.list(),
    'POST /control/faults': ({ body }) => ({
      id: simulator.faults.add(body as unknown as FaultRule<EvolutionFault>),
    }),
    'DELETE /control/faults': () => simulator.faults.clear(),
    'DELETE /control/faults/:id': ({ path }) => simulator.faults.remove(Number(path.id)),
    'GET /control/inbound': () => simulator.inbound.active,
    'POST /control/inbound': ({ body }) => simulator.inbound.set(body as InboundDisturbance),
    'DELETE /control/inbound': () => simulator.inbound.clear(),
    'POST /control/clear': () => simulator.clear(),
  };
}

const shown = ({ name, number, state, token, qr, webhook }: SimulatedInstance) => ({
  name,
  number,
  state,
  token,
  qr,
  webhook,
});

const entryShown = ({
  id,
  author,
  text,
  byApi,
  status,
  deleted,
  reactions,
}: SimulatedChat['entries'][number]) => ({
  id,
  author,
  text,
  byApi,
  status,
  deleted,
  reactions: [...reactions],
});

function instanceOf(simulator: EvolutionSimulator, { path }: ControlRequest): SimulatedInstance {
  const instance = simulator.instances.find(({ name }) => name === path.name);
  if (!instance) throw new Error(`There is no instance ${path.name}. Make one by POST /control/instances.`);
  return instance;
}

const personOf = (simulator: EvolutionSimulator, { path }: ControlRequest) =>
  personWith(simulator, path.name);

function personWith(simulator: EvolutionSimulator, name: string): Person {
  const person = simulator.people.get(name);
  if (!person)
    throw new Error(`There is no person ${name}. Make one by POST /control/people {"name": "${name}"}.`);
  return person;
}

function chatWith(simulator: EvolutionSimulator, jid: string): SimulatedChat {
  const chat = simulator.chats.find((one) => one.jid === jid || one.title === jid);
  if (!chat) throw new Error(`There is no chat ${jid}. GET /control/chats lists them.`);
  return chat;
}

function textOf({ body }: ControlRequest, field: string): string {
  const value = body[field];
  if (typeof value !== 'string') throw new Error(`The body needs "${field}", a text.`);
  return value;
}

function objectOf({ body }: ControlRequest, field: string): Record<string, unknown> {
  const value = body[field];
  if (typeof value !== 'object' || value === null) throw new Error(`The body needs "${field}", an object.`);
  return value as Record<string, unknown>;
}

/** `chat` of the body: an address or a title. */
function place(simulator: EvolutionSimulator, { body }: ControlRequest) {
  const { chat } = body as { chat?: string };
  return chat === undefined ? {} : { chat: chatWith(simulator, chat) };
}
