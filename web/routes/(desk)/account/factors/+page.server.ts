import { fail, redirect } from '@sveltejs/kit';
import { passkeysOf } from '../../../../../store/passkeys.ts';
import { recoveryState } from '../../../../../store/recovery-codes.ts';
import { isFresh } from '../../../../../store/session-factors.ts';
import { totpFactor } from '../../../../../store/totp-factors.ts';
import { factorMessages } from '../../../../lib/messages/factors.ts';
import { reading } from '../../../../lib/server/desk.ts';
import {
  finishTotp,
  namePasskey,
  pendingTotp,
  removeFactor,
  renewRecoveryCodes,
  startTotp,
} from '../../../../lib/server/identity/enrolment.ts';
import {
  goOnAs,
  ground,
  mayChangeFactors,
  party,
  refusalOf,
  self,
} from '../../../../lib/server/identity/here.ts';
import { passkeyName } from '../../../../lib/server/identity/passkey-input.ts';
import { qrCode } from '../../../../lib/server/identity/qr.ts';
import { RECOVERY_CODES } from '../../../../lib/server/identity/recovery.ts';
import { totpText, totpUri } from '../../../../lib/server/identity/totp.ts';
import { site } from '../../../../lib/server/site.ts';
import type { Actions, PageServerLoad } from './$types';

const words = factorMessages.page;

export const load: PageServerLoad = async ({ locals, url }) => {
  const { person } = reading(locals);
  const { db } = ground();
  const [totp, passkeys, recovery] = await Promise.all([
    totpFactor(db, person.id),
    passkeysOf(db, person.id),
    recoveryState(db, person.id),
  ]);
  const rp = party();
  return {
    stale: !(await isFresh(db, person.session.id)),
    needed: person.factor === 'enrol',
    recovered: url.searchParams.has('recovered') && person.session.factor === 'recovery',
    totpSince: totp?.confirmedAt ?? null,
    noPasskeys: typeof rp === 'string' ? rp : null,
    passkeys: passkeys.map(({ id, name, backedUp, createdAt, lastUsedAt }) => ({
      id,
      name,
      backedUp,
      createdAt,
      lastUsedAt,
    })),
    recovery: recovery && { ...recovery, all: RECOVERY_CODES },
  };
};

/** The app that is being set up, as the page shows it. */
function setup(secret: Buffer, email: string) {
  return { secret: totpText(secret), qr: qrCode(totpUri(secret, site().name, email)) };
}

const removals = { last: [409, words.last], unknown: [410, words.passkeys.gone] } as const;

const stale = () => fail(409, { message: words.stale, stale: true });

export const actions: Actions = {
  totp: async ({ locals }) => {
    if (!(await mayChangeFactors(locals))) return stale();
    const who = self(locals);
    return { setup: setup(await startTotp(ground(), who), who.email) };
  },
  confirm: async (event) => {
    if (!(await mayChangeFactors(event.locals))) return stale();
    const who = self(event.locals);
    const code = String((await event.request.formData()).get('code') ?? '').slice(0, 40);
    const done = await finishTotp(ground(), who, code);
    if (done.outcome === 'ended') return fail(409, { message: words.totp.restart });
    if (done.outcome !== 'enrolled') {
      const { status, message } = refusalOf(done, factorMessages.refused.wrong);
      const secret = await pendingTotp(ground(), who.actor.id);
      return fail(status, { message, ...(secret && { setup: setup(secret, who.email) }) });
    }
    await goOnAs(event, done.token);
    return { done: words.totp.done, codes: done.codes };
  },
  removeTotp: async ({ locals }) => {
    if (!(await mayChangeFactors(locals))) return stale();
    const removed = await removeFactor(ground(), self(locals), null);
    // Taken away meanwhile: what was wanted is so.
    if (removed === 'last') return fail(409, { message: words.last });
    return { done: words.totp.removed };
  },
  rename: async ({ locals, request }) => {
    const sent = await request.formData();
    const name = passkeyName.safeParse(sent.get('name'));
    if (!name.success) return fail(400, { message: words.passkeys.badName });
    const done = await namePasskey(ground(), self(locals), String(sent.get('id') ?? ''), name.data);
    return done ? { done: words.passkeys.renamed } : fail(410, { message: words.passkeys.gone });
  },
  remove: async ({ locals, request }) => {
    if (!(await mayChangeFactors(locals))) return stale();
    const id = String((await request.formData()).get('id') ?? '');
    const removed = await removeFactor(ground(), self(locals), id);
    if (removed === 'removed') return { done: words.passkeys.removed };
    const [status, message] = removals[removed];
    return fail(status, { message });
  },
  codes: async ({ locals }) => {
    if (!(await mayChangeFactors(locals))) return stale();
    const codes = await renewRecoveryCodes(ground(), self(locals));
    if (!codes) redirect(303, '/account/factors');
    return { codes };
  },
};
