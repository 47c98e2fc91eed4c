import { BlockList, isIP, isIPv6 } from 'node:net';

/** https://www.iana.org/assignments/iana-ipv4-special-registry: what is no host of the public internet. */
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** Within 2000::/3, outside which nothing is public: https://www.iana.org/assignments/iana-ipv6-special-registry. */
const special6 = ['2001::/23', '2001:db8::/32', '3fff::/20'];

/** IPv6 addresses that stand for an IPv4 one: mapped, translated (NAT64) and tunnelled (6to4). Such a one is what it stands for. */
const embeddings: { prefix: string; bits: number; write(hex: string): string }[] = [
  { prefix: '::ffff:0:0', bits: 96, write: (hex) => `::ffff:${hex}` },
  { prefix: '64:ff9b::', bits: 96, write: (hex) => `64:ff9b::${hex}` },
  { prefix: '2002::', bits: 16, write: (hex) => `2002:${hex}::` },
];

const refused = new BlockList();
const accepted6 = new BlockList();
accepted6.addSubnet('2000::', 3, 'ipv6');
for (const { prefix, bits } of embeddings) accepted6.addSubnet(prefix, bits, 'ipv6');
for (const subnet of special6) addTo(refused, subnet);
for (const subnet of special4) {
  addTo(refused, subnet);
  const [network, bits] = subnet.split('/');
  for (const { bits: before, write } of embeddings)
    refused.addSubnet(write(hexOf(network)), before + Number(bits), 'ipv6');
}

/**
 * Whether an IP address is a host of the public internet: not loopback, private, link-local (where clouds keep their metadata),
 * shared, multicast, unspecified or reserved, in any of its spellings. What is no IP address is not public either. Pure.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4');
    case 6:
      return accepted6.check(address, 'ipv6') && !refused.check(address, 'ipv6');
    default:
      return false;
  }
}

/** `a.b.c.d/n` or `x::/n`; null where it is neither. */
export function parseSubnet(text: string): { network: string; bits: number } | null {
  const [network, bits, ...rest] = text.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(network)] ?? -1;
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits ?? '') || Number(bits) > longest) return null;
  return { network, bits: Number(bits) };
}

/** Throws where `subnet` is none. */
export function addTo(list: BlockList, subnet: string): void {
  const parsed = parseSubnet(subnet);
  if (!parsed) throw new Error(`"${subnet}" is no subnet`);
  list.addSubnet(parsed.network, parsed.bits, familyOf(parsed.network));
}

export function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

function hexOf(address: string): string {
  const [a, b, c, d] = address.split('.').map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
