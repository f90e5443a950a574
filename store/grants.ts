import { createHmac } from 'node:crypto';
import pg from 'pg';
import { errorText, StartRefused } from '../config/errors.ts';
import { messages } from './messages.ts';
import { transaction, type Store } from './pool.ts';

/**
 * The hub's two database roles. `app` does all the work and is subject to row-level security; `identity` signs people in and
 * is the only one that can read passwords, sessions and second factors. Neither owns a table: what a migration set up,
 * the running program cannot take down.
 */
export type DatabaseRole = 'app' | 'identity';

/** Tables about signing in: of no use to anybody but the code that signs people in. */
export const identityTables: readonly string[] = [
  'sessions',
  'credentials',
  'verifications',
  'password_history',
  'sign_in_tries',
  'invitations',
  'totp_factors',
  'passkeys',
  'recovery_codes',
  'webauthn_challenges',
  'oidc_states',
  'oidc_links',
];

/** Tables that belong to no office and that every scope may read. */
export const openTables: readonly string[] = [
  'offices',
  'office_tree',
  'schema_migrations',
  'audit_head',
  'secrets',
  'refused_addresses',
  'objection_senders',
  'hosts',
  'host_waits',
  'robots_files',
  'word_lists',
  'knowledge_versions',
  'models',
  'outside_services',
];

/** What a role may do with a table where that is not "everything that its rows' scope allows". */
const less: Record<string, Partial<Record<DatabaseRole, string>>> = {
  schema_migrations: { app: 'select', identity: '' },
  office_tree: { app: 'select', identity: 'select' },
  offices: { app: 'select, insert, update', identity: 'select' },
  people: { app: 'select, insert, update', identity: 'select, update' },
  role_grants: { app: 'select, insert, update', identity: 'select' },
  audit_entries: { app: 'select, insert', identity: 'select, insert' },
  audit_head: { app: 'select, update', identity: 'select, update' },
  forgotten: { app: 'select, insert' },
  refused_addresses: { app: 'select, insert' },
  retention_runs: { app: 'select, insert, update' },
  hand_overs: { app: 'select, insert, update' },
  word_lists: { app: 'select, insert' },
  knowledge_versions: { app: 'select, update' },
  models: { app: 'select, insert' },
  outside_services: { app: 'select, insert, update' },
  reviews: { app: 'select, insert, update' },
  watches: { app: 'select, insert, update' },
  watch_versions: { app: 'select, insert' },
  watch_backlog: { app: 'select, update, delete' },
  concerns: { app: 'select, insert, update' },
  concern_acts: { app: 'select, insert, update' },
  concern_notes: { app: 'select, insert, update' },
  warnings: { app: 'select, insert, update' },
  warning_steps: { app: 'select, insert' },
  warning_level_versions: { app: 'select, insert' },
  supervision_orders: { app: 'select, insert, update' },
  release_revisions: { app: 'select, insert, update' },
  release_templates: { app: 'select, insert, update' },
  secrecy_reviews: { app: 'select, insert' },
  review_rounds: { app: 'select, insert, update' },
  review_steps: { app: 'select, insert' },
  release_comments: { app: 'select, insert, update' },
  site_views: { app: 'select' },
  secrets: { app: 'select, insert, update', identity: '' },
};

/** The address under which a role reaches the database: name and password follow from the owner's address and the secret. */
export function roleUrl(databaseUrl: string, secret: string, role: DatabaseRole): string {
  const url = new URL(databaseUrl);
  url.username = roleName(databaseUrl, role);
  url.password = rolePassword(secret, role);
  return url.href;
}

/** Roles are known to the whole server: the database's name keeps those of two hubs on one server apart. */
function roleName(databaseUrl: string, role: DatabaseRole): string {
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1)) || 'jiansheng';
  return `${database.slice(0, 40)}_${role}`;
}

function rolePassword(secret: string, role: DatabaseRole): string {
  return createHmac('sha256', secret).update(`database role ${role}`).digest('hex');
}

/**
 * Makes the roles and says what each may do; after every migration, since tables may be new.
 * @throws StartRefused `database-roles` when the owner may not make roles
 */
export async function grantRoles(store: Store, databaseUrl: string, secret: string): Promise<void> {
  const names = {
    app: roleName(databaseUrl, 'app'),
    identity: roleName(databaseUrl, 'identity'),
  };
  try {
    await transaction(store, async (client) => {
      // Two starts at once would update the same rows of the server's catalogue.
      await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
      for (const role of ['app', 'identity'] as const) {
        await client.query(makeRole(names[role], rolePassword(secret, role)));
      }
      const tables = await client.query<{ name: string }>(
        `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
      );
      for (const { name } of tables.rows) await client.query(grantTable(name, names));
      const both = `${quote(names.app)}, ${quote(names.identity)}`;
      await client.query(
        `grant usage on schema public to ${both}; grant usage, select on all sequences in schema public to ${both}`,
      );
      const queues = await client.query(`select 1 from pg_namespace where nspname = 'bullmq'`);
      if (queues.rowCount === 1) {
        const app = quote(names.app);
        await client.query(
          `grant usage on schema bullmq to ${app}; grant all on all tables in schema bullmq to ${app};
           grant all on all sequences in schema bullmq to ${app}; grant execute on all functions in schema bullmq to ${app}`,
        );
      }
    });
  } catch (cause) {
    if (cause instanceof pg.DatabaseError && cause.code === NOT_ALLOWED) {
      throw new StartRefused('database-roles', messages.databaseRoles(errorText(cause)), { cause });
    }
    throw cause;
  }
}

const NOT_ALLOWED = '42501';
/** Spells `JSRL`. */
const LOCK = 0x4a53524c;

function grantTable(table: string, names: Record<DatabaseRole, string>): string {
  const everything = 'select, insert, update, delete';
  const identity = identityTables.includes(table);
  const of = (role: DatabaseRole) =>
    less[table]?.[role] ?? (identity === (role === 'identity') ? everything : '');
  return (['app', 'identity'] as const)
    .map((role) => {
      const to = `${quote(table)} to ${quote(names[role])}`;
      const revoke = `revoke all on ${quote(table)} from ${quote(names[role])};`;
      return of(role) === '' ? revoke : `${revoke} grant ${of(role)} on ${to};`;
    })
    .join('\n');
}

function makeRole(name: string, password: string): string {
  const rights = `login password '${password}' nosuperuser nocreatedb nocreaterole noinherit nobypassrls`;
  return `do $$ begin
    if exists (select 1 from pg_roles where rolname = '${name.replaceAll("'", "''")}') then
      alter role ${quote(name)} ${rights};
    else
      create role ${quote(name)} ${rights};
    end if;
  end $$`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
