import fc from 'fast-check';
import { isPublicAddress, parseSubnet } from './addresses';

type Octets = [number, number, number, number];
const octet = fc.nat(255);
const anyV4 = fc.tuple(octet, octet, octet, octet);

const dotted = (octets: Octets) => octets.join('.');
const number = ([a, b, c, d]: Octets) => ((a * 256 + b) * 256 + c) * 256 + d;
const hex = ([a, b, c, d]: Octets) => `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;

/** All ways in which IPv6 can stand for an IPv4 address. */
const embedded: ((octets: Octets) => string)[] = [
  (octets) => `::ffff:${dotted(octets)}`,
  (octets) => `::ffff:${hex(octets)}`,
  (octets) => `0:0:0:0:0:FFFF:${hex(octets).toUpperCase()}`,
  (octets) => `64:ff9b::${dotted(octets)}`,
  (octets) => `64:ff9b::${hex(octets)}`,
  (octets) => `2002:${hex(octets)}::1`,
  (octets) => `2002:${hex(octets)}:a:b:c:d:e`,
];

/** Ways in which a URL can spell an IPv4 address. */
const spelled: ((octets: Octets) => string)[] = [
  dotted,
  (octets) => String(number(octets)),
  (octets) => `0x${number(octets).toString(16)}`,
  (octets) => `0${number(octets).toString(8)}`,
  (octets) => octets.map((one) => `0${one.toString(8)}`).join('.'),
  (octets) => octets.map((one) => `0x${one.toString(16)}`).join('.'),
  ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
];

const within = (network: Octets, bits: number) =>
  fc.nat(2 ** (32 - bits) - 1).map((host): Octets => {
    const value = number(network) + host;
    return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  });

const special: [string, Octets, number][] = [
  ['unspecified', [0, 0, 0, 0], 8],
  ['private', [10, 0, 0, 0], 8],
  ['shared (CGNAT)', [100, 64, 0, 0], 10],
  ['loopback', [127, 0, 0, 0], 8],
  ['link-local, cloud metadata', [169, 254, 0, 0], 16],
  ['private', [172, 16, 0, 0], 12],
  ['protocol assignments', [192, 0, 0, 0], 24],
  ['documentation', [192, 0, 2, 0], 24],
  ['private', [192, 168, 0, 0], 16],
  ['benchmarks', [198, 18, 0, 0], 15],
  ['documentation', [198, 51, 100, 0], 24],
  ['documentation', [203, 0, 113, 0], 24],
  ['multicast', [224, 0, 0, 0], 4],
  ['reserved', [240, 0, 0, 0], 4],
];

describe('an address', () => {
  it.each(special)('that is %s (%p/%i) is not public, however it is written', (_what, network, bits) => {
    fc.assert(
      fc.property(within(network, bits), (octets) => {
        for (const write of [dotted, ...embedded])
          expect([write(octets), isPublicAddress(write(octets))]).toEqual([write(octets), false]);
        for (const spell of spelled) {
          const { hostname } = new URL(`http://${spell(octets)}/`);
          expect(hostname).toBe(dotted(octets));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of the rest of IPv4 is public, and stays so within IPv6', () => {
    const isSpecial = (octets: Octets) =>
      special.some(
        ([, network, bits]) =>
          Math.floor(number(octets) / 2 ** (32 - bits)) === Math.floor(number(network) / 2 ** (32 - bits)),
      ) ||
      (octets[0] === 192 && octets[1] === 88 && octets[2] === 99);
    fc.assert(
      fc.property(
        anyV4.filter((octets) => !isSpecial(octets)),
        (octets) => {
          for (const write of [dotted, ...embedded])
            expect([write(octets), isPublicAddress(write(octets))]).toEqual([write(octets), true]);
        },
      ),
    );
  });

  it('of IPv6 is public within 2000::/3 only', () => {
    const group = fc.nat(0xffff);
    const groups = fc.tuple(group, group, group, group, group, group, group, group);
    fc.assert(
      fc.property(groups, (all) => {
        const address = all.map((one) => one.toString(16)).join(':');
        if (
          all[0] >> 13 !== 1 &&
          !address.startsWith('64:ff9b:0:0:0:0:') &&
          !address.startsWith('0:0:0:0:0:ffff:')
        )
          expect([address, isPublicAddress(address)]).toEqual([address, false]);
      }),
    );
  });

  it.each([
    '::',
    '::1',
    '::7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '100::1',
    '64:ff9b:1::7f00:1',
    '2001::1',
    '2001:db8::1',
    '3fff::1',
    '5f00::1',
    '',
    'localhost',
    '1.2.3',
    '01.2.3.4',
  ])('"%s" is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each([
    '93.184.216.34',
    '1.1.1.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001:82a::200e',
    '2001:4860:4860::8888',
  ])('"%s" is public', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('a subnet', () => {
  it.each(['10.0.0.0/8', '0.0.0.0/0', 'fd00::/8', '::1/128', '1.2.3.4/32'])('"%s" is one', (text) =>
    expect(parseSubnet(text)).not.toBeNull(),
  );
  it.each([
    '10.0.0.0',
    '10.0.0.0/33',
    'fd00::/129',
    'example.org/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '/8',
    '10.0.0.0/-1',
  ])('"%s" is none', (text) => expect(parseSubnet(text)).toBeNull());
});
