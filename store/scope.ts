import type pg from 'pg';
import { ruleOf, type Action } from '../config/access/matrix.ts';
import type { GrantKind, Role } from '../config/access/roles.ts';
import type { Pool, Queryable, Store } from './pool.ts';

/** Offices that a question is about; null: every office that the scope holds. */
export type Offices = readonly number[] | null;

/** What a connection may see and change: rows of these offices, and single records shared with `shared`. */
export type Scope = Readonly<{
  /** Every office there is; `offices` is then empty. */
  every: boolean;
  offices: readonly number[];
  /** Own offices whose shared records count; empty where the action knows none. */
  shared: readonly number[];
}>;

/** The hub's own work across offices: the clock, the index, retention. */
export const EVERY_OFFICE: Scope = Object.freeze({ every: true, offices: [], shared: [] });
/** Citizens: nothing but what stands open anyway. */
export const NO_OFFICE: Scope = Object.freeze({ every: false, offices: [], shared: [] });

/** The hub's work for one office: a visit, a delivery. */
export function oneOffice(officeId: number): Scope {
  return Object.freeze({ every: false, offices: [officeId], shared: [] });
}

/** A role held in an office. */
export type Grant = Readonly<{
  role: Role;
  officeId: number;
  kind: GrantKind;
  /** Nothing stands below the office: most are county offices, whose tree need not be asked for. */
  alone?: boolean;
}>;

/** The offices in which the grants allow an action by themselves (`own`), and those whose whole subtree they reach. */
export function rootsOf(grants: readonly Grant[], action: Action): { own: number[]; trees: number[] } {
  const rule = ruleOf(action);
  const own = new Set<number>();
  const trees = new Set<number>();
  if (typeof rule.for === 'object') {
    for (const { role, officeId, alone } of grants) {
      const reach = rule.for[role];
      if (reach) own.add(officeId);
      if (reach === 'own+sub' && !alone) trees.add(officeId);
    }
  }
  return { own: [...own], trees: [...trees] };
}

/**
 * The scope of these grants for an action, by the tree as it stands now.
 * @returns null when they do not allow it anywhere
 */
export async function scopeOf(
  db: Queryable,
  grants: readonly Grant[],
  action: Action,
): Promise<Scope | null> {
  const { own, trees } = rootsOf(grants, action);
  if (own.length === 0) return null;
  const rule = ruleOf(action);
  const shared = 'shared' in rule ? own : [];
  if (trees.length === 0) return { every: false, offices: own, shared };
  const found = await db.query<{ ids: number[] }>(
    `select coalesce(array_agg(office_id), '{}') as ids from office_tree where ancestor_id = any ($1::int[])`,
    [trees],
  );
  const offices = [...new Set([...own, ...(found.rows[0]?.ids ?? [])])];
  if (offices.length >= LONG && (await isEvery(db, offices.length))) {
    return { every: true, offices: [], shared };
  }
  return { every: false, offices, shared };
}

/** A list of so many is looked at: where it names every office, it need not be carried around. */
const LONG = 500;

async function isEvery(db: Queryable, offices: number): Promise<boolean> {
  const found = await db.query<{ all: boolean }>('select count(*) = $1 as all from offices', [offices]);
  return found.rows[0]?.all ?? false;
}

/** The part of a scope that lies in an office and below it. */
export async function within(db: Queryable, scope: Scope, officeId: number): Promise<Offices> {
  const found = await db.query<{ ids: number[]; all: boolean }>(
    `select coalesce(array_agg(office_id), '{}') as ids, count(*) = (select count(*) from offices) as all
     from office_tree where ancestor_id = $1 and ($2::int[] is null or office_id = any ($2))`,
    [officeId, scope.every ? null : scope.offices],
  );
  const { ids = [], all = false } = found.rows[0] ?? {};
  return all ? null : ids;
}

/** The offices of a scope as a question's filter. */
export function officesOf(scope: Scope): Offices {
  return scope.every ? null : scope.offices;
}

/** Planned once for each connection. */
const TELL = `select set_config('jiansheng.every', $1, false), set_config('jiansheng.offices', $2, false),
  set_config('jiansheng.shared', $3, false), set_config('jiansheng.mask', $4, false)`;

/** A one at the place of each office's id: what policies look at (migration 0004). */
function mask(offices: readonly number[]): string {
  if (offices.length === 0) return '';
  const bits = new Uint8Array(Math.max(...offices) + 1).fill(ZERO);
  for (const id of offices) bits[id] = ONE;
  return Buffer.from(bits.buffer).toString('latin1');
}
const [ZERO, ONE] = [0x30, 0x31];

/** What the connection was last told, so that it is told again only when another scope borrows it. */
const told = new WeakMap<pg.PoolClient, string>();

/**
 * The pool under a scope: whatever is asked through it, by single queries or in transactions, sees and changes only rows of
 * the scope's offices. Holds for a pool whose database role is subject to row-level security (grants.ts), which is every
 * pool of a running hub.
 */
export function scoped(pool: Pool, scope: Scope): Store {
  const settings = [
    scope.every ? 'on' : '',
    scope.every ? '' : `{${scope.offices.join(',')}}`,
    `{${scope.shared.join(',')}}`,
    scope.every ? '' : mask(scope.offices),
  ];
  // The mask says nothing that the list does not.
  const key = settings.slice(0, 3).join('|');

  async function connect(): Promise<pg.PoolClient> {
    const client = await pool.connect();
    if (told.get(client) === key) return client;
    try {
      await client.query({ name: 'scope', text: TELL, values: settings });
    } catch (error) {
      client.release(true);
      throw error;
    }
    told.set(client, key);
    return client;
  }

  return {
    connect,
    async query<R extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      const client = await connect();
      try {
        return await client.query<R>(text, values);
      } finally {
        client.release();
      }
    },
  };
}
