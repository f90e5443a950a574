import type { SignInSettings } from '../../../../config/sign-in.ts';
import type { Actor } from '../../../../store/actor.ts';
import { appendAudit } from '../../../../store/audit.ts';
import { personById, personWithEmail, type SigningOn } from '../../../../store/factors.ts';
import { addOidcLink, useOidcLink } from '../../../../store/oidc-links.ts';
import { passkeyByCredential, usePasskey } from '../../../../store/passkeys.ts';
import { transaction } from '../../../../store/pool.ts';
import type { FactorGiven, FactorRefusal, Ground } from './ground.ts';
import type { OidcAccount } from './oidc-client.ts';
import type { AssertionResponse } from './passkey-input.ts';
import { verify } from './passkeys.ts';
import type { RelyingParty } from './relying-party.ts';
import { refuse } from './second-factor.ts';
import { beginSession, type Arrival } from './sessions.ts';

/** Where a sign-in without a password comes from, and what it must hold to. */
export type Visit = { arrival: Arrival; settings: SignInSettings };

export type Entered = FactorGiven | FactorRefusal | { outcome: 'unknown' } | { outcome: 'not-here' };

/** Signs in with a passkey alone: it is something one has, and was unlocked by something one knows or is. */
export async function signInWithPasskey(
  ground: Ground,
  party: RelyingParty,
  visit: Visit,
  response: AssertionResponse,
  browser: string,
): Promise<Entered> {
  const { db, tries } = ground;
  const passkey = await passkeyByCredential(db, response.id);
  const person = passkey && (await personById(db, passkey.personId));
  if (!passkey || !person) return { outcome: 'unknown' };
  const { place } = visit.arrival;
  const seconds = await tries.take(person.email, place);
  if (seconds > 0) return { outcome: 'wait', seconds };
  const self = { actor: actorOf(person, place) };
  const { userHandle } = response.response;
  if (userHandle !== undefined && Buffer.from(userHandle, 'base64url').toString() !== person.id) {
    return refuse(ground, self, 'passkey', { outcome: 'wrong' });
  }
  const used = await verify(db, party, passkey, response, 'sign-in', browser);
  if ('outcome' in used) return refuse(ground, self, 'passkey', used);
  const begun = await transaction(db, async (client) => {
    if (!(await usePasskey(client, passkey.id, used.counter, used.backedUp))) return null;
    const how = { way: 'passkey', passkey: passkey.name };
    return beginSession(client, person.id, visit.arrival, 'passkey', visit.settings, how);
  });
  if (!begun) return refuse(ground, self, 'passkey', { outcome: 'copied' });
  if (begun.outcome !== 'in')
    return begun.outcome === 'disabled' ? { outcome: 'unknown' } : { outcome: 'not-here' };
  await tries.succeeded(person.email, place);
  return begun;
}

/** Why an account at the provider opens nothing here. */
export type OidcRefusal = 'unverified' | 'unknown' | 'linked' | 'not-here';

/**
 * Signs somebody in whom the provider has named. Nobody is made here: the first time, the provider's verified e-mail must
 * be that of a person; from then on issuer and subject are what counts, also when either e-mail changes.
 */
export async function signInWithOidc(
  { db }: Pick<Ground, 'db'>,
  visit: Visit,
  account: OidcAccount,
): Promise<FactorGiven | { outcome: OidcRefusal }> {
  const { issuer, subject, email, emailVerified, strong } = account;
  const linked = await useOidcLink(db, issuer, subject);
  if (linked === null && email !== null && !emailVerified) return { outcome: 'unverified' };
  const person =
    linked !== null ? await personById(db, linked) : email === null ? null : await personWithEmail(db, email);
  if (!person) return { outcome: 'unknown' };
  const { arrival, settings } = visit;
  const begun = await transaction(db, async (client) => {
    if (linked === null) {
      const link = { personId: person.id, issuer, subject };
      if (!(await addOidcLink(client, link))) return { outcome: 'linked' as const };
      await appendAudit(client, {
        ...actorOf(person, arrival.place),
        action: 'oidc-link',
        subject: `person:${person.id}`,
        after: { issuer, subject },
      });
    }
    const how = { way: 'oidc', issuer, strong };
    return beginSession(client, person.id, arrival, strong ? 'oidc' : null, settings, how);
  });
  if (begun.outcome === 'in') return begun;
  return { outcome: begun.outcome === 'disabled' ? 'unknown' : begun.outcome };
}

function actorOf(person: SigningOn, address: string): Actor {
  return { id: person.id, officeId: person.officeId, role: 'self', address };
}
