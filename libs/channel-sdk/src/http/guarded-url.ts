import { lookup as resolve } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { AllowedHosts } from './allowed-hosts';
import { UrlError } from './url-error';

/** A URL that may be asked, and where: a connection goes to these addresses and no others, whatever the name says by then. */
export interface GuardedUrl {
  url: URL;
  /** Null where the host is named by the operator: it may resolve as it likes. */
  lookup: LookupFunction | null;
}

export interface Guard {
  allowed: AllowedHosts;
  /** Origins that may be asked whatever their addresses are: `http://127.0.0.1:9100`. */
  origins: readonly string[];
}

/**
 * Judges a URL that somebody else named: http or https, without credentials, and every address of its host public or allowed.
 * One address that is not refuses the URL, however many others there are. Throws a UrlError.
 */
export async function guardUrl(text: string | URL, { allowed, origins }: Guard): Promise<GuardedUrl> {
  if (!URL.canParse(String(text))) throw new UrlError('BLOCKED', 'the URL cannot be read: give a whole one');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UrlError('BLOCKED', `only http and https are fetched, not "${url.protocol.slice(0, 20)}"`);
  if (url.username !== '' || url.password !== '')
    throw new UrlError('BLOCKED', 'the URL holds a user name or password: give one without');
  if (origins.includes(url.origin) || allowed.names(url)) return { url, lookup: null };

  const addresses = await addressesOf(url.hostname);
  const wrong = addresses.find(({ address }) => !allowed.permits(address));
  if (wrong) {
    const where = wrong.address === unbracketed(url.hostname) ? '' : ` (${wrong.address})`;
    throw new UrlError(
      'BLOCKED',
      `the hub fetches nothing from ${url.host}${where}, which is not of the public internet: see OMNI_MEDIA_ALLOWED_HOSTS`,
    );
  }
  return { url, lookup: pinnedTo(addresses) };
}

interface Address {
  address: string;
  family: number;
}

async function addressesOf(hostname: string): Promise<Address[]> {
  const literal = unbracketed(hostname);
  const family = isIP(literal);
  if (family !== 0) return [{ address: literal, family }];
  try {
    return await resolve(hostname, { all: true });
  } catch (error) {
    const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException;
    throw new UrlError('UNREACHABLE', `${hostname} has no address (${code}): check the URL`);
  }
}

const unbracketed = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

/** What a socket asks instead of the name service. */
function pinnedTo(addresses: Address[]): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all) callback(null, addresses);
    else callback(null, addresses[0].address, addresses[0].family);
  };
}
