import { fail, redirect } from '@sveltejs/kit';
import { passkeysOf } from '../../../../store/passkeys.ts';
import { recoveryState } from '../../../../store/recovery-codes.ts';
import { totpFactor } from '../../../../store/totp-factors.ts';
import { factorMessages } from '../../../lib/messages/factors.ts';
import { reading } from '../../../lib/server/desk.ts';
import { safeReturn } from '../../../lib/server/gate.ts';
import { goOnAs, ground, party, refusalOf, self } from '../../../lib/server/identity/here.ts';
import { giveRecoveryCode, giveTotp } from '../../../lib/server/identity/second-factor.ts';
import { site } from '../../../lib/server/site.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { person } = reading(locals);
  const to = safeReturn(url.searchParams.get('to'), url.origin);
  // Somebody who has given it may have to give it again, before changing factors.
  const again = person.factor === 'present' && url.searchParams.has('again');
  if (person.factor !== 'verify' && !again) redirect(303, to);
  const { db } = ground();
  const [totp, passkeys, recovery] = await Promise.all([
    totpFactor(db, person.id),
    passkeysOf(db, person.id),
    recoveryState(db, person.id),
  ]);
  return {
    office: site().office,
    email: person.email,
    to,
    again,
    totp: Boolean(totp?.secretSealed),
    passkey: passkeys.length > 0 && typeof party() === 'object',
    recovery: (recovery?.left ?? 0) > 0,
  };
};

export const actions: Actions = {
  code: async (event) => {
    const code = String((await event.request.formData()).get('code') ?? '').slice(0, 40);
    const given = await giveTotp(ground(), self(event.locals), code);
    if (given.outcome !== 'in') {
      const { status, message } = refusalOf(given, factorMessages.refused.wrong);
      return fail(status, { message, by: 'code' as const });
    }
    await goOnAs(event, given.token);
    redirect(303, safeReturn(event.url.searchParams.get('to'), event.url.origin));
  },
  recovery: async (event) => {
    const code = String((await event.request.formData()).get('code') ?? '').slice(0, 40);
    const given = await giveRecoveryCode(ground(), self(event.locals), code);
    if (given.outcome !== 'in') {
      const { status, message } = refusalOf(given, factorMessages.refused.wrongRecovery);
      return fail(status, { message, by: 'recovery' as const });
    }
    await goOnAs(event, given.token);
    redirect(303, '/account/factors?recovered');
  },
};
