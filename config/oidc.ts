import { z } from 'zod';
import { messages } from './messages.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The provider is asked over TLS, unless it runs on this very machine. */
function isSafe(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

/** Signing on at a provider by OpenID Connect. Its secret is a variable of the environment, `JIANSHENG_OIDC_SECRET`. */
export const oidcSchema = z.strictObject({
  /** As the provider states it in its discovery document, letter for letter. */
  issuer: z.string().refine(isSafe, { error: messages.notSafeAddress }),
  clientId: z.string().min(1).max(200),
  /** What people call it, on the button. */
  name: z.string().trim().min(1).max(20),
  /** Values of `acr` by which it says that it asked for more than a password; our own second factor is then not asked. */
  strongAcr: z.array(z.string().min(1).max(200)).default([]),
});
