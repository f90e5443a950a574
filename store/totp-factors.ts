import type { Queryable } from './pool.ts';

export type TotpFactor = {
  /** Sealed secret of the app whose codes count; null: none is confirmed. */
  secretSealed: string | null;
  confirmedAt: Date | null;
  /** Sealed secret of an app that is being set up. */
  pendingSealed: string | null;
};

/** A secret that was shown and never confirmed is of no use after this. */
const PENDING_MINUTES = 30;

/** The person's authenticator app; null: none, nor one being set up. */
export async function totpFactor(db: Queryable, personId: string): Promise<TotpFactor | null> {
  const found = await db.query<TotpFactor>(
    `select secret_sealed as "secretSealed", confirmed_at as "confirmedAt",
       case when pending_at > now() - make_interval(mins => $2) then pending_sealed end as "pendingSealed"
     from totp_factors where person_id = $1`,
    [personId, PENDING_MINUTES],
  );
  return found.rows[0] ?? null;
}

/** Keeps the secret of an app that is being set up, in place of an earlier one that was not confirmed. */
export async function beginTotp(db: Queryable, personId: string, pendingSealed: string): Promise<void> {
  await db.query(
    `insert into totp_factors (person_id, pending_sealed, pending_at) values ($1, $2, now())
     on conflict (person_id) do update set pending_sealed = excluded.pending_sealed, pending_at = now()`,
    [personId, pendingSealed],
  );
}

/**
 * Makes the pending app the one whose codes count; the code that proved it is spent by that.
 * @returns false when another secret is pending by now
 */
export async function confirmTotp(
  db: Queryable,
  personId: string,
  pendingSealed: string,
  step: number,
): Promise<boolean> {
  const done = await db.query(
    `update totp_factors set secret_sealed = pending_sealed, confirmed_at = now(), last_step = $3,
       pending_sealed = null, pending_at = null
     where person_id = $1 and pending_sealed = $2`,
    [personId, pendingSealed, step],
  );
  return done.rowCount === 1;
}

/**
 * Spends the code of a time step. Of two requests with the same code, one gets true.
 * @returns false when this or a later code was taken before, or the app was changed meanwhile
 */
export async function spendTotpStep(
  db: Queryable,
  personId: string,
  secretSealed: string,
  step: number,
): Promise<boolean> {
  const done = await db.query(
    `update totp_factors set last_step = $3 where person_id = $1 and secret_sealed = $2 and last_step < $3`,
    [personId, secretSealed, step],
  );
  return done.rowCount === 1;
}

/** @returns whether there was a confirmed one */
export async function removeTotp(db: Queryable, personId: string): Promise<boolean> {
  const gone = await db.query<{ confirmed: boolean }>(
    'delete from totp_factors where person_id = $1 returning confirmed_at is not null as confirmed',
    [personId],
  );
  return gone.rows[0]?.confirmed === true;
}
