import { Refused } from '../config/errors.ts';
import type { Approval, CheckPoint } from '../config/sources/approval.ts';
import { destinationOf } from '../config/source-secrets.ts';
import type { SourceKind, SourceSettings } from '../config/sources.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { dropSecrets } from './source-secrets.ts';

const words = messages.sources;

/** What a person says of a source, checked against its kind (config/sources.ts). */
export type SourceDetails = {
  kind: SourceKind;
  key: string;
  name: string;
  url: string | null;
  outlet: string | null;
  intervalSeconds: number;
  longestIntervalSeconds: number | null;
  settings: SourceSettings['settings'];
};

/** What was ticked and written so far. Approved, and running, once `approvedBy` is there. */
export type SourceApproval = { checked: readonly CheckPoint[] } & {
  [K in keyof Approval]: Approval[K] | null;
};

/**
 * Adds a source. With an approval it is visited at once; without, it waits for one.
 * @throws Refused `source-key` when another source of the office has the key
 */
export async function addSource(
  store: Store,
  actor: Actor,
  officeId: number,
  details: SourceDetails,
  approval: SourceApproval,
): Promise<number> {
  const [id] = await addSources(store, actor, [{ officeId, details, approval }]);
  return id as number;
}

/** Adds several, all or none. @throws Refused `source-key` */
export async function addSources(
  store: Store,
  actor: Actor,
  fresh: readonly { officeId: number; details: SourceDetails; approval: SourceApproval }[],
): Promise<number[]> {
  return refusingKey(() =>
    transaction(store, async (client) => {
      const ids: number[] = [];
      for (const { officeId, details, approval } of fresh) {
        ids.push(await insertSource(client, actor.id, officeId, details, approval));
      }
      for (const [at, { officeId, details, approval }] of fresh.entries()) {
        const subject = `source:${ids[at]}`;
        const after = { ...details, ...approval, settings: JSON.stringify(details.settings) };
        await appendAudit(client, { ...actor, officeId, action: 'source-add', subject, after });
      }
      return ids;
    }),
  );
}

async function insertSource(
  client: Queryable,
  addedBy: string,
  officeId: number,
  details: SourceDetails,
  { checked, legalBasis, impactNote, approvedBy }: SourceApproval,
): Promise<number> {
  const made = await client.query<{ id: number }>(
    `insert into sources (office_id, kind, key, name, url, outlet, interval_seconds, longest_interval_seconds, settings,
       origin, added_by, checked, legal_basis, impact_note, approved_by, approved_at, enabled)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'desk', $10, $11, $12, $13, $14,
       case when $14::text is not null then now() end, $14::text is not null)
     returning id`,
    [officeId, ...columns(details), addedBy, checked, legalBasis, impactNote, approvedBy],
  );
  return (made.rows[0] as { id: number }).id;
}

/**
 * Changes a source that was added at the desk. One that reads another site from now on has to be approved anew, and its
 * secrets are given anew too.
 * @throws Refused `source-gone`, `source-key`
 */
export async function changeSource(
  store: Store,
  actor: Actor,
  id: number,
  details: SourceDetails,
): Promise<{ approvedStill: boolean }> {
  return refusingKey(() =>
    transaction(store, async (client) => {
      const before = await holdSource(client, id);
      const [from, to] = [destinationOf(before), destinationOf(details)];
      const elsewhere = hostOf(from) !== hostOf(to);
      const approvedStill = before.approvedBy === null || !elsewhere;
      await client.query(
        `update sources set kind = $2, key = $3, name = $4, url = $5, outlet = $6, interval_seconds = $7,
           longest_interval_seconds = $8, settings = $9,
           etag = case when ${SAME_READING} then etag end,
           last_modified = case when ${SAME_READING} then last_modified end,
           next_visit_at = case when ${SAME_READING} then next_visit_at else now() end,
           enabled = enabled and $10, approved_by = case when $10 then approved_by end,
           approved_at = case when $10 then approved_at end, checked = case when $10 then checked else '{}' end
         where id = $1`,
        [id, ...columns(details), approvedStill],
      );
      await tellLive(client, { kind: 'visit', officeId: before.officeId, sourceId: id });
      await appendAudit(client, {
        ...{ ...actor, officeId: before.officeId, action: 'source-change', subject: `source:${id}` },
        before: audited(before),
        after: { ...audited(details), approvedStill },
      });
      // Nobody is to learn a token by naming a site of their own.
      if (from !== to) await dropSecrets(client, { ...actor, officeId: before.officeId }, id);
      return { approvedStill };
    }),
  );
}

/**
 * Says that a source may run, and has it visited at once.
 * @throws Refused `source-gone`
 */
export async function approveSource(
  store: Store,
  actor: Actor,
  id: number,
  approval: Approval & { checked: readonly CheckPoint[] },
): Promise<void> {
  await transaction(store, async (client) => {
    const before = await holdSource(client, id);
    await client.query(
      `update sources set legal_basis = $2, impact_note = $3, approved_by = $4, checked = $5, approved_at = now(),
         enabled = true, next_visit_at = now() where id = $1`,
      [id, approval.legalBasis, approval.impactNote, approval.approvedBy, approval.checked],
    );
    await tellLive(client, { kind: 'visit', officeId: before.officeId, sourceId: id });
    const { legalBasis, impactNote, approvedBy, checked } = before;
    await appendAudit(client, {
      ...{ ...actor, officeId: before.officeId, action: 'source-approve', subject: `source:${id}` },
      before: { legalBasis, impactNote, approvedBy, checked },
      after: approval,
    });
  });
}

type Held = SourceDetails & SourceApproval & { officeId: number };

/** Locks a source of the desk for the rest of the transaction. @throws Refused `source-gone` */
async function holdSource(client: Queryable, id: number): Promise<Held> {
  const found = await client.query<Held>(
    `select office_id as "officeId", kind, key, name, url, outlet, interval_seconds as "intervalSeconds",
       longest_interval_seconds as "longestIntervalSeconds", settings, checked, legal_basis as "legalBasis",
       impact_note as "impactNote", approved_by as "approvedBy"
     from sources where id = $1 and origin = 'desk' for update`,
    [id],
  );
  const [row] = found.rows;
  if (!row) throw new Refused('source-gone', words.gone);
  return row;
}

/** In the order of both statements above. */
function columns(details: SourceDetails): unknown[] {
  const { kind, key, name, url, outlet, intervalSeconds, longestIntervalSeconds, settings } = details;
  return [kind, key, name, url, outlet, intervalSeconds, longestIntervalSeconds, JSON.stringify(settings)];
}

function audited(details: SourceDetails): Record<string, unknown> {
  const { kind, key, name, url, outlet, intervalSeconds, longestIntervalSeconds, settings } = details;
  const shown = JSON.stringify(settings);
  return { kind, key, name, url, outlet, intervalSeconds, longestIntervalSeconds, settings: shown };
}

/** What the last visit was told about the list still holds. */
const SAME_READING = '(url, settings) is not distinct from ($5, $9::jsonb)';

function hostOf(url: string | null): string | null {
  return url === null ? null : (URL.parse(url)?.host ?? null);
}

async function refusingKey<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== '23505') throw thrown;
    throw new Refused('source-key', words.keyTaken, { cause: thrown });
  }
}
