import type { Cipher } from '../config/cipher.ts';
import type { NoticeLevel, RobotKind } from '../config/notices.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** What address and secret of a robot are sealed for. */
export const robotContext = (id: string): string => `notice-robot:${id}`;

export type NoticeRobot = {
  id: number;
  officeId: number;
  kind: RobotKind;
  name: string;
  host: string;
  signed: boolean;
  levels: NoticeLevel[];
  enabled: boolean;
  waitUntil: Date | null;
  madeAt: Date;
};

const COLUMNS = `id, office_id as "officeId", kind, name, host, secret_sealed is not null as signed, levels, enabled,
  wait_until as "waitUntil", made_at as "madeAt"`;

/** Those that an office has, without what opens them. */
export async function robotsOf(db: Queryable, officeIds: readonly number[]): Promise<NoticeRobot[]> {
  const found = await db.query<NoticeRobot>(
    `select ${COLUMNS} from notice_robots where office_id = any ($1) and ended_at is null order by id limit 200`,
    [officeIds],
  );
  return found.rows;
}

/** What opens a robot, for whoever is about to send. @throws OldKeyNeeded, SealBroken */
export async function robotDoor(
  db: Queryable,
  cipher: Cipher,
  id: number,
): Promise<{ kind: RobotKind; address: string; secret: string | null } | null> {
  const found = await db.query<{ kind: RobotKind; address: string; secret: string | null }>(
    `select kind, address_sealed as address, secret_sealed as secret from notice_robots
     where id = $1 and ended_at is null`,
    [id],
  );
  const row = found.rows[0];
  if (!row) return null;
  const open = (sealed: string) => cipher.open(sealed, robotContext(String(id))).toString();
  return {
    kind: row.kind,
    address: open(row.address),
    secret: row.secret === null ? null : open(row.secret),
  };
}

export type NewRobot = {
  kind: RobotKind;
  name: string;
  address: string;
  secret: string | null;
  levels: readonly NoticeLevel[];
};

/** Adds a robot; the audit log learns of which host and name it is, and nothing that opens it. */
export async function addRobot(store: Store, cipher: Cipher, actor: Actor, robot: NewRobot): Promise<number> {
  const { kind, name, address, secret, levels } = robot;
  const { host } = new URL(address);
  return transaction(store, async (client) => {
    const drawn = await client.query<{ id: number }>(
      `select nextval(pg_get_serial_sequence('notice_robots', 'id'))::int as id`,
    );
    const id = (drawn.rows[0] as { id: number }).id;
    const seal = (value: string) => cipher.seal(value, robotContext(String(id)));
    await client.query(
      `insert into notice_robots (id, office_id, kind, name, address_sealed, secret_sealed, host, levels, made_by)
       overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ...[id, actor.officeId, kind, name, seal(address), secret === null ? null : seal(secret), host],
        ...[levels, actor.id],
      ],
    );
    await appendAudit(client, {
      ...{ ...actor, action: 'notice-robot-add', subject: `notice-robot:${id}` },
      after: { kind, name, host, signed: secret !== null, levels },
    });
    return id;
  });
}

/** Changes what a robot is told, or whether. @returns false when it is not there */
export async function changeRobot(
  store: Store,
  actor: Actor,
  id: number,
  change: { levels: readonly NoticeLevel[]; enabled: boolean },
): Promise<boolean> {
  return transaction(store, async (client) => {
    const before = await client.query<{ levels: NoticeLevel[]; enabled: boolean }>(
      'select levels, enabled from notice_robots where id = $1 and office_id = $2 and ended_at is null for update',
      [id, actor.officeId],
    );
    if (!before.rows[0]) return false;
    await client.query('update notice_robots set levels = $2, enabled = $3 where id = $1', [
      ...[id, change.levels, change.enabled],
    ]);
    if (!change.enabled) await dropWaiting(client, id);
    await appendAudit(client, {
      ...{ ...actor, action: 'notice-robot-change', subject: `notice-robot:${id}` },
      before: before.rows[0],
      after: change,
    });
    return true;
  });
}

/** Takes a robot away for good: what opens it is forgotten, and what still waits for it is dropped. */
export async function endRobot(store: Store, actor: Actor, id: number): Promise<boolean> {
  return transaction(store, async (client) => {
    const ended = await client.query<{ name: string }>(
      `update notice_robots set ended_at = now(), enabled = false, address_sealed = null, secret_sealed = null
       where id = $1 and office_id = $2 and ended_at is null returning name`,
      [id, actor.officeId],
    );
    if (!ended.rows[0]) return false;
    await dropWaiting(client, id);
    await appendAudit(client, {
      ...{ ...actor, action: 'notice-robot-end', subject: `notice-robot:${id}` },
      before: { name: ended.rows[0].name },
    });
    return true;
  });
}

/** What still waits for it is not sent: it would be old news by the time that it is switched on again. */
async function dropWaiting(client: Queryable, id: number): Promise<void> {
  await client.query(
    `update notice_deliveries set state = 'dropped', ended_at = now(), reason = 'gone' where robot_id = $1 and state = 'waiting'`,
    [id],
  );
}

/** That somebody tried a robot out, and what came of it. */
export async function noteRobotTest(store: Store, actor: Actor, id: number, outcome: string): Promise<void> {
  await transaction(store, (client) =>
    appendAudit(client, {
      ...{ ...actor, action: 'notice-robot-test', subject: `notice-robot:${id}` },
      after: { outcome },
    }),
  );
}
