import type { ServerResponse } from 'node:http';
import { type Answer, htmlPage, reset, send } from './http';
import { type Random, seededRandom } from './random';

/** What goes wrong with one call. Before: nothing was done. After: it was done, and the caller does not learn it. */
export type Fault =
  /** Seconds. */
  | { kind: 'rate-limit'; retryAfter: number }
  /** With `accept` the call is carried out all the same. `code` is the platform's own, where it has one. */
  | { kind: 'error'; status: number; code?: number; accept?: boolean }
  /** A web page with status 200. */
  | { kind: 'garbage'; accept?: boolean }
  /** Never answers. */
  | { kind: 'timeout-before' }
  | { kind: 'timeout-after' }
  | { kind: 'reset-before' }
  | { kind: 'reset-after' }
  /** Carried out at once, answered `ms` later. */
  | { kind: 'slow'; ms: number };

/** Which calls a fault is for. Everything that is left out matches. */
export interface FaultRule<Kind = Fault> {
  fault: Kind;
  /** The platform's name of the call, in any case. */
  method?: string;
  chat?: number | string;
  /** Only the nth call that matches the rule, from 1. */
  nth?: number;
  /** At most so many times. */
  times?: number;
  /** 0..1, from the simulator's seeded source. */
  probability?: number;
}

interface Counted<Kind> {
  id: number;
  rule: FaultRule<Kind>;
  matched: number;
  used: number;
}

/** How a call names its chat; several where the platform has several names for one. */
export type ChatNames = number | string | null | readonly string[];

/** The rules of one fake platform. The first rule that applies to a call wins; every rule counts the calls it matches. */
export class Faults<Kind = Fault> {
  private counted: Counted<Kind>[] = [];
  private lastId = 0;

  constructor(private readonly random: Random = seededRandom(1)) {}

  add(rule: FaultRule<Kind>): number {
    this.counted.push({ id: ++this.lastId, rule, matched: 0, used: 0 });
    return this.lastId;
  }

  remove(id: number): void {
    this.counted = this.counted.filter((one) => one.id !== id);
  }

  clear(): void {
    this.counted = [];
  }

  list(): readonly Readonly<Counted<Kind>>[] {
    return this.counted;
  }

  /** True when a rule asks for the chat, so that the body has to be read before the fault can be chosen. */
  get needChat(): boolean {
    return this.counted.some(({ rule }) => rule.chat !== undefined);
  }

  pick(method: string, chat: ChatNames): Kind | null {
    if (this.counted.length === 0) return null;
    let chosen: Kind | null = null;
    for (const one of this.counted) {
      if (!matches(one.rule, method, chat)) continue;
      one.matched++;
      if (chosen || !this.applies(one)) continue;
      one.used++;
      chosen = one.rule.fault;
    }
    return chosen;
  }

  private applies({ rule, matched, used }: Counted<Kind>): boolean {
    if (rule.nth !== undefined && matched !== rule.nth) return false;
    if (rule.times !== undefined && used >= rule.times) return false;
    return rule.probability === undefined || this.random() < rule.probability;
  }
}

function matches({ method, chat }: FaultRule<unknown>, calledMethod: string, calledChat: ChatNames): boolean {
  if (method !== undefined && method.toLowerCase() !== calledMethod.toLowerCase()) return false;
  if (chat === undefined) return true;
  return Array.isArray(calledChat) ? calledChat.includes(String(chat)) : String(chat) === String(calledChat);
}

/** How a platform words the refusals that a fault asks for. */
export interface Refusals {
  rateLimited(retryAfter: number): Answer;
  failed(status: number, code?: number): Answer;
}

/** Answers one call as `fault` says. `act` carries the call out and must not throw. */
export function answerUnder(
  fault: Fault | null,
  response: ServerResponse,
  act: () => Answer | Promise<Answer>,
  refusals: Refusals,
): void {
  switch (fault?.kind) {
    case undefined:
      return deliver(response, act());
    case 'timeout-before':
      return;
    case 'reset-before':
      return reset(response);
    case 'rate-limit':
      return send(response, refusals.rateLimited(fault.retryAfter));
    case 'error':
      if (fault.accept) void act();
      return send(response, refusals.failed(fault.status, fault.code));
    case 'garbage':
      if (fault.accept) void act();
      return send(response, htmlPage);
    case 'timeout-after':
      return void act();
    case 'reset-after':
      void act();
      return reset(response);
    case 'slow': {
      const answer = act();
      setTimeout(() => deliver(response, answer), fault.ms).unref();
    }
  }
}

function deliver(response: ServerResponse, answer: Answer | Promise<Answer>): void {
  if (answer instanceof Promise) void answer.then((late) => send(response, late));
  else send(response, answer);
}
