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
    await auditSignIn(email, 'signed-in');
    return { outcome: 'in', headers };
  } catch (error) {
    // Only "these credentials are not right" is the person's matter; whatever else it was is ours.
    if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
    await auditSignIn(email, 'refused');
    return { outcome: 'wrong' };
  }
}

/** Tries under an address that nobody has leave no entry: they would have no subject. */
async function auditSignIn(email: string, result: 'signed-in' | 'refused'): Promise<void> {
  const { store } = hub();
  const person = await personByEmail(store, email);
  if (!person) return;
  await transaction(store, (client) =>
    appendAudit(client, {
      officeId: person.officeId,
      actor: person.id,
      action: 'sign-in',
      subject: `person:${person.id}`,
      after: { result },
    }),
  );
}
