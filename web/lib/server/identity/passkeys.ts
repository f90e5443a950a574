import { randomUUID } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import {
  addPasskey,
  passkeyByCredential,
  passkeysOf,
  usePasskey,
  type Passkey,
} from '../../../../store/passkeys.ts';
import { transaction, type Store } from '../../../../store/pool.ts';
import {
  keepChallenge,
  takeChallenge,
  type ChallengePurpose,
} from '../../../../store/webauthn-challenges.ts';
import { enrol, type Enrolled } from './enrolment.ts';
import { placeOf, type FactorGiven, type FactorRefusal, type Ground, type Self } from './ground.ts';
import type { AssertionResponse, AttestationResponse } from './passkey-input.ts';
import type { RelyingParty } from './relying-party.ts';
import { goOn, refuse } from './second-factor.ts';

/** EdDSA, ES256 and RS256 (COSE numbers): what authenticators have; newer ones are still experimental in Node. */
const ALGORITHMS = [-8, -7, -257];

/** What the browser is asked to make a new passkey with. */
export async function enrolmentOptions(
  { db }: Pick<Ground, 'db'>,
  party: RelyingParty,
  person: { id: string; name: string; email: string },
  sessionId: string,
) {
  const known = await passkeysOf(db, person.id);
  const options = await generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userID: Uint8Array.from(Buffer.from(person.id)),
    userName: person.email,
    userDisplayName: person.name,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    // Found by the browser without a name being typed, and with PIN or finger: by itself it is two factors then.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await keepChallenge(db, options.challenge, 'enrol', sessionId);
  return options;
}

/** Keeps the passkey that the browser made. */
export async function enrolPasskey(
  ground: Ground,
  party: RelyingParty,
  self: Self,
  response: AttestationResponse,
  name: string,
): Promise<Enrolled | { outcome: 'ended' | 'wrong' }> {
  const asked = { asked: false };
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: taker(ground.db, 'enrol', self.session.id, asked),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => null);
  if (!verified?.verified) return { outcome: asked.asked ? 'wrong' : 'ended' };
  const { credential, credentialBackedUp } = verified.registrationInfo;
  const passkey = {
    id: randomUUID(),
    personId: self.actor.id,
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey),
    counter: credential.counter,
    transports: credential.transports ?? [],
    name,
    backedUp: credentialBackedUp,
  };
  return enrol(ground.db, self, 'passkey', (client) => addPasskey(client, passkey), { name });
}

/** What the browser is asked for as second factor: one of the person's own passkeys. */
export async function secondFactorOptions(
  { db }: Pick<Ground, 'db'>,
  party: RelyingParty,
  personId: string,
  sessionId: string,
) {
  const known = await passkeysOf(db, personId);
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    allowCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    userVerification: 'required',
  });
  await keepChallenge(db, options.challenge, 'second', sessionId);
  return options;
}

/** What the browser is asked for instead of a password: any passkey that it has for this hub. */
export async function signInOptions({ db }: Pick<Ground, 'db'>, party: RelyingParty, browser: string) {
  const options = await generateAuthenticationOptions({ rpID: party.id, userVerification: 'required' });
  await keepChallenge(db, options.challenge, 'sign-in', browser);
  return options;
}

/** Gives a passkey as second factor. */
export async function givePasskey(
  ground: Ground,
  party: RelyingParty,
  self: Self,
  response: AssertionResponse,
): Promise<FactorGiven | FactorRefusal> {
  const { db, tries } = ground;
  const { id } = self.actor;
  const seconds = await tries.take(self.email, placeOf(self.actor));
  if (seconds > 0) return { outcome: 'wait', seconds };
  const passkey = await passkeyByCredential(db, response.id);
  if (passkey?.personId !== id) return refuse(ground, self, 'passkey', { outcome: 'wrong' });
  const used = await verify(db, party, passkey, response, 'second', self.session.id);
  if ('outcome' in used) return refuse(ground, self, 'passkey', used);
  const given = await transaction(db, async (client) => {
    if (!(await usePasskey(client, passkey.id, used.counter, used.backedUp))) return 'copied' as const;
    return goOn(client, self, 'passkey', { passkey: passkey.name });
  });
  if (typeof given === 'string') return refuse(ground, self, 'passkey', { outcome: given });
  await tries.succeeded(self.email, placeOf(self.actor));
  return given;
}

/**
 * Checks an answer of an authenticator. The counter is the caller's to compare, in the transaction of the act: the
 * library compares it before it looks at the signature, and with a value that another request may have changed.
 */
export async function verify(
  db: Store,
  party: RelyingParty,
  passkey: Passkey,
  response: AssertionResponse,
  purpose: 'second' | 'sign-in',
  boundTo: string,
): Promise<{ counter: number; backedUp: boolean } | { outcome: 'wrong' | 'ended' }> {
  const asked = { asked: false };
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: taker(db, purpose, boundTo, asked),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    credential: {
      id: passkey.credentialId,
      publicKey: Uint8Array.from(passkey.publicKey),
      counter: 0,
      transports: passkey.transports,
    },
    requireUserVerification: true,
  }).catch(() => null);
  if (!verified?.verified) return { outcome: asked.asked ? 'wrong' : 'ended' };
  const { newCounter, credentialBackedUp } = verified.authenticationInfo;
  return { counter: newCounter, backedUp: credentialBackedUp };
}

/** Takes the challenge out that the answer names: spent with the first answer, right or wrong. */
function taker(db: Store, purpose: ChallengePurpose, boundTo: string, asked: { asked: boolean }) {
  return async (challenge: string): Promise<boolean> => {
    asked.asked = await takeChallenge(db, challenge, purpose, boundTo);
    return asked.asked;
  };
}
