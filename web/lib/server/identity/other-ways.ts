import { factorMessages } from '../../messages/factors.ts';
import { safeReturn } from '../gate.ts';
import { hub } from '../hub.ts';
import { party } from './here.ts';

/** Ways to sign in without a password here. */
export type OtherWays = {
  passkeys: boolean;
  /** The provider, as people call it; null: none is set. */
  oidc: { name: string } | null;
  /** Why the provider's answer did not open anything. */
  trouble: string | null;
  /** Where to go afterwards. */
  to: string;
};

type Refusal = keyof typeof factorMessages.oidc.refused;

/** What the page of signing in offers besides the password. */
export function otherWays(url: URL): OtherWays {
  const to = safeReturn(url.searchParams.get('to'), url.origin);
  const { oidc } = hub().runtime.hub.signIn;
  const words = factorMessages.oidc.refused;
  const refused = url.searchParams.get('oidc');
  return {
    passkeys: typeof party() === 'object',
    oidc: oidc ? { name: oidc.name } : null,
    trouble: refused !== null && Object.hasOwn(words, refused) ? words[refused as Refusal] : null,
    to,
  };
}
