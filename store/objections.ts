import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { forgetPosts } from './forget.ts';
import { lockAllPosts, lockPosts } from './locks.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { identityOf } from './posts.ts';
import type { Offices } from './scope.ts';

/**
 * removed: what people wrote there was taken out at once; kept-away: the hub had nothing from there and will take nothing;
 * waiting: an outlet's article, about which staff decide; honoured, declined: what they decided.
 */
export type ObjectionOutcome = 'removed' | 'kept-away' | 'waiting' | 'honoured' | 'declined';

export type NewObjection = {
  receipt: string;
  /** Canonical addresses, in the order of the form. */
  addresses: readonly string[];
  reason: string | null;
  /** Sealed. */
  contact: string | null;
  dueAt: Date;
};

/** One page may be reached by either protocol: an objection means both. */
function spellings(address: string): string[] {
  return [address.replace(/^https?:/, 'https:'), address.replace(/^https?:/, 'http:')];
}

type Found = { id: number; officeId: number; kind: 'article' | 'post' | 'comment' };

const POSTS_AT = `
  select id, office_id as "officeId", kind from posts where url = any ($1)
  union
  select p.id, p.office_id, p.kind from sources s join posts p on p.source_id = s.id and p.identity = any ($2::bytea[])`;

async function postsAt(client: Queryable, address: string): Promise<Found[]> {
  const both = spellings(address);
  return (await client.query<Found>(POSTS_AT, [both, both.map(identityOf)])).rows;
}

async function refuseAddress(client: Queryable, address: string): Promise<void> {
  await client.query(
    'insert into refused_addresses (address) select unnest($1::bytea[]) on conflict do nothing',
    [spellings(address).map(identityOf)],
  );
}

type Line = { place: number; address: string; officeId: number; outcome: ObjectionOutcome; removed: number };

/**
 * Takes an objection in: what people wrote at these addresses goes at once, from every office; articles of outlets wait
 * for the offices that have them; an address that nobody waits for is never collected from again.
 * @param store with every office in its scope
 * @param officeId the hub's own office, which keeps what no other has to decide about
 */
export async function sendObjection(store: Store, officeId: number, objection: NewObjection): Promise<void> {
  await transaction(store, async (client) => {
    // A visit that stored one of these at this very moment would bring back what has just been taken out.
    await lockAllPosts(client);
    const lines: Line[] = [];
    for (const [index, address] of objection.addresses.entries()) {
      const found = await postsAt(client, address);
      const written = found.filter((post) => post.kind !== 'article');
      for (const [office, ids] of byOffice(written)) await forgetPosts(client, office, ids, 'objection');
      const waitingAt = [...byOffice(found.filter((post) => post.kind === 'article')).keys()];
      if (waitingAt.length === 0) await refuseAddress(client, address);
      const removed = written.length;
      const line = { place: index + 1, address, removed };
      if (waitingAt.length === 0) {
        lines.push({ ...line, officeId, outcome: removed > 0 ? 'removed' : 'kept-away' });
      }
      for (const office of waitingAt) lines.push({ ...line, officeId: office, outcome: 'waiting' });
    }
    for (const office of new Set(lines.map((line) => line.officeId))) {
      await insertObjection(
        client,
        office,
        objection,
        lines.filter((line) => line.officeId === office),
      );
    }
  });
}

function byOffice(posts: readonly Found[]): Map<number, number[]> {
  const offices = new Map<number, number[]>();
  for (const { id, officeId } of posts) offices.set(officeId, [...(offices.get(officeId) ?? []), id]);
  return offices;
}

async function insertObjection(
  client: Parameters<typeof appendAudit>[0],
  officeId: number,
  objection: NewObjection,
  lines: readonly Line[],
): Promise<void> {
  const settled = lines.every((line) => line.outcome !== 'waiting');
  const inserted = await client.query<{ id: number }>(
    `insert into objections (office_id, receipt, due_at, settled_at, reason, contact)
     values ($1, $2, $3, case when $4 then now() end, $5, $6) returning id`,
    [officeId, objection.receipt, objection.dueAt, settled, objection.reason, objection.contact],
  );
  const id = (inserted.rows[0] as { id: number }).id;
  for (const { place, address, outcome, removed } of lines) {
    await client.query(
      `insert into objection_addresses (objection_id, place, office_id, address, address_hash, outcome, removed)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, place, officeId, outcome === 'waiting' ? address : null, identityOf(address), outcome, removed],
    );
  }
  await appendAudit(client, {
    id: 'citizen',
    officeId,
    role: 'citizen',
    address: null,
    action: 'objection-send',
    subject: `objection:${id}`,
    after: {
      addresses: lines.map(({ address, outcome, removed }) => ({
        hash: identityOf(address).toString('hex'),
        outcome,
        removed,
      })),
      withReason: objection.reason !== null,
      withContact: objection.contact !== null,
    },
  });
}

export type Decision = { id: number; place: number } & (
  { decide: 'honour'; answer: string | null } | { decide: 'decline'; answer: string }
);

/**
 * Decides about one waiting address. Honoured, the office's articles there go and the address is never collected from
 * again; declined, they stay and the citizen reads why.
 * @returns false when it no longer waits (somebody was faster) or is not within the scope
 */
export async function decideObjection(store: Store, actor: Actor, decision: Decision): Promise<boolean> {
  return transaction(store, async (client) => {
    const found = await client.query<{ address: string; officeId: number }>(
      `select address, office_id as "officeId" from objection_addresses
       where objection_id = $1 and place = $2 and outcome = 'waiting'`,
      [decision.id, decision.place],
    );
    const [waiting] = found.rows;
    if (!waiting) return false;
    const { address, officeId } = waiting;
    // Before the row itself: whoever stores posts takes the locks in this order.
    await lockPosts(client, officeId);
    const honoured = decision.decide === 'honour';
    const posts = honoured
      ? (await postsAt(client, address)).filter((post) => post.officeId === officeId)
      : [];
    const decided = await client.query(
      `update objection_addresses set outcome = $3, answer = $4, decided_by = $5, decided_at = now(),
         removed = removed + $6, address = case when $7 then null else address end
       where objection_id = $1 and place = $2 and outcome = 'waiting'`,
      [
        decision.id,
        decision.place,
        honoured ? 'honoured' : 'declined',
        decision.answer,
        actor.id,
        posts.length,
        honoured,
      ],
    );
    if (decided.rowCount === 0) return false;
    if (honoured) {
      await forgetPosts(
        client,
        officeId,
        posts.map((post) => post.id),
        'objection',
      );
      await refuseAddress(client, address);
    }
    await client.query(
      `update objections set settled_at = now() where id = $1 and settled_at is null and not exists (
         select 1 from objection_addresses where objection_id = $1 and outcome = 'waiting')`,
      [decision.id],
    );
    await appendAudit(client, {
      ...actor,
      officeId,
      action: `objection-${decision.decide}`,
      subject: `objection:${decision.id}/${decision.place}`,
      before: { outcome: 'waiting' },
      after: {
        outcome: honoured ? 'honoured' : 'declined',
        hash: identityOf(address).toString('hex'),
        removed: posts.length,
      },
    });
    return true;
  });
}

export type ObjectionAddress = {
  objectionId: number;
  place: number;
  /** Null once it is settled, unless it was declined. */
  address: string | null;
  outcome: ObjectionOutcome;
  removed: number;
  decidedAt: Date | null;
  decidedBy: string | null;
  answer: string | null;
};

export type ObjectedPost = { id: number; title: string | null; outlet: string | null };

/** The articles at an address about which a decision waits, as they were collected. */
export async function articlesAt(db: Queryable, address: string): Promise<ObjectedPost[]> {
  const ids = (await postsAt(db, address)).filter((post) => post.kind === 'article').map((post) => post.id);
  const result = await db.query<ObjectedPost>(
    'select id, title, outlet from posts where id = any ($1::bigint[]) order by id limit 20',
    [ids],
  );
  return result.rows;
}

export type ObjectionRow = {
  id: number;
  officeId: number;
  officeName: string;
  sentAt: Date;
  dueAt: Date;
  settledAt: Date | null;
  reason: string | null;
  hasContact: boolean;
  waiting: number;
  addresses: number;
};

const COLUMNS = `o.id, o.office_id as "officeId", f.name as "officeName", o.sent_at as "sentAt", o.due_at as "dueAt",
  o.settled_at as "settledAt", o.reason, o.contact is not null as "hasContact",
  (select count(*)::int from objection_addresses a where a.objection_id = o.id and a.outcome = 'waiting') as waiting,
  (select count(*)::int from objection_addresses a where a.objection_id = o.id) as addresses`;

/** Those that wait for a decision, the most urgent first; then the newest of the settled ones. */
export async function objectionsOf(db: Queryable, offices: Offices, limit = 100): Promise<ObjectionRow[]> {
  const result = await db.query<ObjectionRow>(
    `select ${COLUMNS} from objections o join offices f on f.id = o.office_id
     where $1::int[] is null or o.office_id = any ($1)
     order by o.settled_at is not null, case when o.settled_at is null then o.due_at end, o.sent_at desc limit $2`,
    [offices, Math.min(limit, 500)],
  );
  return result.rows;
}

export async function objectionById(db: Queryable, id: number): Promise<ObjectionRow | null> {
  const result = await db.query<ObjectionRow>(
    `select ${COLUMNS} from objections o join offices f on f.id = o.office_id where o.id = $1`,
    [id],
  );
  return result.rows[0] ?? null;
}

export async function addressesOf(db: Queryable, objectionId: number): Promise<ObjectionAddress[]> {
  const result = await db.query<ObjectionAddress>(
    `select a.objection_id as "objectionId", a.place, a.address, a.outcome, a.removed, a.decided_at as "decidedAt",
       p.name as "decidedBy", a.answer
     from objection_addresses a left join people p on p.id = a.decided_by
     where a.objection_id = $1 order by a.place`,
    [objectionId],
  );
  return result.rows;
}
