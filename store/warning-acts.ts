import { Refused } from '../config/errors.ts';
import { shanghaiTime } from '../config/shanghai.ts';
import { isGrave, levelNames, levelRank, type Level } from '../config/warning-levels.ts';
import type { Actor } from './actor.ts';
import { messages } from './messages.ts';
import type { Queryable, Store } from './pool.ts';
import { act, HOUR, LONGEST_REASON, LONGEST_TEXT, reasoned, until } from './warning-act.ts';
import type { HeldWarning, Step } from './warning-act.ts';
import { lackingToLift } from './warning-checks.ts';
import { levelOf } from './warning-levels.ts';
import { isOpen, openStates, type WarningState } from './warnings.ts';

const words = messages.warnings;
/** Whoever ended a warning too early takes it back within this; afterwards a new one says what is new. */
export const REOPEN_DAYS = 7;

/**
 * A person says that it is one, and at which level: the clocks of the level begin to run.
 * @param said the reason is needed for another level than the suggested one
 * @throws Refused `warning-gone`, `warning-changed`, `warning-state`, `warning-reason`, `warning-level`
 */
export async function confirmWarning(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  said: { level: Level; reason: string },
  now: Date,
): Promise<void> {
  await act(store, actor, id, seen, ['suggested'], now, async (client, { officeId, level }) => {
    if (said.level === 'green') throw new Refused('warning-level', words.noGreen);
    const text = said.level === level ? said.reason.trim().slice(0, LONGEST_REASON) : reasoned(said.reason);
    const { respondHours, pressHours } = await levelOf(client, officeId, said.level);
    const respondBy = until(now, respondHours);
    await client.query(
      `update warnings set state = 'confirmed', level = $2, confirmed_at = $3, respond_by = $4, press_by = $5,
         higher_level = null, higher_evidence = null, higher_at = null, version = version + 1 where id = $1`,
      [id, said.level, now, respondBy, until(now, pressHours)],
    );
    const told = words.told.confirmed(levelNames[said.level], respondBy && shanghaiTime(respondBy));
    return {
      step: { kind: 'confirmed', from: level, to: said.level, text: text || null },
      told: { kind: 'confirmed', text: told, above: isGrave(said.level), level: said.level },
    };
  });
}

/**
 * Raises or lowers one that is confirmed; or keeps its level against what a rule suggests meanwhile. Raised, the new clock
 * runs from now and never ends later than the old one; one that was answered is to be answered anew. Lowered, it runs from
 * the confirmation.
 * @throws Refused as `confirmWarning`
 */
export async function relevelWarning(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  said: { level: Level; reason: string },
  now: Date,
): Promise<void> {
  const from = ['confirmed', 'handling', 'answered', 'assessed'] as const;
  await act(store, actor, id, seen, from, now, async (client, warning) => {
    if (said.level === 'green') throw new Refused('warning-level', words.noGreen);
    const { level } = warning;
    const text = reasoned(said.reason);
    const change = Math.sign(levelRank(said.level) - levelRank(warning.level));
    const clocks = await clocksAt(client, warning, said.level, change, now);
    const kept = await client.query(
      change === 0
        ? `update warnings set higher_level = null, higher_evidence = null, higher_at = null, version = version + 1
           where id = $1 and higher_level is not null`
        : `update warnings set level = $2, state = $3, respond_by = $4::timestamptz, press_by = $5::timestamptz,
             answered_at = case when $3 = 'handling' and state <> 'handling' then null else answered_at end,
             assessed_at = case when $3 = 'handling' then null else assessed_at end,
             overdue_told_at = case when $4::timestamptz <= $6::timestamptz then overdue_told_at end,
             press_told_at = case when $5::timestamptz <= $6::timestamptz then press_told_at end,
             higher_level = null, higher_evidence = null, higher_at = null, version = version + 1
           where id = $1`,
      change === 0 ? [id] : [id, said.level, clocks.state, clocks.respondBy, clocks.pressBy, now],
    );
    if (kept.rowCount === 0) throw new Refused('warning-level', words.sameLevel);
    const step: Step = { kind: 'level', from: level, to: said.level, text };
    if (change === 0) return { step };
    const told = words.told.level(levelNames[level], levelNames[said.level], text);
    return { step, told: { kind: 'level', text: told, above: isGrave(said.level), level: said.level } };
  });
}

/** State and clocks of a warning at another level. */
async function clocksAt(
  client: Queryable,
  { officeId, state, confirmedAt, respondBy }: HeldWarning,
  level: Level,
  change: number,
  now: Date,
): Promise<{ state: WarningState; respondBy: Date | null; pressBy: Date | null }> {
  const { respondHours, pressHours } = await levelOf(client, officeId, level);
  const since = change > 0 ? now : (confirmedAt ?? now);
  const fresh = until(since, respondHours);
  const pressBy = until(since, pressHours);
  if (change <= 0) return { state, respondBy: fresh, pressBy };
  if (state === 'answered' || state === 'assessed') return { state: 'handling', respondBy: fresh, pressBy };
  return { state, respondBy: fresh && respondBy && respondBy < fresh ? respondBy : fresh, pressBy };
}

/** Says that it is none. @throws Refused as `confirmWarning` */
export async function dismissWarning(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  reason: string,
  now: Date,
): Promise<void> {
  await act(store, actor, id, seen, ['suggested'], now, async (client) => {
    const text = reasoned(reason);
    await client.query(
      `update warnings set state = 'dismissed', dismissed_at = $2, version = version + 1 where id = $1`,
      [id, now],
    );
    return { step: { kind: 'dismissed', text }, told: { kind: 'dismissed', text } };
  });
}

/** Somebody has begun to see to it. @throws Refused `warning-gone`, `warning-changed`, `warning-state` */
export async function handleWarning(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  note: string,
  now: Date,
): Promise<void> {
  await act(store, actor, id, seen, ['confirmed'], now, async (client) => {
    await client.query(
      `update warnings set state = 'handling', handling_at = $2, version = version + 1 where id = $1`,
      [id, now],
    );
    return { step: { kind: 'handling', text: note.trim().slice(0, LONGEST_REASON) || null } };
  });
}

/**
 * The public has its answer: a release that stands, or what was said elsewhere. Stops the clock.
 * @throws Refused as `handleWarning`; `warning-answer` for neither, or a release that is not published
 */
export async function answerWarning(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  { releaseId, note }: { releaseId: number | null; note: string },
  now: Date,
): Promise<void> {
  await act(store, actor, id, seen, ['confirmed', 'handling'], now, async (client, { officeId }) => {
    const text = note.trim().slice(0, LONGEST_TEXT) || null;
    if (releaseId === null && text === null) throw new Refused('warning-answer', words.answerHow);
    const release = releaseId === null ? null : await publishedRelease(client, officeId, releaseId);
    if (releaseId !== null && release === null) throw new Refused('warning-answer', words.noRelease);
    await client.query(
      `update warnings set state = 'answered', answered_at = $2, handling_at = coalesce(handling_at, $2), version = version + 1
       where id = $1`,
      [id, now],
    );
    const details = release === null ? {} : { release: releaseId, title: release };
    return { step: { kind: 'answered', text, details } };
  });
}

async function publishedRelease(client: Queryable, officeId: number, id: number): Promise<string | null> {
  const found = await client.query<{ title: string }>(
    `select title from releases where id = $1 and office_id = $2 and state = 'published'`,
    [id, officeId],
  );
  return found.rows[0]?.title ?? null;
}

/** What came of it. @throws Refused as `dismissWarning` */
export async function assessWarning(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  assessment: string,
  now: Date,
): Promise<void> {
  await act(store, actor, id, seen, ['answered'], now, async (client) => {
    const text = reasoned(assessment, LONGEST_TEXT, words.text);
    await client.query(
      `update warnings set state = 'assessed', assessed_at = $2, version = version + 1 where id = $1`,
      [id, now],
    );
    return { step: { kind: 'assessed', text } };
  });
}

/**
 * Ends it. Below orange from any point on, with a reason; orange and red once they are answered, assessed, the three
 * records are there and no order is open.
 * @throws Refused as `dismissWarning`; `warning-not-ready` naming all that is missing
 */
export async function liftWarning(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  reason: string,
  now: Date,
): Promise<void> {
  const from = openStates.filter((state) => state !== 'suggested');
  await act(store, actor, id, seen, from, now, async (client, { level, state }) => {
    const text = reasoned(reason);
    const lacking = await lackingToLift(client, id, level, state);
    if (lacking.length > 0) throw new Refused('warning-not-ready', words.lacking(lacking));
    await client.query(
      `update warnings set state = 'lifted', lifted_at = $2, version = version + 1 where id = $1`,
      [id, now],
    );
    return { step: { kind: 'lifted', text }, told: { kind: 'lifted', text } };
  });
}

/**
 * Takes back an end that came too early: lifted ones go on being handled, dismissed ones wait for a decision again. Answered
 * and assessed ones go back to being handled.
 * @throws Refused as `dismissWarning`; `warning-reopen` when it is too late or another of its subject is open
 */
export async function reopenWarning(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  reason: string,
  now: Date,
): Promise<void> {
  const from = ['answered', 'assessed', 'lifted', 'dismissed'] as const;
  const work = act(store, actor, id, seen, from, now, async (client, { officeId, level, state, endedAt }) => {
    const text = reasoned(reason);
    if (endedAt && now.getTime() - endedAt.getTime() > REOPEN_DAYS * 24 * HOUR) {
      throw new Refused('warning-reopen', words.tooLate(REOPEN_DAYS));
    }
    const { respondHours } = await levelOf(client, officeId, level);
    // A new answer has the time that the level gives, from now on.
    const respondBy = state === 'dismissed' ? null : until(now, respondHours);
    await client.query(
      `update warnings set state = $2, respond_by = $3, overdue_told_at = null, answered_at = null, assessed_at = null,
         lifted_at = null, dismissed_at = null, version = version + 1 where id = $1`,
      [id, state === 'dismissed' ? 'suggested' : 'handling', respondBy],
    );
    const told = isOpen(state) ? undefined : ({ kind: 'reopened', text } as const);
    return { step: { kind: 'reopened', text, details: { from: state } }, ...(told && { told }) };
  });
  await work.catch((error: { code?: string }) => {
    if (error.code === '23505') throw new Refused('warning-reopen', words.openAgain);
    throw error;
  });
}
