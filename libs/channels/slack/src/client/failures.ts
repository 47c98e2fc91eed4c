import {
  AmbiguousError,
  asObject,
  asText,
  ConfigError,
  RateLimitedError,
  RecipientGoneError,
  redact,
  RejectedError,
  statusToSendError,
  UnauthorizedError,
  UnreachableError,
  type SendError,
} from '@omni-hub/channel-sdk';

/** An answer that is not a success. */
export interface Refusal {
  /** `chat.postMessage`. */
  method: string;
  status: number;
  /** Parsed JSON, or the text that came instead. */
  body: unknown;
  /** The header `Retry-After`, seconds. */
  retryAfter: unknown;
}

/** https://docs.slack.dev/reference/methods/auth.test#errors */
const unauthorized = [
  'invalid_auth',
  'not_authed',
  'not_allowed_token_type',
  'token_revoked',
  'token_expired',
  'account_inactive',
];

/** Slack's codes for "nobody is there", and what to do. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const goneBecause: Readonly<Record<string, string>> = {
  channel_not_found: 'check the id; a private channel is seen only by apps that were invited',
  not_in_channel: 'invite the app to the channel: /invite @app',
  is_archived: 'the channel is archived: unarchive it or use another',
  user_not_found: 'there is no such person in this workspace',
  users_not_found: 'there is no such person in this workspace',
  user_disabled: 'the person was deactivated',
  user_not_visible: 'the app may not see this person',
  cannot_dm_bot: 'an app cannot write to another one',
  thread_not_found: 'the thread is gone: use the channel',
};

/** What can be done about a refusal that is not about the recipient. */
const advice: Readonly<Record<string, string>> = {
  missing_scope: 'add the scope under OAuth & Permissions and install the app again',
  msg_too_long: 'send it in parts',
  msg_blocks_too_long: 'send it in parts',
  messages_tab_disabled: "turn the app's Messages Tab on, under App Home",
  restricted_action: 'an administrator does not let the app do this here',
  message_not_found: 'the message was deleted',
  cant_update_message: 'only messages that the app sent can be edited',
  cant_delete_message: 'only messages that the app sent can be deleted',
  edit_window_closed: 'the workspace lets nobody edit messages of that age',
  invalid_name: 'name the reaction as Slack does, for example thumbsup',
  file_uploads_disabled: 'the workspace takes no files',
};

/** "Some aspect of the operation may have succeeded": https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const perhapsDone = ['internal_error', 'fatal_error'];

/** Nothing was done: Slack is down, it did not get the whole request, or the workspace moves into an Enterprise organization. */
const notDone = ['service_unavailable', 'request_timeout', 'team_added_to_org', 'org_login_required'];

/** Turns what Slack answered into one of the closed list. None of the secrets is in it. */
export function toFailure({ method, status, body, retryAfter }: Refusal, secrets: string[]): SendError {
  const said = asObject<{ ok: boolean; error: string; needed: string }>(body);
  const code = said?.ok === false ? asText(said.error) : null;
  if (status === 429 || code === 'ratelimited' || code === 'rate_limited') return tooFast(method, retryAfter);
  if (code !== null)
    return toRefusal(method, redact(code, secrets), redact(asText(said?.needed) ?? '', secrets));
  if (status === 404 || (status >= 300 && status < 400))
    return new ConfigError(`What answers at apiUrl (status ${status}) is not Slack's Web API: check apiUrl`);
  if (status === 200)
    return new AmbiguousError(`Slack's answer to ${method} is not readable: it may or may not have acted`);
  return statusToSendError(status, `to ${method}`);
}

/** True for a refusal with one of Slack's codes. */
export function isSaid(error: unknown, ...codes: string[]): boolean {
  const { platformCode } = Object(error) as { platformCode?: unknown };
  return codes.some((code) => platformCode === code);
}

function toRefusal(method: string, code: string, needed: string): SendError {
  const details = { platformCode: code };
  if (unauthorized.includes(code))
    return new UnauthorizedError(
      `Slack refuses the token (${code}): install the app again and give the instance its new Bot User OAuth Token`,
      details,
    );
  if (Object.hasOwn(goneBecause, code))
    return new RecipientGoneError(`Slack: ${code}; ${goneBecause[code]}`, details);
  if (notDone.includes(code))
    return new UnreachableError(`Slack cannot do it for now (${code}): it is tried again`, details);
  if (perhapsDone.includes(code))
    return new AmbiguousError(`Slack failed while it handled ${method} (${code})`, details);
  const what = needed === '' ? code : `${code} (${needed})`;
  const hint = Object.hasOwn(advice, code) ? `; ${advice[code]}` : '';
  return new RejectedError(`Slack refuses ${method}: ${what}${hint}`, details);
}

/**
 * Messages are limited in each channel, every other method by itself in the workspace: what one method is refused, another is not. So
 * only the chat waits that was refused. https://docs.slack.dev/apis/web-api/rate-limits
 */
export function tooFast(method: string, retryAfter: unknown): RateLimitedError {
  const seconds = Number(retryAfter) > 0 ? Number(retryAfter) : 1;
  return new RateLimitedError(`Slack allows ${method} again in ${seconds} s`, seconds * 1_000, 'chat', {
    platformCode: 'ratelimited',
  });
}
