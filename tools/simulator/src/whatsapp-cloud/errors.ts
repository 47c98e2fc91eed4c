import type { Answer } from '../http';

interface ErrorDetails {
  details?: string;
  subcode?: number;
  type?: string;
}

/** A refusal in the words of the Graph API. https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes */
export class GraphError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly more: ErrorDetails = {},
  ) {
    super(message);
  }
}

/** What the platform says of a code: over HTTP with a status, in a webhook by the title. */
const wordings: Record<number, [status: number, title: string, details?: string]> = {
  0: [401, 'AuthException', 'We were unable to authenticate the app user.'],
  1: [400, 'API Unknown', 'Invalid request or possible server error.'],
  2: [503, 'Service temporarily unavailable', 'Temporary due to downtime or due to being overloaded.'],
  4: [400, 'Application request limit reached', 'The app has reached its API call rate limit.'],
  10: [
    403,
    'Application does not have permission for this action',
    'Permission is not granted or was removed.',
  ],
  190: [401, 'Error validating access token: Session has expired.'],
  200: [403, 'You do not have the necessary permissions to send messages on behalf of this account.'],
  368: [403, 'Temporarily blocked for policies violations', 'The account has been restricted or disabled.'],
  80007: [400, 'Rate limit issues', 'The WhatsApp Business Account has reached its rate limit.'],
  130429: [
    429,
    'Rate limit hit',
    'Message failed to send because there were too many messages sent from this phone number in a short period of time',
  ],
  130472: [
    400,
    "User's number is part of an experiment",
    "Failed to send message because this user's phone number is part of an experiment",
  ],
  130501: [400, 'Message type is not currently supported', 'Groups do not take messages of this type.'],
  131000: [500, 'Something went wrong', 'Message failed to send due to an unknown error.'],
  131016: [503, 'Service unavailable', 'A service is temporarily unavailable.'],
  131021: [400, 'Recipient cannot be sender', 'Sender and recipient phone number is the same.'],
  131026: [400, 'Message undeliverable', 'Message Undeliverable.'],
  131031: [
    403,
    'Account has been locked',
    'The account has been restricted or disabled for violating a policy.',
  ],
  131042: [400, 'Business eligibility payment issue', 'There was an error related to your payment method.'],
  131047: [
    400,
    'Re-engagement message',
    'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  ],
  131048: [
    400,
    'Spam rate limit hit',
    'Message failed to send because there are restrictions on how many messages can be sent from this phone number.',
  ],
  131049: [
    400,
    'This message was not delivered to maintain healthy ecosystem engagement.',
    'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.',
  ],
  131050: [400, 'User has stopped marketing messages', 'The user has chosen to stop marketing messages.'],
  131051: [400, 'Unsupported message type', 'Message type is currently not supported.'],
  131052: [400, 'Media download error', 'Failed to download the media sent by the user.'],
  131053: [400, 'Media upload error', 'Failed to upload the media because of an unknown error.'],
  131056: [
    400,
    '(Business Account, Consumer Account) pair rate limit hit',
    'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.',
  ],
  131057: [500, 'Account in maintenance mode', 'The business account is in maintenance mode.'],
};

export const titleOf = (code: number) => wordings[code]?.[1] ?? `Error ${code}`;
export const detailsOf = (code: number) => wordings[code]?.[2] ?? titleOf(code);

/** The platform's refusal with this code; over `status` where it is given. */
export function known(
  code: number,
  { status, details }: { status?: number; details?: string } = {},
): GraphError {
  const [usual, title] = wordings[code] ?? [400, titleOf(code)];
  const isOAuth = code < 1000;
  return new GraphError(
    status ?? usual,
    code,
    code === 190 ? title : `(#${code}) ${title}`,
    isOAuth ? {} : { details: details ?? detailsOf(code) },
  );
}

export const badToken = () =>
  new GraphError(401, 190, 'Invalid OAuth access token - Cannot parse access token');

export const noSuchObject = (method: string, id: string) =>
  new GraphError(
    400,
    100,
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing ` +
      'permissions, or does not support this operation. Please read the Graph API documentation at ' +
      'https://developers.facebook.com/docs/graph-api',
    { type: 'GraphMethodException', subcode: 33 },
  );

/** Code 100: the request itself is wrong. */
export const badParam = (why: string) => new GraphError(400, 100, `(#100) ${why}`);

export const missing = (details: string) =>
  new GraphError(400, 131008, '(#131008) Required parameter is missing', { details });

export const invalid = (details: string) =>
  new GraphError(400, 131009, '(#131009) Parameter value is not valid', { details });

/** What a fault answers that asks for a status and perhaps a code. */
export const failure = (status: number, code = status === 401 ? 190 : status === 503 ? 131016 : 131000) =>
  known(code, { status });

export function refusal({ status, code, message, more }: GraphError, trace: string): Answer {
  const { details, subcode, type = 'OAuthException' } = more;
  const error = {
    message,
    type,
    code,
    ...(subcode !== undefined && { error_subcode: subcode }),
    ...(details !== undefined && { error_data: { messaging_product: 'whatsapp', details } }),
    fbtrace_id: trace,
  };
  const headers: Record<string, string> =
    status === 401 ? { 'www-authenticate': `OAuth "Facebook Platform" "invalid_token" "${message}"` } : {};
  return { status, body: { error }, headers };
}
