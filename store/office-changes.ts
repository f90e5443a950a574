import pg from 'pg';
import { Refused } from '../config/errors.ts';
import type { OfficeLevel } from '../config/office-levels.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { checkOffice, tidy } from './office-rules.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.offices;

type State = { code: string; name: string; parentId: number | null; closedAt: Date | null };

/** @throws Refused as `refusing` says, `office-details`, `office-closed` (the parent) */
export async function createOffice(
  store: Store,
  actor: Actor,
  office: { code: string; name: string; level: OfficeLevel; parentId: number },
): Promise<number> {
  const { level, parentId } = office;
  const [code, name] = [office.code.trim(), tidy(office.name)];
  checkOffice({ code, name });
  return refusing(() =>
    transaction(store, async (client) => {
      await lockTree(client);
      await holdOpen(client, parentId);
      const made = await client.query<{ id: number }>(
        'insert into offices (code, name, level, parent_id) values ($1, $2, $3, $4) returning id',
        [code, name, level, parentId],
      );
      const { id } = made.rows[0] as { id: number };
      const after = { code, name, level, parentId };
      await appendAudit(client, {
        ...{ ...actor, officeId: id },
        action: 'office-create',
        subject: `office:${id}`,
        after,
      });
      await tellLive(client, { kind: 'access' });
      return id;
    }),
  );
}

/** @throws Refused `office-details` */
export async function renameOffice(store: Store, actor: Actor, id: number, typed: string): Promise<void> {
  const name = tidy(typed);
  checkOffice({ name });
  await transaction(store, async (client) => {
    const office = await lock(client, id);
    if (office.name === name) return;
    await client.query('update offices set name = $2 where id = $1', [id, name]);
    const [before, after] = [{ name: office.name }, { name }];
    await appendAudit(client, { ...about(actor, id), action: 'office-rename', before, after });
  });
}

/**
 * Puts an office with all that stands below it under another. Holds from the next request on: scopes are made of the tree
 * as it stands.
 * @throws Refused as `refusing` says, `office-closed`
 */
export async function moveOffice(store: Store, actor: Actor, id: number, parentId: number): Promise<void> {
  await refusing(() =>
    transaction(store, async (client) => {
      await lockTree(client);
      const office = await lock(client, id);
      if (office.parentId === parentId) return;
      await holdOpen(client, parentId);
      await client.query('update offices set parent_id = $2 where id = $1', [id, parentId]);
      const [before, after] = [{ parentId: office.parentId }, { parentId }];
      await appendAudit(client, { ...about(actor, id), action: 'office-move', before, after });
      await tellLive(client, { kind: 'access' });
    }),
  );
}

/**
 * Closes an office, for good or until it is opened again: its records stay where they are.
 * @throws Refused `office-in-use` while something open stands below it or people can still sign in there
 */
export async function closeOffice(store: Store, actor: Actor, id: number): Promise<void> {
  await transaction(store, async (client) => {
    const office = await lock(client, id);
    if (office.closedAt) return;
    const used = await client.query<{ offices: string[]; people: string[] }>(
      `select
         array(select name from offices where parent_id = $1 and closed_at is null order by code limit 4) as offices,
         array(select name from people where office_id = $1 and disabled_at is null order by name limit 4) as people`,
      [id],
    );
    const { offices = [], people = [] } = used.rows[0] ?? {};
    if (offices.length + people.length > 0) {
      throw new Refused('office-in-use', words.inUse(listed(offices), listed(people)));
    }
    await client.query('update offices set closed_at = now() where id = $1', [id]);
    await appendAudit(client, { ...about(actor, id), action: 'office-close', after: { name: office.name } });
    await tellLive(client, { kind: 'access' });
  });
}

/** @throws Refused `office-closed` when its parent is */
export async function reopenOffice(store: Store, actor: Actor, id: number): Promise<void> {
  await transaction(store, async (client) => {
    const office = await lock(client, id);
    if (!office.closedAt) return;
    const above = await client.query<{ name: string }>(
      'select name from offices where id = $1 and closed_at is not null',
      [office.parentId],
    );
    if (above.rows[0]) throw new Refused('office-closed', words.closed(above.rows[0].name));
    await client.query('update offices set closed_at = null where id = $1', [id]);
    await appendAudit(client, { ...about(actor, id), action: 'office-reopen', after: { name: office.name } });
    await tellLive(client, { kind: 'access' });
  });
}

function about(actor: Actor, id: number) {
  return { ...actor, officeId: id, subject: `office:${id}` };
}

function listed(names: readonly string[]): string {
  return words.list(names.slice(0, 3), names.length > 3);
}

/** Changes of the tree come one after the other; asked for before any row is locked, so that none wait for each other. */
export async function lockTree(client: Queryable): Promise<void> {
  await client.query('select pg_advisory_xact_lock(6, 0)');
}

async function lock(client: Queryable, id: number): Promise<State> {
  const found = await client.query<State>(
    `select code, name, parent_id as "parentId", closed_at as "closedAt" from offices where id = $1 for update`,
    [id],
  );
  const office = found.rows[0];
  // The register stands open, its rows do not: an office out of scope is not there to be locked.
  if (!office) throw new Refused('office-out-of-scope', words.outOfScope);
  return office;
}

/**
 * Holds an office open until the commit, for what is put under it.
 * @throws Refused `office-out-of-scope`, `office-closed`
 */
export async function holdOpen(client: Queryable, id: number): Promise<void> {
  const found = await client.query<{ name: string; closed: boolean }>(
    'select name, closed_at is not null as closed from offices where id = $1 for share',
    [id],
  );
  const office = found.rows[0];
  if (!office) throw new Refused('office-out-of-scope', words.outOfScope);
  if (office.closed) throw new Refused('office-closed', words.closed(office.name));
}

/**
 * Puts what the database holds about the tree into words.
 * @throws Refused `office-circle`, `office-level`, `office-out-of-scope`, `office-code-taken`
 */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = cause instanceof pg.DatabaseError ? cause.code : undefined;
    if (code === 'JS001') throw new Refused('office-circle', words.circle, { cause });
    if (code === 'JS003') throw new Refused('office-level', words.level, { cause });
    if (code === 'JS004' || code === NOT_ALLOWED) {
      throw new Refused('office-out-of-scope', words.outOfScope, { cause });
    }
    if (code === TAKEN) throw new Refused('office-code-taken', words.codeTaken, { cause });
    throw cause;
  }
}

/** A row-level policy, or a privilege. */
const NOT_ALLOWED = '42501';
const TAKEN = '23505';
