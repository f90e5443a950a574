import { randomUUID } from 'node:crypto';
import type { Role } from '../../config/access/roles.ts';
import { openCipher } from '../../config/cipher.ts';
import { openAuditLog } from '../../store/audit.ts';
import { openStore } from '../../store/pool.ts';
import type { Ground, Self } from '../../web/lib/server/identity/ground.ts';
import { startTestEngines, type TestEngines } from './engines.ts';

/** Real engines, and what the code that signs people in stands on: its own database role, as in a running hub. */
export type FactorBench = {
  engines: TestEngines;
  ground: Ground;
  /** Seconds that the counter of tries makes everybody wait. */
  waiting: number;
  /** Somebody with a role, signed in with a password. */
  somebody(role?: Role): Promise<Self>;
  newSession(personId: string): Promise<Self['session']>;
  /** Token and factor of the session as they stand now. */
  sessionOf(self: Self): Promise<{ token: string; factor: string | null } | undefined>;
  /** What the log says of the person: `action result`, in order. */
  auditOf(self: Self): Promise<string[]>;
  stop(): Promise<void>;
};

export async function startFactorBench(): Promise<FactorBench> {
  const engines = await startTestEngines();
  const { identityUrl, keys } = engines.runtime();
  const identity = openStore(identityUrl, 'identity', { settings: ['jiansheng.every=on'] });
  const cipher = openCipher(keys);
  openAuditLog(cipher);
  const { store, officeId } = engines;

  async function newSession(personId: string): Promise<Self['session']> {
    const session = { id: randomUUID(), factor: null };
    await store.query(
      `insert into sessions (id, person_id, token, expires_at) values ($1, $2, $1, now() + interval '1 hour')`,
      [session.id, personId],
    );
    return session;
  }

  const bench: FactorBench = {
    engines,
    waiting: 0,
    ground: {
      db: identity,
      cipher,
      tries: { take: () => Promise.resolve(bench.waiting), succeeded: () => Promise.resolve() },
    },
    newSession,
    async somebody(role = 'press-officer') {
      const id = randomUUID();
      const email = `${id}@desk.example`;
      await store.query(
        `insert into people (id, office_id, name, email, email_verified) values ($1, $2, '某人', $3, true)`,
        [id, officeId, email],
      );
      await store.query(
        `insert into role_grants (office_id, person_id, role, kind, granted_by) values ($1, $2, $3, 'holder', 'test')`,
        [officeId, id, role],
      );
      const actor = { id, officeId, role: 'self' as const, address: '10.0.0.1' };
      return { actor, email, session: await newSession(id) };
    },
    async sessionOf({ session }) {
      const found = await store.query<{ token: string; factor: string | null }>(
        'select token, factor from sessions where id = $1',
        [session.id],
      );
      return found.rows[0];
    },
    async auditOf({ actor }) {
      const found = await store.query<{ text: string }>(
        `select action || coalesce(' ' || (entry::jsonb -> 'after' ->> 'result'), '') as text
         from audit_entries where subject = 'person:' || $1 order by seq`,
        [actor.id],
      );
      return found.rows.map((row) => row.text);
    },
    async stop() {
      await identity.end();
      await engines.stop();
    },
  };
  return bench;
}
