import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { AddressGuard } from '../../config/address-guard.ts';
import type { LinkState } from './checks/types.ts';

class Blocked extends Error {}

const TIMEOUT_MS = 5_000;
const MOST_HOPS = 5;
/** Asked at a time; a text seldom has more links than this. */
const AT_ONCE = 6;
/** Methods that some servers do not know; a page may still be there. */
const NO_HEAD = new Set([403, 404, 405, 406, 501]);
/** What a page answers that is gone for good. */
const GONE = new Set([404, 410]);

/**
 * Asks whether addresses lead anywhere, within 5 s each and a few at a time. Nothing is read but the head of the answer; what
 * is not public is not asked at all, wherever a redirection leads.
 * @param allowPrivateHosts hosts (name or name:port) that may be asked although their address is private
 */
export function openLinkProbe(
  allowPrivateHosts: readonly string[],
  timeoutMs: number = TIMEOUT_MS,
): (address: string) => Promise<LinkState> {
  const guard = new AddressGuard(allowPrivateHosts, () => new Blocked('address blocked'));
  let asking = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (asking >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    asking += 1;
    try {
      return await work();
    } finally {
      asking -= 1;
      waiting.shift()?.();
    }
  }

  return (address) => inTurn(() => probe(guard, address, AbortSignal.timeout(timeoutMs)));
}

async function probe(guard: AddressGuard, address: string, signal: AbortSignal): Promise<LinkState> {
  const url = URL.parse(address);
  if (!url || !/^https?:$/u.test(url.protocol)) return { kind: 'unknown' };
  try {
    const head = await follow(guard, url, 'HEAD', signal);
    const status = NO_HEAD.has(head) ? await follow(guard, url, 'GET', signal) : head;
    if (status >= 200 && status < 300) return { kind: 'fine' };
    if (GONE.has(status)) return { kind: 'broken', status };
    return { kind: 'refused', status };
  } catch (error) {
    return { kind: error instanceof Blocked ? 'private' : 'unknown' };
  }
}

/** @returns the status at the end of the redirections, or that of the last one when there are too many */
async function follow(
  guard: AddressGuard,
  from: URL,
  method: 'HEAD' | 'GET',
  signal: AbortSignal,
): Promise<number> {
  let url = from;
  for (let hop = 0; ; hop += 1) {
    const { status, location } = await ask(guard, url, method, signal);
    const next = status >= 300 && status < 400 && location ? URL.parse(location, url) : null;
    if (!next || !/^https?:$/u.test(next.protocol) || hop === MOST_HOPS) return status;
    url = next;
  }
}

function ask(
  guard: AddressGuard,
  url: URL,
  method: 'HEAD' | 'GET',
  signal: AbortSignal,
): Promise<{ status: number; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    guard.checkUrl(url);
    const open = url.protocol === 'https:' ? requestSecure : requestPlain;
    const headers = { 'user-agent': 'jiansheng', accept: '*/*' };
    const call = open(url, { method, agent: false, lookup: guard.lookupFor(url), headers, signal });
    call.on('error', reject);
    call.on('response', (response: IncomingMessage) => {
      resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      response.destroy();
    });
    call.end();
  });
}
