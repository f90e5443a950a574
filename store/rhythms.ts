import type { Queryable } from './pool.ts';

/** What was learnt about a series up to a time, and from how many posts. */
export type KeptRhythm = { series: string; state: Uint8Array; until: Date; posts: number };

/** What was learnt about these series, in the form asked for; what is of another form is learnt anew. */
export async function rhythmsOf(
  db: Queryable,
  officeId: number,
  series: readonly string[],
  form: number,
): Promise<Map<string, KeptRhythm>> {
  const found = await db.query<KeptRhythm>(
    'select series, state, until, posts from rhythms where office_id = $1 and series = any ($2::text[]) and form = $3',
    [officeId, series, form],
  );
  return new Map(found.rows.map((row) => [row.series, row]));
}

export async function keepRhythms(
  db: Queryable,
  officeId: number,
  form: number,
  rhythms: readonly KeptRhythm[],
): Promise<void> {
  if (rhythms.length === 0) return;
  await db.query(
    `insert into rhythms (office_id, series, form, state, until, posts)
     select $1, series, $2, state, until, posts from unnest($3::text[], $4::bytea[], $5::timestamptz[], $6::int[])
       as r (series, state, until, posts) order by series
     on conflict (office_id, series) do update set form = excluded.form, state = excluded.state, until = excluded.until,
       posts = excluded.posts`,
    [
      officeId,
      form,
      rhythms.map(({ series }) => series),
      rhythms.map(({ state }) => Buffer.from(state)),
      rhythms.map(({ until }) => until),
      rhythms.map(({ posts }) => posts),
    ],
  );
}

/** What nobody has asked about for long: it is learnt anew from the counters if it is asked about again. */
export async function dropRhythms(db: Queryable, before: Date): Promise<void> {
  await db.query('delete from rhythms where until < $1', [before]);
}
