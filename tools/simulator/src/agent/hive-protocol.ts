import { type AgentProtocol, Refusal, sse, toTurn, unknownFields } from './protocol';

const fields = ['message', 'stream', 'session_id', 'user_id'];
const ids = { run_id: 'simulated-run', session_id: 'simulated-session' };

/** Runs of an AgentOS of Agno, as Automagik Hive serves them: a form in; a run out, streamed or whole. */
const hiveProtocol = (team: boolean): AgentProtocol => {
  const prefix = team ? 'Team' : '';
  const event = (name: string, more: object) => {
    const named = `${prefix}${name}`;
    return sse({ event: named, ...ids, ...more }, named);
  };
  return {
    name: 'hive',
    read(post) {
      const type = post.headers['content-type'] ?? '';
      if (!type.startsWith('application/x-www-form-urlencoded')) {
        return new Refusal(422, { detail: [{ loc: ['body', 'message'], msg: 'Field required' }] });
      }
      const form = Object.fromEntries(new URLSearchParams(post.body));
      const unknown = unknownFields(form, fields);
      if (!form.message || unknown.length > 0 || !['true', 'false'].includes(form.stream)) {
        return new Refusal(422, { detail: [{ loc: ['body', unknown[0] ?? 'message'], msg: 'not right' }] });
      }
      return toTurn(post, form.session_id ?? null, form.message, form);
    },
    wantsStream: ({ body }) => (body as { stream?: string }).stream === 'true',
    whole: (content) => ({ ...ids, content, content_type: 'str', status: 'COMPLETED' }),
    stream: {
      delta: (content) => event('RunContent', { content }),
      end: (content) => event('RunCompleted', { content }),
    },
    failure: (content) => ({
      body: { ...ids, content, status: 'ERROR' },
      event: event('RunError', { content }),
    }),
  };
};

export const hiveAgents = hiveProtocol(false);
export const hiveTeams = hiveProtocol(true);
