import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { dnsLookup } from './dns-lookup.js';

/** An address that webhooks must not reach. */
export class ForbiddenAddress extends Error {
  /** As in undici's and Node's errors. */
  readonly code = 'ERR_FORBIDDEN_ADDRESS';

  constructor(host: string) {
    super(`${host} is, or resolves to, an address that is not public`);
    this.name = 'ForbiddenAddress';
  }
}

// The IANA registries of special-purpose addresses (RFC 6890), of IPv6 those within what is assigned to hosts, and what carries
// an IPv4 address inside an IPv6 one.
const FORBIDDEN: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Services of Azure for the virtual machine that asks.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved and broadcast.
  ['224.0.0.0', 3],
  // Teredo, benchmarking, ORCHID.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4.
  ['2002::', 16],
  ['3fff::', 20],
];

function blockList(networks: [string, number][]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of networks) list.addSubnet(address, bits, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

const forbidden = blockList(FORBIDDEN);
/** All of IPv6 that is assigned to hosts of the Internet (RFC 4291, section 2.4). */
const globalUnicast = blockList([['2000::', 3]]);
/** IPv4 addresses in the form of IPv6, for which the rules of IPv4 decide. */
const mapped = blockList([['::ffff:0:0', 96]]);

const parseNetwork = (network: string): [string, number] => {
  const [address = '', bits] = network.split('/');
  return [address, Number(bits ?? (isIP(address) === 6 ? 128 : 32))];
};

function contains(list: BlockList, address: string): boolean {
  // A zone index is no part of the address.
  const [bare = ''] = address.split('%');
  return list.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

function isPublic(address: string): boolean {
  const isAssigned = isIP(address) === 4 || contains(mapped, address) || contains(globalUnicast, address);
  return isAssigned && !contains(forbidden, address);
}

/** Decides which addresses webhooks reach: public ones, and those of the networks the operator allows. */
export class AddressGuard {
  readonly hasNetworks: boolean;
  readonly #allowed: BlockList;
  readonly #lookup: LookupFunction;

  /** `allowedNetworks`: addresses, or networks like `10.1.0.0/16`. Names of theirs may be known to this machine only. */
  constructor(allowedNetworks: readonly string[], lookup?: LookupFunction) {
    this.hasNetworks = allowedNetworks.length > 0;
    this.#allowed = blockList(allowedNetworks.map(parseNetwork));
    this.#lookup = lookup ?? (this.hasNetworks ? (systemLookup as LookupFunction) : dnsLookup());
  }

  /** Whether webhooks may reach an address; with `isInside`, only in a network the operator allows. */
  mayReach(address: string, { isInside }: { isInside: boolean }): boolean {
    if (isIP(address) === 0) return false;
    return contains(this.#allowed, address) || (!isInside && isPublic(address));
  }

  /**
   * Resolves a name like `dns.lookup` and fails with ForbiddenAddress unless every address may be reached. What it returns
   * is connected to: there is no second resolution that could differ.
   */
  lookupFor({ isInside }: { isInside: boolean }): LookupFunction {
    return (hostname, options, callback) => {
      this.#lookup(hostname, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, '');
        const addresses = Array.isArray(found) ? found : [];
        if (addresses.length === 0 || !addresses.every(({ address }) => this.mayReach(address, { isInside }))) {
          return callback(new ForbiddenAddress(hostname), '');
        }
        if (options.all) return callback(null, addresses);
        const [first] = addresses;
        callback(null, first?.address ?? '', first?.family);
      });
    };
  }
}
