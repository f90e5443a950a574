import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { INTAKE_COLUMNS, type IntakeSource } from './intake.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** So that somebody who finds one knows what it is. */
const PREFIX = 'jsp_';

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * Makes a token of a source.
 * @param name which system gets it
 * @returns the token, which is kept nowhere
 */
export async function makeToken(
  store: Store,
  actor: Actor,
  source: Pick<IntakeSource, 'id' | 'officeId'>,
  name: string,
): Promise<string> {
  const token = PREFIX + randomBytes(32).toString('base64url');
  await transaction(store, async (client) => {
    const made = await client.query<{ id: number }>(
      `insert into push_tokens (office_id, source_id, name, digest, made_by) values ($1, $2, $3, $4, $5) returning id`,
      [source.officeId, source.id, name, digestOf(token), actor.id],
    );
    await appendAudit(client, {
      ...{ ...actor, action: 'push-token-make', subject: `source:${source.id}` },
      after: { token: made.rows[0]?.id, name },
    });
  });
  return token;
}

/** Ends a token at once. @returns false when it was ended before, or is none of the source's */
export async function endToken(store: Store, actor: Actor, sourceId: number, id: number): Promise<boolean> {
  return transaction(store, async (client) => {
    const ended = await client.query<{ name: string }>(
      `update push_tokens set ended_at = now(), ended_by = $3
       where id = $1 and source_id = $2 and ended_at is null returning name`,
      [id, sourceId, actor.id],
    );
    const [token] = ended.rows;
    if (!token) return false;
    await appendAudit(client, {
      ...{ ...actor, action: 'push-token-end', subject: `source:${sourceId}` },
      before: { token: id, name: token.name },
    });
    return true;
  });
}

export type PushToken = {
  id: number;
  name: string;
  madeAt: Date;
  /** Null: somebody out of reach. */
  madeBy: string | null;
  lastUsedAt: Date | null;
  endedAt: Date | null;
};

/** The tokens of a source, those that are good first. */
export async function tokensOf(db: Queryable, sourceId: number): Promise<PushToken[]> {
  const found = await db.query<PushToken>(
    `select t.id, t.name, t.made_at as "madeAt", p.name as "madeBy", t.last_used_at as "lastUsedAt", t.ended_at as "endedAt"
     from push_tokens t left join people p on p.id = t.made_by
     where t.source_id = $1 order by t.ended_at desc nulls first, t.made_at desc limit 200`,
    [sourceId],
  );
  return found.rows;
}

/** A call by a token that is good. */
export type TokenUse = IntakeSource & {
  tokenId: number;
  /** Calls of this token within the running minute, this one among them, and how long that minute still takes. */
  calls: number;
  secondsLeft: number;
};

/** Counts a call and finds out what it is for; in one statement, so that the limit holds for all processes. */
export async function useToken(db: Queryable, token: string): Promise<TokenUse | null> {
  if (!token.startsWith(PREFIX) || token.length > 100) return null;
  const used = await db.query<TokenUse>(
    `with used as (
       update push_tokens set last_used_at = now(), minute = date_trunc('minute', now()),
         calls = case when minute = date_trunc('minute', now()) then calls + 1 else 1 end
       where digest = $1 and ended_at is null returning id, source_id, calls
     )
     select used.id as "tokenId", used.calls,
       ceil(60 - extract(second from now()))::int as "secondsLeft", ${INTAKE_COLUMNS}
     from used join sources s on s.id = used.source_id`,
    [digestOf(token)],
  );
  return used.rows[0] ?? null;
}
