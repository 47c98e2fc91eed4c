/** A bucket of an S3-compatible service, and where in it the files stand. */
export interface S3Location {
  /** Without a slash at its end. */
  endpoint: string;
  region: string;
  bucket: string;
  /** Ends with a slash, or is empty. */
  prefix: string;
}

/**
 * `s3://bucket/prefix?endpoint=https://…&region=…`; without an endpoint it is Amazon's of the region. Null where it is no such
 * address.
 */
export function parseS3Url(text: string): S3Location | null {
  if (!text.startsWith('s3://') || !URL.canParse(text)) return null;
  const { hostname, port, username, password, pathname, searchParams, hash } = new URL(text);
  const { endpoint, region = 'us-east-1', ...others } = Object.fromEntries(searchParams);
  const place = endpoint ?? `https://s3.${region}.amazonaws.com`;
  const isWrong =
    !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(hostname) ||
    port + username + password + hash !== '' ||
    Object.keys(others).length > 0 ||
    !/^[a-z0-9-]{1,40}$/.test(region) ||
    !/^(\/[\w.-]+)*\/?$/.test(pathname) ||
    !isEndpoint(place);
  if (isWrong) return null;
  const path = pathname.replace(/^\/+|\/+$/g, '');
  return {
    endpoint: place.replace(/\/+$/, ''),
    region,
    bucket: hostname,
    prefix: path === '' ? '' : `${path}/`,
  };
}

function isEndpoint(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return username + password + search + hash === '';
}
