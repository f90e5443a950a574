import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Decides which addresses the hub may connect to where others say which: an address that somebody typed, a page's redirection
 * or a name can lead to this machine or the office's network. Only public unicast addresses are reached, unless the settings
 * allow the host. The decision falls on the address that the connection is about to use, not on the name.
 */
export class AddressGuard {
  readonly #allowed: ReadonlySet<string>;
  readonly #blocked: () => Error;
  readonly #resolve: typeof systemLookup;

  /**
   * @param allowPrivateHosts `host` or `host:port`, as in the settings
   * @param blocked what is thrown, or handed to the connection, for an address that may not be reached
   * @param resolve asked at every connection anew; what it told an earlier one does not count
   */
  constructor(allowPrivateHosts: readonly string[], blocked: () => Error, resolve = systemLookup) {
    this.#blocked = blocked;
    this.#allowed = new Set(allowPrivateHosts.map((host) => host.toLowerCase()));
    this.#resolve = resolve;
  }

  /** @throws what `blocked` makes when the address in the URL itself is not public */
  checkUrl(url: URL): void {
    if (this.allows(url)) return;
    const host = bare(url.hostname);
    if (ipaddr.isValid(host) && !isPublic(host)) throw this.#blocked();
  }

  /** A resolver for one URL's connection that answers public addresses only (all, when the host is allowed). */
  lookupFor(url: URL): LookupFunction {
    if (this.allows(url)) return this.#resolve as LookupFunction;
    return (hostname, options, callback) => {
      this.#resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
        if (error) return callback(error, []);
        const open = found.filter((entry) => isPublic(entry.address));
        const first = open[0];
        if (!first) return callback(this.#blocked(), []);
        if (options.all) callback(null, open);
        else callback(null, first.address, first.family);
      });
    };
  }

  /** Whether the settings name the host: connections for this URL skip the check. */
  allows(url: URL): boolean {
    // A URL leaves its scheme's own port out; in the settings it may stand.
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    const names = [url.hostname, bare(url.hostname), `${url.hostname}:${port}`];
    return names.some((name) => this.#allowed.has(name));
  }
}

/** An IPv6 address without the brackets that it has in a URL. */
const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

/**
 * Whether an address is public unicast: not this machine, the office's network or a cloud's own services. Addresses that
 * embed an IPv4 one (mapped, 6to4, NAT64) are judged by it.
 */
function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() === 'unicast') return !isInfrastructure(parsed);
  if (parsed instanceof ipaddr.IPv6) {
    const bytes = parsed.toByteArray();
    const embedded =
      parsed.range() === '6to4'
        ? bytes.slice(2, 6)
        : parsed.range() === 'rfc6052'
          ? bytes.slice(12, 16)
          : null;
    return embedded !== null && isPublic(ipaddr.fromByteArray(embedded).toString());
  }
  return false;
}

/** Clouds answer their machines under a public address as well (Azure). */
const METADATA = '168.63.129.16';

/** Unicast by its range, and nobody's public server: metadata, or IPv4 in the old, withdrawn form `::a.b.c.d`. */
function isInfrastructure(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address instanceof ipaddr.IPv4) return address.toString() === METADATA;
  return address
    .toByteArray()
    .slice(0, 12)
    .every((byte) => byte === 0);
}
