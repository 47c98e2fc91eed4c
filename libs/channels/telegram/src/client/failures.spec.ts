import type { ChatMovedError, RateLimitedError } from '@omni-hub/channel-sdk';
import { isSaid, toFailure } from './failures';

function failureOf(
  status: number,
  description: string,
  parameters?: object,
  method: 'sendMessage' | 'setWebhook' = 'sendMessage',
) {
  const body = { ok: false, error_code: status, description, parameters };
  return toFailure({ method, status, body, retryAfter: undefined });
}

describe('what Telegram refuses', () => {
  it.each([
    [403, 'Forbidden: bot was blocked by the user', 'RECIPIENT_GONE', /unblock/],
    [403, 'Forbidden: user is deactivated', 'RECIPIENT_GONE', /deleted/],
    [403, 'Forbidden: bot was kicked from the group chat', 'RECIPIENT_GONE', /add the bot/],
    [403, 'Forbidden: bot was kicked from the channel chat', 'RECIPIENT_GONE', /add the bot/],
    [403, 'Forbidden: bot is not a member of the supergroup chat', 'RECIPIENT_GONE', /add the bot/],
    [403, 'Forbidden: the group chat was deleted', 'RECIPIENT_GONE', /another/],
    [400, 'Bad Request: chat not found', 'RECIPIENT_GONE', /write to the bot/],
    [400, 'Bad Request: message thread not found', 'RECIPIENT_GONE', /topic/],
    [400, 'Bad Request: message to be replied not found', 'REJECTED', /sendMessage/],
    [400, 'Bad Request: wrong file_id or the file is temporarily unavailable', 'REJECTED', /file_id/],
    [400, 'Bad Request: file is too big', 'REJECTED', /20 MB/],
    [400, 'Bad Request: REACTION_INVALID', 'REJECTED', /reactiontypeemoji/],
    [400, "Bad Request: message can't be deleted", 'REJECTED', /48 hours/],
    [400, 'Bad Request: a reason that nobody has seen yet', 'REJECTED', /nobody has seen/],
    [401, 'Unauthorized: invalid token specified', 'UNAUTHORIZED', /BotFather/],
    [404, 'Not Found', 'UNAUTHORIZED', /BotFather/],
    [404, 'Not Found: method not found', 'REJECTED', /too old/],
    [409, 'Conflict: terminated by setWebhook request', 'CONFIG', /setWebhook/],
    [500, 'Internal Server Error', 'AMBIGUOUS', /500/],
    [503, 'Service Unavailable', 'UNREACHABLE', /503/],
  ])('%i %s is %s and says what to do', (status, description, code, advice) => {
    const error = failureOf(status, description);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(advice);
    expect(error.platformCode).toBe(String(status));
  });

  it('for a group that became a supergroup names the new chat', () => {
    const error = failureOf(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: -1009,
    });
    expect((error as ChatMovedError).movedTo).toBe('telegram:-1009');
  });

  it("for too many requests holds one chat, and for the bot's own methods the instance", () => {
    const inChat = failureOf(429, 'Too Many Requests: retry after 5', { retry_after: 5 }) as RateLimitedError;
    const ofBot = failureOf(
      429,
      'Too Many Requests: retry after 1',
      { retry_after: 1 },
      'setWebhook',
    ) as RateLimitedError;
    expect([inChat.scope, inChat.retryAfterMs]).toEqual(['chat', 5_000]);
    expect([ofBot.scope, ofBot.retryAfterMs]).toEqual(['instance', 1_000]);
  });

  it.each([
    [null, 1_000],
    ['nonsense', 1_000],
    ['3', 3_000],
  ])('by a 429 of something between with Retry-After %p waits %i ms', (header, expected) => {
    const error = toFailure({
      method: 'sendMessage',
      status: 429,
      body: 'slow down',
      retryAfter: header ?? undefined,
    });
    expect((error as RateLimitedError).retryAfterMs).toBe(expected);
  });

  it('is told apart by its words, and nothing else is', () => {
    expect(isSaid(failureOf(400, 'Bad Request: message is not modified'), /not modified/)).toBe(true);
    expect(isSaid(failureOf(400, 'Bad Request: chat not found'), /not modified/)).toBe(false);
    expect(isSaid(new Error('message is not modified'), /not modified/)).toBe(false);
  });
});
