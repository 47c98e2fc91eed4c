import { jsonObject, type AgentProtocol, Refusal, sse } from './protocol';
import type { AskedTurn } from './behaviour';

/** The hub's own contract. A stream is the agent's choice. */
export const httpProtocol: AgentProtocol = {
  name: 'http',
  read({ headers, body }) {
    const turn = jsonObject(body);
    const whole =
      typeof turn?.turnId === 'string' && typeof turn.sessionId === 'string' && Array.isArray(turn.messages);
    if (!whole) return new Refusal(400, { error: 'Expected JSON with turnId, sessionId, messages.' });
    if (headers['idempotency-key'] !== turn.turnId) {
      return new Refusal(400, { error: 'Idempotency-Key must be the turnId.' });
    }
    return turn as unknown as AskedTurn;
  },
  wantsStream: () => false,
  whole: (text) => ({ text }),
  stream: { delta: (text) => sse({ delta: text }), end: () => 'data: {"done": true}\n\n' },
  failure: (detail) => ({ body: { error: detail }, event: 'data: not JSON\n\n' }),
};
