import type { Runtime } from '../../../../config/runtime.ts';
import { keepOidcState, takeOidcState } from '../../../../store/oidc-states.ts';
import { signInWithOidc, type OidcRefusal, type Visit } from './direct.ts';
import type { FactorGiven, Ground } from './ground.ts';
import { OidcClient, type OidcFailure } from './oidc-client.ts';

/** Registered at the provider as the one address that it sends browsers back to. */
export const OIDC_RETURN = '/sign-in/oidc/callback';

/** The office's provider; null: none is set. */
export function openOidc(runtime: Runtime, secret: string | undefined): OidcClient | null {
  const { oidc } = runtime.hub.signIn;
  if (!oidc || secret === undefined) return null;
  const { issuer, clientId, strongAcr } = oidc;
  const redirectUri = runtime.address + OIDC_RETURN;
  return new OidcClient({ issuer, clientId, clientSecret: secret, redirectUri, strongAcr });
}

/** Sends a browser to the provider. @returns the address; or the fault when the provider cannot be reached */
export async function beginOidc(
  { db }: Pick<Ground, 'db'>,
  client: OidcClient,
  browser: string,
  returnPath: string,
): Promise<{ url: URL } | { failure: 'unreachable'; cause: unknown }> {
  try {
    const { url, begun } = await client.begin();
    await keepOidcState(db, { ...begun, boundTo: browser, returnPath });
    return { url };
  } catch (cause) {
    return { failure: 'unreachable', cause };
  }
}

/** `expired`: the sign-on is unknown, over, used already, or was begun in another browser. */
export type OidcTrouble = OidcRefusal | OidcFailure | 'expired';

/** What came of a browser's return, and the fault for the log where there was one. */
export type OidcReturn =
  (FactorGiven & { to: string }) | { outcome: 'refused'; why: OidcTrouble; cause?: unknown };

/** Takes a browser in that the provider has sent back. The sign-on is spent by that, whatever comes of it. */
export async function finishOidc(
  ground: Pick<Ground, 'db'>,
  client: OidcClient,
  browser: string,
  query: URLSearchParams,
  visit: Visit,
): Promise<OidcReturn> {
  const begun = await takeOidcState(ground.db, query.get('state') ?? '', browser);
  if (!begun) return { outcome: 'refused', why: 'expired' };
  const answer = await client.finish(query, begun);
  if ('failure' in answer) return { outcome: 'refused', why: answer.failure, cause: answer.cause };
  const entered = await signInWithOidc(ground, visit, answer.account);
  if (entered.outcome !== 'in') return { outcome: 'refused', why: entered.outcome };
  return { ...entered, to: begun.returnPath };
}
