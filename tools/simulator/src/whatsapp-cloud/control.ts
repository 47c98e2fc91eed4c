import { type ControlRequest, type ControlRoutes, objectOf, textOf } from '../control';
import type { InboundDisturbance } from '../inbound-faults';
import type { CloudFaultRule } from './faults';
import type { BusinessNumber, NumberOptions } from './number';
import type { CloudPerson } from './person';
import type { CloudSimulator } from './simulator';
import type { SendFailure, StatusPlan } from './statuses';

/** What can be asked of the simulator from outside its process; README.md lists it with examples. */
export function cloudControl(simulator: CloudSimulator): ControlRoutes {
  return {
    'POST /control/numbers': async ({ body }) => shown(await simulator.number(body as NumberOptions)),
    'GET /control/numbers': () => simulator.numbers.map(shown),

    'POST /control/people': ({ body }) => {
      const { number, ...contact } = body as { number?: string };
      const person = simulator.person({
        ...contact,
        ...(number && { number: numberWith(simulator, number) }),
      });
      return person.chat.contact;
    },
    'POST /control/people/:id/says': (request) =>
      personOf(simulator, request).says(textOf(request, 'text'), replyOf(request)),
    'POST /control/people/:id/sends': (request) =>
      personOf(simulator, request).sends(
        { ...objectOf(request, 'content'), type: textOf(request, 'type') },
        replyOf(request),
      ),
    'POST /control/people/:id/presses': (request) =>
      personOf(simulator, request).presses(textOf(request, 'button')),
    'POST /control/people/:id/reads': (request) => personOf(simulator, request).readsAll(),
    'POST /control/people/:id/hides-phone': (request) => personOf(simulator, request).hidesPhone(),
    'POST /control/people/:id/changes-number': (request) =>
      personOf(simulator, request).changesNumber(textOf(request, 'phone')),
    'POST /control/people/:id/echo': (request) =>
      simulator.echo(personOf(simulator, request), textOf(request, 'text')),
    'POST /control/people/:id/fails': (request) =>
      simulator.fails(personOf(simulator, request), request.body as unknown as SendFailure),

    'POST /control/account': (request) =>
      simulator.account(textOf(request, 'field'), objectOf(request, 'value')),
    'POST /control/inject': (request) => simulator.inject(objectOf(request, 'body')),
    'POST /control/clock': ({ body }) => {
      simulator.clock.advance(Number(body.advanceMs ?? 0));
      return { now: simulator.clock.now() };
    },

    'GET /control/chats': () =>
      simulator.chats.map(({ number, contact, lastWroteAt }) => ({
        number: number.id,
        ...contact,
        lastWroteAt,
      })),
    'GET /control/chats/:id': (request) => {
      const { chat } = personOf(simulator, request);
      const messages = chat.entries.map(({ reactions, ...entry }) => ({
        ...entry,
        reactions: [...reactions],
      }));
      return {
        contact: chat.contact,
        transcript: simulator.transcript(chat),
        messages,
        actions: chat.actions,
      };
    },
    'GET /control/calls': () => simulator.calls(),
    'GET /control/deliveries': () => simulator.deliveries(),
    'GET /control/counters': () => simulator.counters(),

    'GET /control/faults': () => simulator.faults.list(),
    'POST /control/faults': ({ body }) => ({ id: simulator.faults.add(body as unknown as CloudFaultRule) }),
    'DELETE /control/faults': () => simulator.faults.clear(),
    'DELETE /control/faults/:id': ({ path }) => simulator.faults.remove(Number(path.id)),
    'GET /control/inbound': () => simulator.inbound.active,
    'POST /control/inbound': ({ body }) => simulator.inbound.set(body as InboundDisturbance),
    'DELETE /control/inbound': () => simulator.inbound.clear(),
    'GET /control/statuses': () => simulator.statuses.active,
    'POST /control/statuses': ({ body }) => simulator.statuses.set(body as Partial<StatusPlan>),
    'DELETE /control/statuses': () => simulator.statuses.clear(),
    'POST /control/clear': () => simulator.clear(),
  };
}

function shown({ id, wabaId, phone, name, ownCallback, appCallback, templates }: BusinessNumber) {
  return { id, wabaId, phone, name, callback: ownCallback ?? appCallback, templates };
}

function personOf(simulator: CloudSimulator, { path }: ControlRequest): CloudPerson {
  const person = simulator.people.find(({ chat }) => chat.isCalled(path.id));
  if (!person) throw new Error(`There is no person ${path.id}. POST /control/people makes one.`);
  return person;
}

function numberWith(simulator: CloudSimulator, id: string): BusinessNumber {
  const number = simulator.numbers.find((one) => one.id === id);
  if (!number) throw new Error(`There is no number ${id}. GET /control/numbers lists them.`);
  return number;
}

const replyOf = ({ body }: ControlRequest) =>
  typeof body.replyTo === 'string' ? { replyTo: body.replyTo } : {};
