import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { openCipher } from '../../config/cipher.ts';
import type { Role } from '../../config/access/roles.ts';
import { signInSchema, type SignInSettings } from '../../config/sign-in.ts';
import type { Actor } from '../../store/actor.ts';
import { openAuditLog } from '../../store/audit.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { findSession } from '../../store/sessions.ts';
import type { Door } from '../../web/lib/server/identity/ground.ts';
import type { Arrival } from '../../web/lib/server/identity/sessions.ts';
import { signIn, type SignInResult } from '../../web/lib/server/identity/sign-in.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from './engines.ts';

export const PASSWORD = '云州-Test-4711';
/** Where people sign in from, unless a test says otherwise. */
export const DESK: Arrival = { place: '10.0.0.1', device: 'Chrome · Windows' };

export type Somebody = { id: string; email: string };

/** What signing in stands on, on real engines. Time is moved by moving what the database has noted. */
export type DoorBench = {
  engines: TestEngines;
  door: Door;
  /** The door with other settings. */
  with(settings: Partial<SignInSettings>): Door;
  /** Makes a person with `PASSWORD`. */
  somebody(role?: Role, withPassword?: boolean): Promise<Somebody>;
  enter(email: string, password?: string, from?: Arrival, at?: Door): Promise<SignInResult>;
  /** Signs in and gives the session. */
  session(person: Somebody): Promise<{ id: string; token: string }>;
  /** What has become of a session: null while it goes on. */
  over(token: string, at?: Door): Promise<string | null>;
  /** Entries of the audit log about a person, or another subject, the newest first. */
  auditOf(subject: string): Promise<AuditLine[]>;
  /** Lets time pass for everything that signing in keeps. */
  pass(minutes: number): Promise<void>;
  stop(): Promise<void>;
};

export type AuditLine = {
  action: string;
  actor: string;
  address: string | null;
  before: unknown;
  after: unknown;
};

export async function startDoorBench(): Promise<DoorBench> {
  const engines = await startTestEngines();
  openAuditLog(openCipher([TEST_KEY]));
  const db: Pool = openStore(engines.runtime().identityUrl, 'identity', {
    max: 10,
    settings: ['jiansheng.every=on'],
  });
  const settings = signInSchema.parse({});
  const { store, officeId } = engines;
  const door: Door = { db, settings, officeId };
  const hash = await hashPassword(PASSWORD);
  const enter: DoorBench['enter'] = (email, password = PASSWORD, from = DESK, at = door) =>
    signIn(at, email, password, from);
  return {
    engines,
    door,
    with: (change) => ({ ...door, settings: { ...settings, ...change } }),
    async somebody(role = 'press-officer', withPassword = true) {
      const id = randomUUID();
      const email = `${id}@example.com`;
      await store.query(`insert into people (id, office_id, name, email) values ($1, $2, '某人', $3)`, [
        id,
        officeId,
        email,
      ]);
      if (withPassword) {
        await store.query(
          `insert into credentials (id, person_id, account_id, provider_id, password) values ($1, $1, $1, 'credential', $2)`,
          [id, hash],
        );
      }
      await store.query(
        `insert into role_grants (office_id, person_id, role, kind, granted_by) values ($1, $2, $3, 'holder', 'test')`,
        [officeId, id, role],
      );
      return { id, email };
    },
    enter,
    async session({ email }) {
      const result = await enter(email);
      if (result.outcome !== 'in') throw new Error(result.outcome);
      const found = await findSession(db, result.token, settings);
      return { id: found?.id ?? '', token: result.token };
    },
    async over(token, at = door) {
      const found = await findSession(at.db, token, at.settings);
      return found ? found.over : 'gone';
    },
    async auditOf(subject) {
      const found = await store.query<{ entry: string }>(
        'select entry from audit_entries where subject = $1 order by seq desc',
        [subject.includes('-') ? `person:${subject}` : subject],
      );
      return found.rows.map(({ entry }) => {
        const { action, actor, address, before, after } = JSON.parse(entry) as AuditLine;
        return { action, actor, address, before, after };
      });
    },
    async pass(minutes) {
      await store.query(
        `with by as (select $1 * interval '1 minute' as d),
           sessions_moved as (update sessions set created_at = created_at - d, last_seen_at = last_seen_at - d,
             expires_at = expires_at - d from by),
           tries_moved as (update sign_in_tries set expires_at = expires_at - d, locked_at = locked_at - d from by),
           invitations_moved as (update invitations set created_at = created_at - d, expires_at = expires_at - d from by)
         update credentials set password_at = password_at - d from by`,
        [minutes],
      );
    },
    async stop() {
      await db.end();
      await engines.stop();
    },
  };
}

export function self(id: string, officeId: number, address = '10.0.0.1'): Actor {
  return { id, officeId, role: 'self', address };
}
