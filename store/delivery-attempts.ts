import type { Queryable } from './pool.ts';

/** What was tried: `lost` is a call whose worker was killed, or whose answer never came. */
export type AttemptKind =
  'prepare' | 'publish' | 'poll' | 'reconcile' | 'withdraw' | 'correct' | 'dry-run' | 'person';

/** One row of a delivery's ledger. */
export type Attempt = {
  id: number;
  kind: AttemptKind;
  startedAt: Date;
  finishedAt: Date | null;
  /** `published`, `retry`, `not-arrived` …; null: not finished, or its worker was killed. */
  outcome: string | null;
  detail: string | null;
  call: string | null;
  /** The platform's own code and id of the request. */
  code: string | null;
  requestId: string | null;
  /** Of a dry run: the exact requests. */
  requests: unknown;
};

export type Ended = {
  outcome: string;
  detail?: string | null;
  code?: string;
  requestId?: string;
  requests?: unknown;
};

/** Writes down a try that has ended. */
export async function noteAttempt(
  db: Queryable,
  of: { officeId: number; id: number },
  attempt: Ended & { kind: AttemptKind; startedAt: Date; finishedAt: Date },
): Promise<void> {
  await db.query(
    `insert into delivery_attempts (office_id, delivery_id, kind, started_at, finished_at, outcome, detail, code, request_id, requests)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[of.officeId, of.id, attempt.kind, attempt.startedAt, attempt.finishedAt, attempt.outcome],
      ...[attempt.detail ?? null, attempt.code ?? null, attempt.requestId ?? null],
      attempt.requests === undefined ? null : JSON.stringify(attempt.requests),
    ],
  );
}

/** Ends the row of an irreversible call. */
export async function endAttempt(db: Queryable, id: number, ended: Ended & { at: Date }): Promise<void> {
  await db.query(
    `update delivery_attempts set finished_at = $2, outcome = $3, detail = $4, code = $5, request_id = $6 where id = $1`,
    [id, ended.at, ended.outcome, ended.detail ?? null, ended.code ?? null, ended.requestId ?? null],
  );
}

/** Rows of calls that nobody ends any more: their worker was killed. */
export async function loseAttempts(db: Queryable, deliveryId: number, at: Date): Promise<void> {
  await db.query(
    `update delivery_attempts set finished_at = $2, outcome = 'lost' where delivery_id = $1 and finished_at is null`,
    [deliveryId, at],
  );
}

/** The ledger of a delivery, the first first. */
export async function attemptsOf(db: Queryable, deliveryId: number, limit = 200): Promise<Attempt[]> {
  const found = await db.query<Attempt>(
    `select id, kind, started_at as "startedAt", finished_at as "finishedAt", outcome, detail, call, code,
       request_id as "requestId", requests
     from delivery_attempts where delivery_id = $1 order by id limit $2`,
    [deliveryId, Math.min(limit, 1_000)],
  );
  return found.rows;
}
