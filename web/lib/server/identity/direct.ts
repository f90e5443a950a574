import { randomUUID } from 'node:crypto';
import type { Actor } from '../../../../store/actor.ts';
import { appendAudit } from '../../../../store/audit.ts';
import { personById, personWithEmail, type SigningOn } from '../../../../store/factors.ts';
import { addOidcLink, useOidcLink } from '../../../../store/oidc-links.ts';
import { passkeyByCredential, usePasskey } from '../../../../store/passkeys.ts';
import { transaction } from '../../../../store/pool.ts';
import { openSession } from '../../../../store/session-factors.ts';
import type { SessionFactor } from './factor-rule.ts';
import { newToken, type FactorGiven, type FactorRefusal, type Ground } from './ground.ts';
import type { OidcAccount } from './oidc-client.ts';
import type { AssertionResponse } from './passkey-input.ts';
import { verify } from './passkeys.ts';
import type { RelyingParty } from './relying-party.ts';
import { refuse } from './second-factor.ts';

/** Where a sign-in without a password comes from. */
export type Visit = {
  address: string;
  userAgent: string | null;
  /** How long a session lasts. */
  hours: number;
  /** Whether this person may sign in from here at all; checked like a password's owner is. */
  mayEnter(person: SigningOn): Promise<boolean>;
};

export type Entered = FactorGiven | FactorRefusal | { outcome: 'unknown' | 'not-here' };

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
  const seconds = await tries.take(person.email, visit.address);
  if (seconds > 0) return { outcome: 'wait', seconds };
  const self = { actor: actorOf(person, visit) };
  const { userHandle } = response.response;
  if (userHandle !== undefined && Buffer.from(userHandle, 'base64url').toString() !== person.id) {
    return refuse(ground, self, 'passkey', { outcome: 'wrong' });
  }
  const used = await verify(db, party, passkey, response, 'sign-in', browser);
  if ('outcome' in used) return refuse(ground, self, 'passkey', used);
  if (!(await visit.mayEnter(person))) return { outcome: 'not-here' };
  const entered = await transaction(db, async (client) => {
    if (!(await usePasskey(client, passkey.id, used.counter, used.backedUp))) return null;
    return enter(client, person, visit, 'passkey', { way: 'passkey', passkey: passkey.name });
  });
  if (!entered) return refuse(ground, self, 'passkey', { outcome: 'copied' });
  await tries.succeeded(person.email, visit.address);
  return entered;
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
  if (!(await visit.mayEnter(person))) return { outcome: 'not-here' };
  return transaction(db, async (client) => {
    if (linked === null) {
      if (!(await addOidcLink(client, { personId: person.id, issuer, subject })))
        return { outcome: 'linked' };
      await appendAudit(client, {
        ...actorOf(person, visit),
        action: 'oidc-link',
        subject: `person:${person.id}`,
        after: { issuer, subject },
      });
    }
    return enter(client, person, visit, strong ? 'oidc' : null, { way: 'oidc', issuer, strong });
  });
}

type Client = Parameters<typeof appendAudit>[0];

async function enter(
  client: Client,
  person: SigningOn,
  visit: Visit,
  factor: SessionFactor | null,
  how: Record<string, unknown>,
): Promise<FactorGiven> {
  const token = newToken();
  const { hours, address, userAgent } = visit;
  await openSession(client, {
    id: randomUUID(),
    personId: person.id,
    token,
    factor,
    hours,
    address,
    userAgent,
  });
  await appendAudit(client, {
    ...actorOf(person, visit),
    action: 'sign-in',
    subject: `person:${person.id}`,
    after: { result: 'signed-in', ...how },
  });
  return { outcome: 'in', token };
}

function actorOf(person: SigningOn, visit: Visit): Actor {
  return { id: person.id, officeId: person.officeId, role: 'self', address: visit.address };
}
