import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { transaction, type Store } from './pool.ts';

/** So many addresses may one person have the hub look at within so many minutes. */
const MOST = 30;
const MINUTES = 10;

/**
 * Enters into the log that somebody has the hub look at an address: requests to other people's sites go out in the
 * office's name.
 * @throws Refused `probe-too-often`
 */
export async function noteProbe(store: Store, actor: Actor, address: string): Promise<void> {
  const { host } = new URL(address);
  await transaction(store, async (client) => {
    // First the entry, whose lock lets one after the other count.
    await appendAudit(client, { ...actor, action: 'source-probe', subject: `address:${host}` });
    const found = await client.query<{ entries: number; minutes: number }>(
      `select count(*)::int as entries,
         ceil(extract(epoch from min(at) + $3 * interval '1 minute' - now()) / 60)::int as minutes
       from (
         select at from audit_entries where actor = $1 and action = 'source-probe'
           and at > now() - $3 * interval '1 minute' order by seq desc limit $2 + 1
       ) recent`,
      [actor.id, MOST, MINUTES],
    );
    const { entries = 0, minutes = 1 } = found.rows[0] ?? {};
    if (entries > MOST)
      throw new Refused('probe-too-often', messages.sources.probeTooOften(Math.max(1, minutes)));
  });
}
