import { APIError } from 'better-auth/api';
import { appendAudit } from '../../../store/audit.ts';
import { personByEmail } from '../../../store/passwords.ts';
import { transaction } from '../../../store/pool.ts';
import { hub } from './hub.ts';
import { SignInLimit } from './sign-in-limit.ts';

const limit = new SignInLimit();

export type SignInResult =
  { outcome: 'in'; headers: Headers } | { outcome: 'wrong' } | { outcome: 'wait'; seconds: number };

/** @param place where the try comes from: the client's address */
export async function signIn(
  email: string,
  password: string,
  place: string,
  request: Headers,
): Promise<SignInResult> {
  const seconds = limit.take(email, place);
  if (seconds > 0) return { outcome: 'wait', seconds };
  try {
    const { headers } = await hub().auth.api.signInEmail({
      body: { email, password },
      headers: request,
      returnHeaders: true,
    });
    limit.succeeded(email, place);
    await auditSignIn(email, place, 'signed-in');
    return { outcome: 'in', headers };
  } catch (error) {
    // Only "these credentials are not right" is the person's matter; whatever else it was is ours.
    if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
    await auditSignIn(email, place, 'refused');
    return { outcome: 'wrong' };
  }
}

/** Tries under an address that nobody has leave no entry: they would have no subject. */
async function auditSignIn(email: string, place: string, result: 'signed-in' | 'refused'): Promise<void> {
  const { identity } = hub();
  const person = await personByEmail(identity, email);
  if (!person) return;
  await transaction(identity, (client) =>
    appendAudit(client, {
      id: person.id,
      officeId: person.officeId,
      role: 'self',
      address: place,
      action: 'sign-in',
      subject: `person:${person.id}`,
      after: { result },
    }),
  );
}
