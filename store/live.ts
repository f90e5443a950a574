import pg from 'pg';
import type { Queryable } from './pool.ts';

/** What open pages are told at once. Carries counts and ids only, never text. */
export type LiveEvent =
  /** Who may see what has changed, for all or for one person: their open streams end and come back through the gate. */
  | { kind: 'access'; personId?: string }
  | { kind: 'posts'; officeId: number; stored: number }
  | { kind: 'visit'; officeId: number; sourceId: number }
  | { kind: 'concerns'; officeId: number }
  | { kind: 'notice'; officeId: number }
  | { kind: 'delivery'; officeId: number; deliveryId: number }
  /** What a release holds, or where it stands, has changed. */
  | { kind: 'release'; officeId: number; releaseId: number }
  /** Who has it open, or what the editor saved by itself. */
  | { kind: 'editors'; officeId: number; releaseId: number }
  | { kind: 'warning'; officeId: number; warningId: number }
  | { kind: 'judging'; officeId: number }
  | { kind: 'hand-over'; officeId: number; handOverId: number };

const CHANNEL = 'jiansheng_live';

/** Tells every listener; inside a transaction it is sent at the commit, or not at all. */
export async function tellLive(db: Queryable, event: LiveEvent): Promise<void> {
  await db.query('select pg_notify($1, $2)', [CHANNEL, JSON.stringify(event)]);
}

const RECONNECT_MS = 2_000;

/**
 * Listens until the returned function is called. A lost connection is made again; what was told meanwhile is missed,
 * so that `onEvent` also gets a null after each reconnection ("something may have happened: look").
 */
export function listenLive(
  databaseUrl: string,
  onEvent: (event: LiveEvent | null) => void,
): () => Promise<void> {
  let client: pg.Client | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let first = true;

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'jiansheng live',
      keepAlive: true,
    });
    client = next;
    let gone = false;
    const retry = () => {
      if (gone) return;
      gone = true;
      void next.end().catch(() => {});
      if (!stopped) timer = setTimeout(() => void connect(), RECONNECT_MS);
    };
    next.on('error', retry);
    next.on('end', retry);
    next.on('notification', (message) => onEvent(JSON.parse(message.payload ?? 'null') as LiveEvent | null));
    try {
      await next.connect();
      await next.query(`listen ${CHANNEL}`);
      if (!first) onEvent(null);
      first = false;
    } catch {
      retry();
    }
  }

  void connect();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client?.end().catch(() => {});
  };
}
