import { type ControlRequest, type ControlRoutes, textOf } from '../control';
import type { FaultRule } from '../faults';
import type { InboundDisturbance } from '../inbound-faults';
import type { SlackPerson, SlackSayOptions } from './person';
import type { SlackSimulator } from './simulator';
import { pressables } from './transcript';
import type { SlackApp, SlackChannel, SlackEntry } from './workspace';

/** What can be asked of the simulator from outside its process; README.md lists it with examples. */
export function slackControl(simulator: SlackSimulator): ControlRoutes {
  const person = (request: ControlRequest) => personWith(simulator, request.path.id);
  return {
    'POST /control/apps': ({ body }) => shownApp(simulator, simulator.app(body as { name?: string })),
    'GET /control/apps': () => simulator.apps.map((app) => shownApp(simulator, app)),
    'POST /control/apps/:id/request-url': (request) =>
      simulator.deliversTo(appWith(simulator, request.path.id), textOf(request, 'url')),
    'POST /control/apps/:id/revoke': ({ path }) => void (appWith(simulator, path.id).revoked = true),

    'POST /control/people': (request) => {
      const { app } = request.body as { app?: string };
      const { id, name, direct } = simulator.person(appWith(simulator, app), textOf(request, 'name'));
      return { id, name, chat: direct.id };
    },
    'POST /control/people/:id/says': (request) =>
      shownEntry(person(request).says(textOf(request, 'text'), placeOf(simulator, request))),
    'POST /control/people/:id/mentions': (request) =>
      shownEntry(person(request).mentions(textOf(request, 'text'), placeOf(simulator, request))),
    'POST /control/people/:id/presses': (request) => {
      const { channel = person(request).direct } = placeOf(simulator, request);
      const last = channel.entries.findLast(
        ({ blocks, deleted }) => !deleted && pressables(blocks).length > 0,
      );
      if (!last) throw new Error('Nothing can be pressed there.');
      person(request).presses(last, textOf(request, 'button'));
    },
    'POST /control/people/:id/commands': (request) => {
      const { text = '' } = request.body as { text?: string };
      person(request).commands(textOf(request, 'command'), text, placeOf(simulator, request).channel);
    },

    'POST /control/channels': (request) => {
      const { members = [] } = request.body as { members?: string[] };
      const people = members.map((id) => personWith(simulator, id));
      const { id, name } = simulator.channel(textOf(request, 'name'), people);
      return { id, name };
    },
    'GET /control/chats': () => simulator.channels.map(({ id, kind, name }) => ({ id, kind, name })),
    'GET /control/chats/:id': ({ path }) => {
      const channel = channelWith(simulator, path.id);
      const { id, kind, name, entries } = channel;
      const transcript = simulator.transcript(channel);
      return { channel: { id, kind, name }, transcript, messages: entries.map(shownEntry) };
    },
    'GET /control/calls': () => simulator.calls(),
    'GET /control/deliveries': () => simulator.apps.flatMap((app) => simulator.deliveries(app)),

    'GET /control/faults': () => simulator.faults.list(),
    'POST /control/faults': ({ body }) => ({ id: simulator.faults.add(body as unknown as FaultRule) }),
    'DELETE /control/faults': () => simulator.faults.clear(),
    'DELETE /control/faults/:id': ({ path }) => simulator.faults.remove(Number(path.id)),
    'POST /control/inbound': ({ body }) =>
      simulator.apps.forEach((app) => simulator.inbound(app).set(body as InboundDisturbance)),
    'DELETE /control/inbound': () => simulator.apps.forEach((app) => simulator.inbound(app).clear()),
  };
}

const shownApp = (simulator: SlackSimulator, app: SlackApp) => {
  const { id, name, userId, botId } = app;
  return { id, name, userId, botId, config: simulator.configOf(app) };
};

function shownEntry({ app, files, reactions, ...entry }: SlackEntry) {
  return {
    ...entry,
    app: app?.id ?? null,
    files: files.map(({ bytes: _bytes, ...file }) => file),
    reactions: [...reactions].map(([name, users]) => ({ name, users: [...users] })),
  };
}

/** The only app where none is named. */
function appWith({ apps }: SlackSimulator, id: string | undefined): SlackApp {
  const found = apps.find((app) => id === undefined || app.id === id);
  if (!found) throw new Error(`There is no app ${id}.`);
  return found;
}

function personWith({ people }: SlackSimulator, id: string): SlackPerson {
  const found = people.find((person) => person.id === id || person.name === id);
  if (!found) throw new Error(`There is nobody with the id or the name ${id}.`);
  return found;
}

function channelWith(simulator: SlackSimulator, id: string): SlackChannel {
  const direct = simulator.people.find(({ name }) => name === id)?.direct;
  const found = direct ?? simulator.channels.find((channel) => channel.id === id || channel.name === id);
  if (!found) throw new Error(`There is no channel with the id or the name ${id}.`);
  return found;
}

function placeOf(simulator: SlackSimulator, { body }: ControlRequest): SlackSayOptions {
  const { chat, thread } = body as { chat?: string; thread?: string };
  if (chat === undefined) return {};
  const channel = channelWith(simulator, chat);
  return { channel, thread: channel.entries.find(({ ts }) => ts === thread) };
}
