import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import { AsyncLocalStorage } from 'node:async_hooks';

/** What a function did that a pure one does not. */
export interface Watched<T> {
  result: T | undefined;
  error: unknown;
  /** The names of what it used: connections, clocks, timers, chance. Each once. */
  impurities: string[];
}

type Holder = Record<string, unknown>;
type AnyFunction = (...args: unknown[]) => unknown;

const connections: [object, string, string][] = [
  [net.Socket.prototype, 'connect', 'a connection (net)'],
  [dns, 'lookup', 'a name look-up (dns)'],
  [dns.promises, 'lookup', 'a name look-up (dns)'],
  [dgram, 'createSocket', 'a socket (dgram)'],
  [childProcess, 'spawn', 'a process (child_process)'],
  [globalThis, 'fetch', 'a connection (fetch)'],
];

const clocks: [object, string, string][] = [
  [performance, 'now', 'the clock (performance.now)'],
  [process.hrtime, 'bigint', 'the clock (process.hrtime.bigint)'],
  [process, 'hrtime', 'the clock (process.hrtime)'],
  [globalThis, 'setTimeout', 'a timer (setTimeout)'],
  [globalThis, 'setInterval', 'a timer (setInterval)'],
  [globalThis, 'setImmediate', 'a timer (setImmediate)'],
  [Math, 'random', 'chance (Math.random)'],
  [crypto, 'randomUUID', 'chance (crypto.randomUUID)'],
  [crypto, 'randomBytes', 'chance (crypto.randomBytes)'],
];

/** Tells what comes of the watched function from what goes on beside it. */
const watched = new AsyncLocalStorage<Set<string>>();

/**
 * Runs a synchronous function and tells whether it reads a clock, rolls dice, or opens a connection, be it at once or on
 * the event loop's next turns. Its connections are refused, everything else does what it always does.
 */
export async function watchPurity<T>(run: () => T): Promise<Watched<T>> {
  const seen = new Set<string>();
  const reopen = restoreAll(
    connections.map(([holder, name, what]) => replace(holder, name, (original) => refuse(what, original))),
  );
  const { setImmediate: nextTurn } = globalThis;
  try {
    const outcome = watched.run(seen, () => runWatched(run, seen));
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => nextTurn(resolve));
    return { ...outcome, impurities: [...seen] };
  } finally {
    reopen();
  }
}

/** How often a constant-time comparison of `node:crypto` ran meanwhile. */
export function countComparisons(run: () => void): number {
  let count = 0;
  const counted = (original: AnyFunction) =>
    function (this: unknown, ...args: unknown[]) {
      count += 1;
      return Reflect.apply(original, this, args);
    };
  const restore = restoreAll([
    replace(crypto, 'timingSafeEqual', counted),
    replace(crypto, 'verify', counted),
    replace(crypto.Verify.prototype, 'verify', counted),
  ]);
  try {
    run();
  } finally {
    restore();
  }
  return count;
}

function runWatched<T>(run: () => T, seen: Set<string>): Omit<Watched<T>, 'impurities'> {
  const restore = restoreAll([
    replaceDate(seen),
    ...clocks.map(([holder, name, what]) =>
      replace(holder, name, (original) => passOn(seen, what, original)),
    ),
  ]);
  try {
    return { result: run(), error: undefined };
  } catch (error) {
    return { result: undefined, error };
  } finally {
    restore();
  }
}

function refuse(what: string, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const seen = watched.getStore();
    if (!seen) return Reflect.apply(original, this, args);
    seen.add(what);
    throw new Error(`${what} was opened where none may be`);
  };
}

function passOn(seen: Set<string>, what: string, original: AnyFunction): AnyFunction {
  const told = function (this: unknown, ...args: unknown[]) {
    seen.add(what);
    return Reflect.apply(original, this, args);
  };
  return Object.assign(told, original);
}

function replaceDate(seen: Set<string>): () => void {
  const told = (name: string) => seen.add(`the clock (${name})`);
  return replace(globalThis, 'Date', (original) => {
    const clock = original as unknown as DateConstructor;
    return new Proxy(clock, {
      apply: (target, self, args) => (told('Date()'), Reflect.apply(target, self, args)),
      construct: (target, args) => {
        if (args.length === 0) told('new Date()');
        return Reflect.construct(target, args);
      },
      get: (target, key) =>
        key === 'now' ? () => (told('Date.now'), target.now()) : Reflect.get(target, key),
    });
  });
}

/** Puts another function in the place of a property and returns what undoes it. */
function replace(holder: object, name: string, make: (original: AnyFunction) => unknown): () => void {
  const target = holder as Holder;
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  const original = target[name] as AnyFunction;
  Object.defineProperty(target, name, { value: make(original), configurable: true, writable: true });
  return () => {
    if (descriptor) Object.defineProperty(target, name, descriptor);
    else delete target[name];
  };
}

function restoreAll(restores: (() => void)[]): () => void {
  return () => restores.forEach((restore) => restore());
}
