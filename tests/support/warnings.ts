import type { Level, SuggestedLevel } from '../../config/warning-levels.ts';
import type { Queryable } from '../../store/pool.ts';
import type { WarningEvidence } from '../../store/warning-evidence.ts';

const HOUR = 3_600_000;

/** What a rule has seen: a quiet day, an hour that was not collected, and a burst at the end. */
export function evidenceOf(asOf: Date): WarningEvidence {
  const last = Math.floor(asOf.getTime() / HOUR);
  const points = Array.from({ length: 48 }, (_, at) => ({
    at: new Date((last - 47 + at) * HOUR).toISOString(),
    value: at === 20 ? null : at > 45 ? 58 : 3 + (at % 4),
    expected: 5,
    low: 1,
    high: 11,
  }));
  return {
    rule: { name: '短时激增', text: '近 1 小时的帖文达到平时的 4 倍以上，且不少于 20 条。' },
    why: '近 1 小时 58 条，平时 5 条；负面 72%。',
    numbers: [
      { label: '近 1 小时帖文（条）', value: 58, expected: 5 },
      { label: '负面占比（%）', value: 72, expected: 18 },
      { label: '来源（个）', value: 6, expected: null },
    ],
    series: { label: '帖文', points },
    posts: [
      {
        ...{ id: 1, at: asOf.toISOString(), outlet: '云州论坛', sentiment: 'negative' },
        excerpt: '食堂的菜里吃出异物，希望有人管一管。',
      },
    ],
    asOf: asOf.toISOString(),
  };
}

let made = 0;

/** A warning as the program suggests it. @returns its id */
export async function suggest(
  db: Queryable,
  officeId: number,
  level: SuggestedLevel,
  at: Date,
  change: { title?: string; subjectKey?: string; state?: string; now?: Level } = {},
): Promise<number> {
  made += 1;
  const { title = '校园食堂', subjectKey = `test-${made}` } = change;
  const row = await db.query<{ id: number }>(
    `insert into warnings (office_id, subject_kind, subject_key, title, suggested_level, level, evidence, suggested_at)
     values ($1, 'line', $2, $3, $4, $4, $5, $6) returning id`,
    [officeId, subjectKey, title, level, evidenceOf(at), at],
  );
  const { id } = row.rows[0] as { id: number };
  await db.query(
    `insert into warning_steps (office_id, warning_id, kind, to_level, at) values ($1, $2, 'suggested', $3, $4)`,
    [officeId, id, level, at],
  );
  return id;
}
