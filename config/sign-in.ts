import { z } from 'zod';
import { isRange } from './addresses.ts';
import { messages } from './messages.ts';
import { oidcSchema } from './oidc.ts';

const ranges = z.array(z.string().refine(isRange, { error: messages.notRange })).default([]);
const count = (least: number, most: number) => z.number().int().min(least).max(most);

/** How people sign in. The defaults follow GB/T 22239-2019, level 3; an office may be stricter, or within bounds less so. */
export const signInSchema = z.strictObject({
  /** A session that was not used for this long is over. */
  idleMinutes: count(5, 480).default(30),
  /** A session is over after this long, however much it was used. */
  absoluteHours: count(1, 72).default(12),
  /** A password must be changed after this long; 0: never. */
  passwordDays: count(0, 730).default(90),
  /** Wrong tries of one account from one address until it is locked there. */
  failuresBeforeLock: count(3, 20).default(5),
  lockMinutes: count(1, 1440).default(30),
  /** Sessions that one person may have at once; administrators have one. */
  sessionsPerPerson: count(1, 20).default(3),
  invitationHours: count(1, 720).default(72),
  /** Where administrators may come from, in CIDR notation; empty: from anywhere. */
  administratorAddresses: ranges,
  /** Proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: ranges,
  /** Signing on at the office's own provider, beside the password. */
  oidc: oidcSchema.optional(),
});

export type SignInSettings = Readonly<z.infer<typeof signInSchema>>;

/** The hub itself speaks HTTP: an `https:` address says that there is a proxy in front. Whether the hub knows which. */
export function isProxyUnknown(hub: {
  web: { address?: string | undefined };
  signIn: SignInSettings;
}): boolean {
  return hub.web.address?.startsWith('https:') === true && hub.signIn.trustedProxies.length === 0;
}
