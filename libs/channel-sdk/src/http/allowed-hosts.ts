import { BlockList, isIP } from 'node:net';
import { addTo, familyOf, isPublicAddress, parseSubnet } from './addresses';

/**
 * Which hosts may be asked although they are not of the public internet. Each entry is a host (`media.internal`), a host with
 * its port (`127.0.0.1:9000`, `[::1]:9000`), or a subnet (`10.1.0.0/16`).
 */
export class AllowedHosts {
  private readonly hosts = new Set<string>();
  private readonly subnets = new BlockList();

  /** Throws where `isAllowedHost` says no. */
  constructor(entries: readonly string[] = []) {
    for (const entry of entries) {
      if (parseSubnet(entry)) addTo(this.subnets, entry);
      else this.hosts.add(hostOf(entry).toLowerCase());
    }
  }

  /** Whether the host is named, so that its addresses do not matter. */
  names({ hostname, host, protocol, port }: URL): boolean {
    const withPort = port ? host : `${host}:${protocol === 'https:' ? 443 : 80}`;
    return this.hosts.has(hostname) || this.hosts.has(withPort);
  }

  /** Whether a host at this IP address may be asked, which nobody named. */
  permits(address: string): boolean {
    return (
      isPublicAddress(address) || (isIP(address) !== 0 && this.subnets.check(address, familyOf(address)))
    );
  }
}

/** Whether this can be an entry of AllowedHosts. */
export function isAllowedHost(entry: string): boolean {
  return parseSubnet(entry) !== null || hostOf(entry) !== '';
}

/** As a URL has it; empty where it is no host. */
function hostOf(entry: string): string {
  const address = isIP(entry) === 6 ? `[${entry}]` : entry;
  const url = `http://${address}/`;
  if (/[/?#@\\\s*]/.test(address) || !URL.canParse(url)) return '';
  const { hostname, host } = new URL(url);
  return /:80$/.test(address) ? `${hostname}:80` : host;
}
