import { RejectedError } from '@omni-hub/channel-sdk';

/**
 * The address that may be asked for a file, an upload or an answer to a command: below slack.com where apiUrl is Slack's, else where
 * apiUrl is. Throws RejectedError for any other, so that neither the token nor a file goes where a forged reference points.
 */
export function ownAddress(apiUrl: string, address: string): string {
  const api = new URL(apiUrl);
  const url = URL.canParse(address) ? new URL(address) : null;
  const isOwn = url?.protocol === api.protocol && (url.host === api.host || (isSlack(api) && isSlack(url)));
  if (url && isOwn) return url.href;
  throw new RejectedError(
    'The reference names an address that is not at Slack: use the ref of an attachment as it was received',
  );
}

function isSlack({ hostname, port }: URL): boolean {
  return port === '' && (hostname === 'slack.com' || hostname.endsWith('.slack.com'));
}
