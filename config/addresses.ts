import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Whether a text is an address or a block of addresses in CIDR notation (`10.1.0.0/16`). */
export function isRange(text: string): boolean {
  return readRange(text) !== null;
}

/** Whether an address lies in one of the blocks. What is not an address lies in none. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const read = readAddress(address);
  if (!read) return false;
  return ranges.some((text) => {
    const range = readRange(text);
    return range !== null && range[0].kind() === read.kind() && read.match(range);
  });
}

/**
 * Addresses that one client can take on at will count as one: with IPv6 that is everybody within the same 64 bits
 * (RFC 6177).
 */
export function neighbourhood(text: string): string {
  const address = readAddress(text);
  if (!address) return 'unknown';
  if (address.kind() === 'ipv4') return address.toString();
  const bits = `${address.toNormalizedString()}/64`;
  return `${ipaddr.IPv6.networkAddressFromCIDR(bits).toString()}/64`;
}

/**
 * The client's address. Whom a proxy speaks for is believed only where the proxy is known: from the right, the first
 * address in `X-Forwarded-For` that is no known proxy itself. What stands to the left of it, anybody may have written.
 * @param peer the other end of the connection
 * @param trusted addresses and blocks of known proxies
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | undefined,
  trusted: readonly string[],
): string {
  let client = plain(peer);
  const hops = (forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()));
  while (isWithin(client, trusted)) {
    const before = hops.pop();
    if (!before) break;
    client = before;
  }
  return client;
}

/** As it is usually written: an IPv4 address in IPv6 clothes (`::ffff:10.0.0.1`) is that IPv4 address. */
function plain(text: string): string {
  return readAddress(text)?.toString() ?? '';
}

function readAddress(text: string): Address | null {
  return ipaddr.isValid(text) && isUsual(text) ? ipaddr.process(text) : null;
}

function readRange(text: string): [Address, number] | null {
  if (ipaddr.isValidCIDR(text) && isUsual(text.split('/')[0] ?? '')) return ipaddr.parseCIDR(text);
  const address = readAddress(text);
  return address && [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** Not the short and hexadecimal forms (`127.1`), which hardly anybody reads as the address that they are. */
function isUsual(text: string): boolean {
  return text.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(text);
}
