import { Refused } from '../config/errors.ts';
import type { ReleaseContent } from '../config/release-content.ts';
import { shippedTemplates } from '../config/release-templates.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { outlineOf, readContent, storable } from './release-content.ts';

const words = messages.templates;

/** A start for releases. `id`: a number of the office's own, or the key of one that ships. */
export type ReleaseTemplate = {
  id: string;
  name: string;
  shipped: boolean;
  content: ReleaseContent;
  madeBy: string | null;
  madeAt: Date | null;
  archivedAt: Date | null;
};

type Row = Omit<ReleaseTemplate, 'id' | 'shipped' | 'madeAt'> & { id: number; madeAt: Date };

const SELECT = `select t.id, t.name, t.content, p.name as "madeBy", t.made_at as "madeAt", t.archived_at as "archivedAt"
  from release_templates t left join people p on p.id = t.made_by`;

const asTemplate = ({ id, content, ...row }: Row): ReleaseTemplate => ({
  ...row,
  ...{ id: String(id), shipped: false, content: readContent(content) },
});

const ofShipped = ({ key, name, content }: (typeof shippedTemplates)[number]): ReleaseTemplate => ({
  ...{ id: key, name, content, shipped: true, madeBy: null, madeAt: null, archivedAt: null },
});

/** The starts of an office: its own in the order of their names, then those that ship. @param archived its own that are not offered */
export async function releaseTemplates(
  db: Queryable,
  officeId: number,
  archived = false,
): Promise<ReleaseTemplate[]> {
  const found = await db.query<Row>(
    `${SELECT} where t.office_id = $1 and (t.archived_at is not null) = $2 order by t.name, t.id limit 200`,
    [officeId, archived],
  );
  return [...found.rows.map(asTemplate), ...(archived ? [] : shippedTemplates.map(ofShipped))];
}

/** @param id as in an address; @returns null when there is none that is offered */
export async function releaseTemplate(
  db: Queryable,
  officeId: number,
  id: string,
): Promise<ReleaseTemplate | null> {
  const shipped = shippedTemplates.find(({ key }) => key === id);
  if (shipped) return ofShipped(shipped);
  if (!/^[1-9]\d{0,8}$/.test(id)) return null;
  const found = await db.query<Row>(
    `${SELECT} where t.id = $1 and t.office_id = $2 and t.archived_at is null`,
    [Number(id), officeId],
  );
  return found.rows[0] ? asTemplate(found.rows[0]) : null;
}

/** Keeps a content as a start. @throws Refused `template-taken` when the office has one of that name */
export async function addTemplate(
  store: Store,
  actor: Actor,
  officeId: number,
  name: string,
  given: ReleaseContent,
): Promise<number> {
  const content = storable(given);
  return transaction(store, async (client) => {
    await demandFree(client, officeId, name, null);
    const made = await client.query<{ id: number }>(
      `insert into release_templates (office_id, name, content, made_by) values ($1, $2, $3, $4) returning id`,
      [officeId, name, JSON.stringify(content), actor.id],
    );
    const { id } = made.rows[0] as { id: number };
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'release-template-add', subject: `release-template:${id}` },
      after: { name, ...outlineOf(content) },
    });
    return id;
  });
}

/** @throws Refused `template-taken`, `template-gone` */
export async function renameTemplate(store: Store, actor: Actor, id: number, name: string): Promise<void> {
  await transaction(store, async (client) => {
    const before = await standing(client, id);
    if (before.name === name) return;
    await demandFree(client, before.officeId, name, id);
    await client.query('update release_templates set name = $2 where id = $1', [id, name]);
    await appendAudit(client, {
      ...{ ...actor, officeId: before.officeId },
      ...{ action: 'release-template-rename', subject: `release-template:${id}` },
      ...{ before: { name: before.name }, after: { name } },
    });
  });
}

/** Takes a start out of what is offered, or offers it again. @returns its name @throws Refused `template-taken`, `template-gone` */
export async function archiveTemplate(
  store: Store,
  actor: Actor,
  id: number,
  archived: boolean,
): Promise<string> {
  return transaction(store, async (client) => {
    const { officeId, name, archivedAt } = await standing(client, id);
    if ((archivedAt !== null) === archived) return name;
    if (!archived) await demandFree(client, officeId, name, id);
    await client.query(
      'update release_templates set archived_at = case when $2 then now() end where id = $1',
      [id, archived],
    );
    await appendAudit(client, {
      ...{ ...actor, officeId, subject: `release-template:${id}`, after: { name } },
      action: archived ? 'release-template-archive' : 'release-template-restore',
    });
    return name;
  });
}

async function standing(
  client: Queryable,
  id: number,
): Promise<{ officeId: number; name: string; archivedAt: Date | null }> {
  const found = await client.query<{ officeId: number; name: string; archivedAt: Date | null }>(
    `select office_id as "officeId", name, archived_at as "archivedAt" from release_templates where id = $1 for update`,
    [id],
  );
  if (!found.rows[0]) throw new Refused('template-gone', words.gone);
  return found.rows[0];
}

async function demandFree(
  client: Queryable,
  officeId: number,
  name: string,
  but: number | null,
): Promise<void> {
  const same = await client.query(
    `select from release_templates where office_id = $1 and name = $2 and archived_at is null and ($3::int is null or id <> $3)`,
    [officeId, name, but],
  );
  if (same.rowCount !== 0) throw new Refused('template-taken', words.taken);
}
