import type { AddressGuard } from '../../../config/address-guard.ts';
import type { RobotKind } from '../../../config/notices.ts';
import { robots } from './index.ts';

export type AddressFault = 'no-address' | 'not-https' | 'wrong-host' | 'not-public';

/**
 * What is wrong with the address of a robot as somebody typed it; null: nothing. A platform's robots are on the platform's own
 * hosts, and everything is called through TLS, unless the settings name the host.
 */
export function addressFault(kind: RobotKind, text: string, guard: AddressGuard): AddressFault | null {
  if (!URL.canParse(text)) return 'no-address';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'no-address';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'no-address';
  if (guard.allows(url)) return null;
  if (url.protocol !== 'https:') return 'not-https';
  const { hosts } = robots[kind];
  if (hosts.length > 0 && !hosts.includes(url.host)) return 'wrong-host';
  try {
    guard.checkUrl(url);
    return null;
  } catch {
    return 'not-public';
  }
}
