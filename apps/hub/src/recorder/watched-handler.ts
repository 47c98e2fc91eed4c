import type { ChannelHandler, ListenSession, Received, WebhookRequest } from '@omni-hub/channel-sdk';
import { watchTraffic, type Exchanged } from '@omni-hub/channel-sdk';

/** How a use of an ability ended. */
export type End = { returned: unknown } | { threw: unknown };

/** What is told of a handler's work, after it is done. None of it may throw. */
export interface Witness {
  webhook(request: WebhookRequest, received: Received): void;
  batch(raw: Buffer, received: Received): void;
  use(ability: string, input: object, exchanged: readonly Exchanged[], end: End): void;
}

type Method = (...args: never[]) => unknown;

/** The abilities that are recorded, and what each is given, as a fixture's `input`. Files and links to an account are not. */
const inputs: Record<string, (...args: never[]) => object> = {
  send: (message: object) => message,
  edit: (target: object, part: object) => ({ ...target, part }),
  delete: (target: object) => target,
  react: (target: object, emoji: string) => ({ ...target, emoji }),
  typing: (chat: string, messageId: string | null) => ({ chat, messageId }),
  markRead: (chat: string, messageId: string) => ({ chat, messageId }),
  preview: (preview: object) => preview,
  acknowledge: (event: object) => ({ event }),
  withdraw: (event: object) => ({ event }),
  install: (webhookUrl: string | null) => ({ webhookUrl }),
  uninstall: () => ({}),
  probe: () => ({}),
  restart: () => ({}),
  logout: () => ({}),
  remove: () => ({}),
};

/** The handler, which does what it always does, and tells the witness of it. */
export function watchHandler(handler: ChannelHandler, witness: Witness): ChannelHandler {
  const wrapped = new Map<PropertyKey, Method>();
  return new Proxy(handler, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const known = wrapped.get(name);
      if (known) return known;
      const method = watchMethod(target, String(name), value as Method, witness);
      wrapped.set(name, method);
      return method;
    },
  });
}

function watchMethod(handler: ChannelHandler, name: string, method: Method, witness: Witness): Method {
  const original = method.bind(handler) as (...args: unknown[]) => unknown;
  if (name === 'receive') return receiving(original, witness);
  if (name === 'listen') return listening(original, witness);
  const input = inputs[name] as ((...args: unknown[]) => object) | undefined;
  return input ? using(name, input, original, witness) : original;
}

function receiving(original: (...args: unknown[]) => unknown, witness: Witness): Method {
  return (request: WebhookRequest) => {
    const received = original(request) as Received;
    witness.webhook(request, received);
    return received;
  };
}

function listening(original: (...args: unknown[]) => unknown, witness: Witness): Method {
  return (session: ListenSession, signal: AbortSignal) => {
    const watched: ListenSession = {
      cursor: session.cursor,
      state: (state, detail) => session.state(state, detail),
      accept: async (received, raw, cursor) => {
        await session.accept(received, raw, cursor);
        witness.batch(raw, received);
      },
    };
    return original(watched, signal);
  };
}

function using(
  name: string,
  input: (...args: unknown[]) => object,
  original: (...args: unknown[]) => unknown,
  witness: Witness,
): Method {
  return async (...args: unknown[]) => {
    const exchanged: Exchanged[] = [];
    const tell = (end: End) => witness.use(name, input(...args), exchanged, end);
    try {
      const returned = await watchTraffic(
        (one) => void exchanged.push(one),
        () => original(...args),
      );
      tell({ returned });
      return returned;
    } catch (error) {
      tell({ threw: error });
      throw error;
    }
  };
}
