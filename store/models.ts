import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { firstOfficeId } from './offices.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Sentiment } from './posts.ts';

/** The models that learn here. */
export type ModelName = 'sentiment';

export type ModelRow = {
  id: number;
  kind: 'trained' | 'shipped' | 'resumed';
  /** Learnt and good enough to be used. */
  usable: boolean;
  n: number | null;
  /** Shares judged rightly without and with what was learnt, by cross-validation. */
  before: number | null;
  after: number | null;
  why: string | null;
  madeAt: Date;
  /** Null: the nightly job, a command, or somebody of an office that is out of reach. */
  madeBy: string | null;
};

/**
 * What was learnt last and is in use, to be put on the shipped model; null: nothing, or somebody went back to what ships
 * with the program.
 */
export async function learntModel(
  db: Queryable,
  name: ModelName,
): Promise<{ id: number; bytes: Buffer } | null> {
  if (await isOff(db, name)) return null;
  const found = await db.query<{ id: number; bytes: Buffer }>(
    'select id, bytes from models where name = $1 and bytes is not null order by id desc limit 1',
    [name],
  );
  return found.rows[0] ?? null;
}

/** Whether somebody went back to the shipped model, and nobody has let learning go on since. */
export async function isOff(db: Queryable, name: ModelName): Promise<boolean> {
  const found = await db.query<{ kind: string }>(
    `select kind from models where name = $1 and kind <> 'trained' order by id desc limit 1`,
    [name],
  );
  return found.rows[0]?.kind === 'shipped';
}

/** What happened to a model, the newest first. */
export async function modelHistory(db: Queryable, name: ModelName, limit = 20): Promise<ModelRow[]> {
  const found = await db.query<ModelRow>(
    `select m.id, m.kind, m.bytes is not null as usable, m.n, m.share_before as before, m.share_after as after, m.why,
       m.made_at as "madeAt", p.name as "madeBy"
     from models m left join people p on p.id = m.made_by where m.name = $1 order by m.id desc limit $2`,
    [name, Math.min(limit, 100)],
  );
  return found.rows;
}

/** A post about which somebody said what it feels like, with its words as they are stored. */
export type Labelled = { review: number; title: string | null; text: string; label: Sentiment };

/**
 * The newest standing words about what posts feel like, the oldest of them first; of posts whose words are still there.
 * @param db with every office in its scope
 */
export async function sentimentLabels(db: Queryable, limit: number): Promise<Labelled[]> {
  const found = await db.query<Labelled>(
    `select * from (
       select distinct on (r.post_id) r.id as review, p.title, p.text, r.said as label
       from reviews r join posts p on p.id = r.post_id
       where r.field = 'sentiment' and r.undone_at is null and r.verdict = 'says'
       order by r.post_id, r.id desc) as labels
     order by review desc limit $1`,
    [limit],
  );
  return found.rows.reverse();
}

/** The last training, whatever came of it. */
export async function lastTraining(
  db: Queryable,
  name: ModelName,
): Promise<{ n: number; newest: number; base: Buffer | null } | null> {
  const found = await db.query<{ n: number; newest: number; base: Buffer | null }>(
    `select n, newest, base from models where name = $1 and kind = 'trained' order by id desc limit 1`,
    [name],
  );
  return found.rows[0] ?? null;
}

export type Training = {
  name: ModelName;
  /** Null: not better than before, so that nothing of it is used. */
  bytes: Uint8Array | null;
  n: number;
  /** The newest review among them. */
  newest: number;
  /** SHA-256 of the shipped model that it was put on. */
  base: Uint8Array;
  before: number;
  after: number;
};

/** Keeps a training. With bytes it is in use from now on, in every process. */
export async function keepTraining(store: Store, actor: Actor, training: Training): Promise<number> {
  const { name, bytes, n, newest, base, before, after } = training;
  return transaction(store, async (client) => {
    const made = await client.query<{ id: number }>(
      `insert into models (name, kind, bytes, n, newest, base, share_before, share_after)
       values ($1, 'trained', $2, $3, $4, $5, $6, $7) returning id`,
      [name, bytes === null ? null : Buffer.from(bytes), n, newest, Buffer.from(base), before, after],
    );
    const id = (made.rows[0] as { id: number }).id;
    await appendAudit(client, {
      ...{ ...actor, action: 'model-learn', subject: `model:${name}` },
      after: { model: id, count: n, shareBefore: before, shareAfter: after, used: bytes !== null },
    });
    return id;
  });
}

/**
 * Goes back to the shipped model (and nothing is learnt until somebody lets it go on), or on again.
 * @throws Refused `model-office` for people of another office than the hub's first; `model-why`
 */
export async function chooseModel(
  store: Store,
  actor: Actor,
  name: ModelName,
  kind: 'shipped' | 'resumed',
  why: string,
): Promise<void> {
  const reason = why.trim();
  if (reason === '' || reason.length > 500) throw new Refused('model-why', messages.models.why);
  await transaction(store, async (client) => {
    if (actor.officeId !== (await firstOfficeId(client))) {
      throw new Refused('model-office', messages.models.otherOffice);
    }
    await client.query('insert into models (name, kind, why, made_by) values ($1, $2, $3, $4)', [
      ...[name, kind, reason, actor.id],
    ]);
    await appendAudit(client, {
      ...{ ...actor, action: 'model-choose', subject: `model:${name}` },
      after: { kind, why: reason },
    });
  });
}
