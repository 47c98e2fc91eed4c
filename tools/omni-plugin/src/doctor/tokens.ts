/** What secrets look like, each with a name for people. */
const shapes: { what: string; pattern: RegExp }[] = [
  { what: 'a Telegram bot token', pattern: /\b\d{6,12}:[A-Za-z0-9_-]{30,}/ },
  { what: 'a Discord bot token', pattern: /\b[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}/ },
  { what: "an access token of Meta's", pattern: /\bEAA[A-Za-z0-9]{20,}/ },
  { what: 'a Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/ },
  { what: 'a secret API key', pattern: /\bsk-[A-Za-z0-9_-]{16,}/ },
  { what: 'a JSON web token', pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}/ },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
];

const longKey = /^[A-Za-z0-9+_-][A-Za-z0-9+/_-]{38,}={0,2}$/;

/** A string that may not stand in a fixture, but for a reason. */
export interface Allowance {
  /** The name of the field that it is the value of. */
  field: RegExp;
  value: RegExp;
  reason: string;
}

export const allowances: readonly Allowance[] = [
  {
    field: /^(fileSha256|fileEncSha256|sha256)$/,
    value: /^[A-Za-z0-9+/]{40,48}=?$/,
    reason: 'the hash of a file',
  },
  { field: /^mediaKey$/, value: /^AAECAwQFBgcICQoL/, reason: 'made up: the bytes 0, 1, 2 and so on' },
  {
    field: /^base64$/,
    value: /^(iVBORw0KGgo|\/9j\/|T2dnUw|R0lGOD|UklGR|JVBERi)/,
    reason: 'the beginning of a file',
  },
  {
    field: /^data$/,
    value: /^(iVBORw0KGgo|\/9j\/|T2dnUw|R0lGOD|UklGR|JVBERi)/,
    reason: 'the beginning of a file',
  },
  {
    field: /^(data|media|audio|sticker)$/,
    value: /^aHR0cHM6Ly9/,
    reason: "a file of the kit's: its bytes are the address that it stands for",
  },
  {
    field: /^(file_id|thumb_file_id)$/,
    value: /^(AAM|AgA|AwA|BAA|BQA|CAA|CQA|DQA)/,
    reason: "Telegram's id of a file, of no use to anybody but the bot that got it",
  },
  {
    field: /^(group_id|recipient_id)$/,
    value: /^Y2FwaV9ncm91c/,
    reason: "Meta's id of a group (`capi_group:…`), not a credential",
  },
  {
    field: /^token$/,
    value: /^aW50ZXJhY3Rpb246/,
    reason: "an interaction's token (`interaction:…`), which Discord took back 15 minutes later",
  },
];

/** What in a parsed fixture looks like a secret, and where: `request.token looks like a JSON web token`. */
export function tokensIn(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return tokenIn(value, path);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    tokensIn(inner, path === '' ? key : `${path}.${key}`),
  );
}

function tokenIn(text: string, path: string): string[] {
  const field = path.split('.').findLast((segment) => !/^\d+$/.test(segment)) ?? '';
  if (allowances.some((allowed) => allowed.field.test(field) && allowed.value.test(text))) return [];
  const found =
    shapes.find(({ pattern }) => pattern.test(text))?.what ?? (isLongKey(text) ? 'a long key' : null);
  return found ? [`${path} looks like ${found}`] : [];
}

/** As base64 writes random bytes: all kinds of letters, and numbers. */
function isLongKey(text: string): boolean {
  return longKey.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text) && /[0-9]/.test(text);
}
