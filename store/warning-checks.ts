import { checkItems, isGrave, type CheckItem, type Level } from '../config/levels.ts';
import type { Actor } from './actor.ts';
import { messages } from './messages.ts';
import type { Queryable, Store } from './pool.ts';
import { act, LONGEST_REASON, reasoned } from './warning-act.ts';
import { openStates, type WarningState } from './warnings.ts';

const words = messages.warnings;

export type Check = { item: CheckItem; note: string; doneAt: Date; doneBy: string | null };

export async function checksOf(db: Queryable, warningId: number): Promise<Check[]> {
  const found = await db.query<Check>(
    `select c.item, c.note, c.done_at as "doneAt", p.name as "doneBy"
     from warning_checks c left join people p on p.id = c.done_by where c.warning_id = $1`,
    [warningId],
  );
  return found.rows;
}

/**
 * Records that one of the three was done, with what was done; or takes the record back with a null.
 * @throws Refused `warning-gone`, `warning-state`, `warning-reason`
 */
export async function checkWarning(
  store: Store,
  actor: Actor,
  id: number,
  item: CheckItem,
  note: string | null,
  now: Date,
): Promise<void> {
  await act(store, actor, id, null, openStates, now, async (client, { officeId }) => {
    const text = note === null ? null : reasoned(note, LONGEST_REASON, words.checkNote);
    await client.query(
      text === null
        ? 'delete from warning_checks where warning_id = $1 and item = $2'
        : `insert into warning_checks (warning_id, item, office_id, note, done_at, done_by) values ($1, $2, $3, $4, $5, $6)
           on conflict (warning_id, item) do update set note = excluded.note, done_at = excluded.done_at, done_by = excluded.done_by`,
      text === null ? [id, item] : [id, item, officeId, text, now, actor.id],
    );
    return { step: { kind: 'check', text, details: { item, done: text !== null } } };
  });
}

/**
 * The press conference was held, or is not fitting: either stops its clock.
 * @throws Refused `warning-gone`, `warning-changed`, `warning-state`, `warning-reason`
 */
export async function settlePress(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  { held, note }: { held: boolean; note: string },
  now: Date,
): Promise<void> {
  const from = openStates.filter((state) => state !== 'suggested');
  await act(store, actor, id, seen, from, now, async (client) => {
    const text = reasoned(note);
    await client.query('update warnings set press_at = $2, version = version + 1 where id = $1', [id, now]);
    return { step: { kind: 'press', text, details: { held } } };
  });
}

/** What still keeps a warning from being lifted, in Chinese; empty when nothing does. */
export async function lackingToLift(
  db: Queryable,
  id: number,
  level: Level,
  state: WarningState,
): Promise<string[]> {
  const orders = await db.query<{ open: number }>(
    `select count(*)::int as open from supervision_orders where warning_id = $1 and state = 'open'`,
    [id],
  );
  const open = orders.rows[0]?.open ?? 0;
  const lacking = open > 0 ? [words.openOrders(open)] : [];
  if (!isGrave(level)) return lacking;
  const done = await checksOf(db, id);
  return [
    ...(state === 'assessed' ? [] : [words.lackAssessed]),
    ...checkItems
      .filter((item) => !done.some((check) => check.item === item))
      .map((item) => words.lackCheck[item]),
    ...lacking,
  ];
}
