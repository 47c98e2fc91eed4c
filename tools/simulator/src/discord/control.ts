import { type ControlRequest, type ControlRoutes, objectOf, textOf } from '../control';
import type { FaultRule } from '../faults';
import type { InboundDisturbance } from '../inbound-faults';
import type { ApplicationOptions, SimulatedApplication } from './application';
import type { SimulatedChannel } from './channel';
import type { DiscordFault } from './faults';
import type { GatewayFault } from './gateway/faults';
import type { CommandOptions } from './interactions/data';
import type { Interaction } from './interactions/interaction';
import type { Entry } from './message';
import type { DiscordPerson } from './person';
import type { DiscordSimulator } from './simulator';

/** What can be asked of the simulator from outside its process; README.md lists it with examples. */
export function discordControl(simulator: DiscordSimulator): ControlRoutes {
  const person = (request: ControlRequest) => personOf(simulator, request);
  const where = (request: ControlRequest) => placeOf(simulator, request);
  return {
    'POST /control/applications': ({ body }) =>
      shownApplication(simulator.application(body as ApplicationOptions)),
    'GET /control/applications': () => simulator.applications.map(shownApplication),
    'POST /control/applications/:id/interactions-url': async (request) => {
      const application = applicationOf(simulator, request.path.id);
      const { url } = request.body;
      await simulator.setInteractionsUrl(application, typeof url === 'string' ? url : null);
      return shownApplication(application);
    },
    'POST /control/applications/:id/resets-token': ({ path }) =>
      simulator.resetsToken(applicationOf(simulator, path.id)),

    'POST /control/guilds': ({ body }) => {
      const { name, members } = body as { name?: string; members?: string[] };
      const people = (members ?? []).map((id) => personWith(simulator, id));
      const guild = simulator.guild({ ...(name && { name }), members: people });
      return { id: guild.id, name: guild.name, channels: guild.channels.map((channel) => channel.object()) };
    },

    'POST /control/people': ({ body }) => {
      const { guild, ...options } = body as { name?: string; id?: string; guild?: string };
      const theirs = simulator.guilds.find(({ id }) => id === guild);
      const made = simulator.person({ ...options, ...(theirs && { guild: theirs }) });
      return { ...made.user, chat: made.chat.id };
    },
    'POST /control/people/:id/says': (request) =>
      shownEntry(person(request).says(textOf(request, 'text'), { ...where(request), ...replyOf(request) })),
    'POST /control/people/:id/dms': (request) => shownEntry(person(request).dms(textOf(request, 'text'))),
    'POST /control/people/:id/presses': (request) =>
      shownInteraction(person(request).presses(textOf(request, 'button'), where(request))),
    'POST /control/people/:id/selects': (request) =>
      shownInteraction(person(request).selects(textOf(request, 'option'), where(request))),
    'POST /control/people/:id/uses-command': (request) =>
      shownInteraction(
        person(request).usesCommand(
          textOf(request, 'command'),
          (request.body.options ?? {}) as CommandOptions,
          where(request),
        ),
      ),
    'POST /control/people/:id/closes-dms': (request) => person(request).closesDms(),
    'POST /control/people/:id/opens-dms': (request) => person(request).opensDms(),

    'POST /control/inject': (request) => {
      const interaction = simulator.inject(objectOf(request, 'event'));
      return interaction ? shownInteraction(interaction) : undefined;
    },
    'POST /control/clock': ({ body }) => {
      simulator.clock.advance(Number(body.advanceMs ?? 0));
      return { now: simulator.clock.now() };
    },

    'GET /control/sessions': () => simulator.sessions(),
    'GET /control/identifies': () => simulator.gateway.identifies(),
    'POST /control/gateway/drop': () => ({ connections: simulator.gateway.drop() }),
    'POST /control/gateway/close': ({ body }) => ({
      connections: simulator.gateway.closes(Number(body.code ?? 4000)),
    }),
    'POST /control/gateway/reconnect': () => ({ connections: simulator.gateway.reconnect() }),
    'POST /control/gateway/invalidate': ({ body }) => ({
      connections: simulator.gateway.invalidate(body.resumable === true),
    }),
    'GET /control/gateway/faults': () => simulator.gateway.faults.list(),
    'POST /control/gateway/faults': ({ body }) => ({
      id: simulator.gateway.faults.add(body as unknown as FaultRule<GatewayFault>),
    }),
    'DELETE /control/gateway/faults': () => simulator.gateway.faults.clear(),

    'GET /control/chats': () => simulator.channels.map((channel) => channel.object()),
    'GET /control/chats/:id': ({ path }) => {
      const channel = channelWith(simulator, path.id);
      const { actions, entries } = channel;
      return {
        channel: channel.object(),
        transcript: simulator.transcript(channel),
        messages: entries.map(shownEntry),
        actions,
      };
    },
    'GET /control/calls': () => simulator.calls(),
    'GET /control/deliveries': () => simulator.deliveries(),
    'GET /control/counters': () => simulator.counters(),

    'GET /control/faults': () => simulator.faults.list(),
    'POST /control/faults': ({ body }) => ({
      id: simulator.faults.add(body as unknown as FaultRule<DiscordFault>),
    }),
    'DELETE /control/faults': () => simulator.faults.clear(),
    'DELETE /control/faults/:id': ({ path }) => simulator.faults.remove(Number(path.id)),
    'GET /control/inbound': () => simulator.inbound.active,
    'POST /control/inbound': ({ body }) => simulator.inbound.set(body as InboundDisturbance),
    'DELETE /control/inbound': () => simulator.inbound.clear(),
    'POST /control/clear': () => simulator.clear(),
  };
}

const shownApplication = ({
  id,
  name,
  token,
  publicKey,
  interactionsUrl,
  user,
  commands,
}: SimulatedApplication) => ({
  id,
  name,
  botId: user.id,
  token,
  publicKey,
  interactionsUrl,
  commands,
});

function shownEntry({ message, reactions, byBot, deleted, versions }: Entry) {
  const { files, ...rest } = message;
  return {
    ...rest,
    files: files.map(({ bytes: _bytes, ...file }) => file),
    byBot,
    deleted,
    edits: versions.length,
    reactions: [...reactions.values()].map(({ emoji, by }) => ({ emoji, by: [...by.values()] })),
  };
}

const shownInteraction = ({ id, type, state, answer, failure }: Interaction) => ({
  id,
  type,
  state,
  answer,
  failure,
});

function personOf(simulator: DiscordSimulator, { path }: ControlRequest): DiscordPerson {
  return personWith(simulator, path.id);
}

function personWith(simulator: DiscordSimulator, id: string): DiscordPerson {
  const person = simulator.people.find((one) => one.id === id || one.name === id);
  if (!person) throw new Error(`There is no person ${id}. POST /control/people makes one.`);
  return person;
}

function applicationOf(simulator: DiscordSimulator, id: string): SimulatedApplication {
  const application = simulator.applications.find((one) => one.id === id);
  if (!application) throw new Error(`There is no application ${id}. GET /control/applications lists them.`);
  return application;
}

/** The channel with this id, or the direct channel of a person with this id or name. */
function channelWith(simulator: DiscordSimulator, id: string): SimulatedChannel {
  const channel = simulator.channels.find((one) => one.id === id);
  return channel ?? personWith(simulator, id).chat;
}

function placeOf(simulator: DiscordSimulator, { body }: ControlRequest): { chat?: SimulatedChannel } {
  return typeof body.chat === 'string' ? { chat: channelWith(simulator, body.chat) } : {};
}

const replyOf = ({ body }: ControlRequest) =>
  typeof body.replyTo === 'string' ? { replyTo: body.replyTo } : {};
