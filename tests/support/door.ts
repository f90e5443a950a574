import { openCipher } from '../../config/cipher.ts';
import { signInSchema, type SignInSettings } from '../../config/sign-in.ts';
import type { Actor } from '../../store/actor.ts';
import { openAuditLog } from '../../store/audit.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import type { Door } from '../../web/lib/server/identity/ground.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from './engines.ts';

/** What signing in stands on, on real engines. Time is moved by moving what the database has noted. */
export type DoorBench = {
  engines: TestEngines;
  door: Door;
  /** The door with other settings. */
  with(settings: Partial<SignInSettings>): Door;
  /** Entries of the audit log about a person, the newest first. */
  auditOf(personId: string): Promise<AuditLine[]>;
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
  const door: Door = { db, settings, officeId: engines.officeId };
  return {
    engines,
    door,
    with: (change) => ({ ...door, settings: { ...settings, ...change } }),
    async auditOf(personId) {
      const found = await engines.store.query<{ entry: string }>(
        'select entry from audit_entries where subject = $1 order by seq desc',
        [`person:${personId}`],
      );
      return found.rows.map(({ entry }) => {
        const { action, actor, address, before, after } = JSON.parse(entry) as AuditLine;
        return { action, actor, address, before, after };
      });
    },
    async pass(minutes) {
      await engines.store.query(
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
