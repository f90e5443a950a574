import { isIP } from 'node:net';

/** The hub as passkeys know it. */
export type RelyingParty = { id: string; origin: string; name: string };

/** Why there are no passkeys: the hub goes by an address and not by a name, or its pages come unencrypted. */
export type NoPasskeys = 'address' | 'insecure';

/**
 * What passkeys are bound to (WebAuthn, section 5.1.2): a domain name, on pages that a browser counts as safe.
 * @param address the hub's public address
 */
export function relyingParty(address: string, name: string): RelyingParty | NoPasskeys {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  if (isIP(host) !== 0) return 'address';
  const here = host === 'localhost' || host.endsWith('.localhost');
  if (url.protocol !== 'https:' && !here) return 'insecure';
  return { id: host, origin: url.origin, name };
}
