import { appendAudit } from '../../../store/audit.ts';
import { namesOf, officeNames, peopleLike } from '../../../store/audit-names.ts';
import { searchAudit, type AuditFilter, type FoundEntry } from '../../../store/audit-search.ts';
import { verifyAudit, type Verdict } from '../../../store/audit-verify.ts';
import { transaction } from '../../../store/pool.ts';
import type { Offices } from '../../../store/scope.ts';
import { auditTimes, type AuditView } from '../audit.ts';
import { hubDb, type Desk } from './desk.ts';

const PER_PAGE = 50;

/** An entry as the page shows it, with names where there are any. */
export type ShownEntry = FoundEntry & { who: string | null; office: string; subjectName: string | null };

export type AuditPage = { entries: ShownEntry[]; hasOlder: boolean; hasNewer: boolean };

/** Looks into the log; that somebody did so, and what for, is entered first. */
export async function lookInto(desk: Desk, offices: Offices, view: AuditView): Promise<AuditPage> {
  const times = auditTimes(view, new Date());
  await enterReading(desk, view, times);
  const { db } = desk;
  const filter: AuditFilter = {
    ...times,
    actors: view.actor === '' ? null : [view.actor, ...(await peopleLike(db, view.actor))],
    action: view.action,
    but: view.reads || view.action !== null ? null : 'audit-read',
    subject: view.subject || null,
    text: view.text || null,
  };
  // One more than is shown tells whether there are others.
  const found = await searchAudit(db, offices, filter, view.beside, PER_PAGE + 1);
  const newer = view.beside !== null && 'after' in view.beside;
  const more = found.length > PER_PAGE;
  const shown = more ? (newer ? found.slice(1) : found.slice(0, PER_PAGE)) : found;
  return {
    entries: await withNames(desk, shown),
    hasOlder: newer || more,
    hasNewer: newer ? more : view.beside !== null,
  };
}

async function enterReading(
  { db, actor }: Desk,
  view: AuditView,
  times: { from: Date | null; to: Date | null },
): Promise<void> {
  const { actor: who, action, subject, text, office, only, beside } = view;
  const asked = Object.entries({ ...times, actor: who, action, subject, text, office, only, ...beside });
  const after = Object.fromEntries(asked.filter(([, value]) => Boolean(value)));
  await transaction(db, (client) =>
    appendAudit(client, { ...actor, action: 'audit-read', subject: 'audit-log', after }),
  );
}

async function withNames({ db }: Desk, entries: FoundEntry[]): Promise<ShownEntry[]> {
  const personIn = (subject: string) => (subject.startsWith('person:') ? subject.slice(7) : null);
  const ids = entries.flatMap(({ actor, subject }) => [actor, personIn(subject) ?? actor]);
  const [people, offices] = await Promise.all([
    namesOf(db, [...new Set(ids)]),
    officeNames(db, [...new Set(entries.map((entry) => entry.officeId))]),
  ]);
  return entries.map((entry) => ({
    ...entry,
    who: people.get(entry.actor) ?? null,
    office: offices.get(entry.officeId) ?? '',
    subjectName: people.get(personIn(entry.subject) ?? '') ?? null,
  }));
}

let running: Promise<Verdict> | null = null;

/**
 * Walks the whole chain, of every office: it cannot be checked in parts, and tells numbers only. Who asks while one is under
 * way gets its result.
 */
export function verifyOnce(): Promise<Verdict> {
  running ??= verifyAudit(hubDb()).finally(() => (running = null));
  return running;
}
