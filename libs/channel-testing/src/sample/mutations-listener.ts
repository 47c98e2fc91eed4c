import type { ListenSession } from '@omni-hub/channel-sdk';
import type { Mutation } from './mutations';
import type { SampleVariant } from './sample.channel';

/** The good listener in a session, and with a signal, of another make. */
function listening(
  make: (
    session: ListenSession,
    signal: AbortSignal,
  ) => { session?: Partial<ListenSession>; signal?: AbortSignal },
): SampleVariant {
  return {
    handler: (good) => ({
      listen: async (session, signal) => {
        const changed = make(session, signal);
        const whole: ListenSession = {
          cursor: session.cursor,
          accept: (received, raw, cursor) => session.accept(received, raw, cursor),
          state: (state, detail) => session.state(state, detail),
          ...changed.session,
        };
        await good.listen!(whole, changed.signal ?? signal);
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    }),
  };
}

/** A signal that comes later than the one that it follows. */
function later(signal: AbortSignal, ms: number): AbortSignal {
  const controller = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => controller.abort(), ms));
  return controller.signal;
}

export const listenerMutations: Mutation[] = [
  {
    rule: 'LIVE-1',
    what: 'does not wait for the commit',
    variant: listening((session) => ({
      session: {
        accept: async (received, raw, cursor) => {
          session.accept(received, raw, cursor).catch(() => undefined);
        },
      },
    })),
  },
  {
    rule: 'LIVE-1',
    what: 'gives up when its connection drops',
    variant: listening((session, signal) => {
      const dropped = new AbortController();
      let connected = false;
      return {
        signal: AbortSignal.any([signal, dropped.signal]),
        session: {
          state: (state, detail) => {
            session.state(state, detail);
            if (connected && detail === 'AMBIGUOUS') dropped.abort();
            connected ||= state === 'connected';
          },
        },
      };
    }),
  },
  { rule: 'LIVE-1', what: 'reconnects without a pause', alone: true, variant: { firstPauseMs: 1 } },
  {
    rule: 'LIVE-1',
    what: 'goes on after the abort',
    variant: listening((_session, signal) => ({ signal: later(signal, 1_500) })),
  },
  {
    rule: 'LIVE-1',
    what: 'tells no states',
    variant: listening(() => ({ session: { state: () => undefined } })),
  },
  {
    rule: 'LIVE-1',
    what: 'tells nothing of how its platform is played',
    options: { listen: undefined, exempt: { 'LIVE-1': 'Played by hand.' } },
  },
];
