import { pass, stop, type Gate } from './gate';

/** Where somebody took over a chat, the agent says nothing until they give it back. */
export const pausedGate: Gate = {
  name: 'paused',
  decide({ pause, now }) {
    if (!pause) return pass('agent_not_paused', 'the agent is not paused in this chat');
    const { since, until, reason, chatId } = pause;
    if (until !== null && until <= now) {
      return pass('agent_pause_over', `the agent was paused in this chat until ${iso(until)}`);
    }
    const resume = `POST /api/v1/chats/${chatId}/resume`;
    return stop(
      'agent_paused',
      `the agent is paused in this chat since ${iso(since)}, until ${until === null ? 'somebody resumes it' : iso(until)}${reason === null ? '' : `: ${reason}`}`,
      until === null ? resume : `${resume}, or wait until ${iso(until)}`,
    );
  },
};

const iso = (at: number) => new Date(at).toISOString();
