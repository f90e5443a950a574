import { setImmediate as others } from 'node:timers/promises';
import type { SuggestedLevel } from '../../config/warning-levels.ts';
import type { Condition, Rule } from '../../config/warning-rules.ts';
import type { Queryable } from '../../store/pool.ts';
import type { EvidenceNumber } from '../../store/warning-evidence.ts';
import {
  allHours,
  firstPostAt,
  firstTimes,
  gapsWithParts,
  placesOfConcerns,
  subjectFacts,
  type SeriesHour,
  type SubjectFacts,
} from '../../store/warning-series.ts';
import { decide, type RuleState, type Standing } from './decide.ts';
import { Learnt } from './learnt.ts';
import { HOUR_MS, PACE_POSTS, YOUNG_MS, type Observed, type Place, type Subject } from './observed.ts';
import { reachable, windowsOf } from './reach.ts';
import { whySentence } from './rule-words.ts';
import { hourOf, knownHours, seriesOf } from './series.ts';
import { subjectOf, titleOf } from './titles.ts';

const DAY_MS = 24 * HOUR_MS;
/** What came before the time that is looked back on is learnt. */
const LEARNT_DAYS = 28;
const SILENCE_MS = 7 * DAY_MS;
/** More than a page can show. */
const MOST = 500;

export type PreviewedSuggestion = {
  at: Date;
  subject: { kind: Subject['kind']; key: string; title: string };
  level: SuggestedLevel;
  why: string;
  numbers: EvidenceNumber[];
};

export type Preview = {
  days: number;
  /** The latest first; no more than five hundred. */
  suggestions: PreviewedSuggestion[];
  per30Days: number;
  /** Conditions that counters cannot tell of the past: taken to hold. */
  leftOut: ('sources' | 'heat')[];
};

/**
 * What a rule would have suggested: from counters, hour by hour, by the code that judges now. What is calm counts as over.
 * Reads no post but the times of the first ones of concerns, where the rule asks for pace.
 */
export async function previewRule(
  db: Queryable,
  officeId: number,
  { name, level, rule }: { name: string; level: SuggestedLevel; rule: Rule },
  now: Date,
  days = 90,
): Promise<Preview> {
  const since = hourOf(now.getTime() - days * DAY_MS);
  const began = hourOf((await firstPostAt(db, officeId))?.getTime() ?? now.getTime());
  const from = Math.max(began, since - LEARNT_DAYS * DAY_MS);
  const hours = await allHours(db, officeId, rule.subjects, new Date(from), now);
  const gaps = await gapsWithParts(db, officeId, new Date(from), now);
  const past: Past = {
    from,
    since: Math.max(since, from),
    until: now.getTime(),
    gaps: knownHours(gaps, from, now.getTime()),
  };
  const asked = [...hours].filter(([key, each]) => everReachable(rule, subjectOf(key), each));
  const subjects = asked.map(([key]) => subjectOf(key));
  const facts = await subjectFacts(db, officeId, subjects);
  const concerns = subjects.filter(({ kind }) => kind === 'concern').map(({ key }) => key);
  const places = await placesOfConcerns(db, concerns);
  const suggestions: PreviewedSuggestion[] = [];
  for (const [key, each] of asked) {
    const subject = subjectOf(key);
    const known = facts.get(key);
    const firsts =
      rule.all.some(({ kind }) => kind === 'pace') && subject.kind === 'concern'
        ? (await firstTimes(db, subject.key, PACE_POSTS)).map((at) => at.getTime())
        : null;
    const look = new LookBack(past, subject, known, each, places.get(subject.key) ?? [], firsts);
    const shown = { kind: subject.kind, key: subject.key, title: titleOf(subject, known) };
    for (const { at, numbers } of look.suggestions({ name, level, rule: toldByCounters(rule, subject) }))
      suggestions.push({ at: new Date(at), subject: shown, level, why: whySentence(numbers), numbers });
    await others();
  }
  suggestions.sort((a, b) => b.at.getTime() - a.at.getTime());
  const span = Math.max(1, (past.until - past.since) / DAY_MS);
  return {
    days,
    suggestions: suggestions.slice(0, MOST),
    per30Days: Math.round((300 * suggestions.length) / span) / 10,
    leftOut: leftOut(rule),
  };
}

type Past = { from: number; since: number; until: number; gaps: Uint8Array };

class LookBack {
  readonly #past: Past;
  readonly #subject: Subject;
  readonly #facts: SubjectFacts | undefined;
  readonly #hours: readonly SeriesHour[];
  readonly #places: readonly Place[];
  readonly #firsts: readonly number[] | null;

  constructor(
    past: Past,
    subject: Subject,
    facts: SubjectFacts | undefined,
    hours: readonly SeriesHour[],
    places: readonly { firstAt: Date; lastAt: Date }[],
    firsts: readonly number[] | null,
  ) {
    [this.#past, this.#subject, this.#facts] = [past, subject, facts];
    [this.#hours, this.#firsts] = [hours, firsts];
    this.#places = places.map(({ firstAt, lastAt }) => ({
      firstAt: firstAt.getTime(),
      lastAt: lastAt.getTime(),
    }));
  }

  suggestions(rule: {
    name: string;
    level: SuggestedLevel;
    rule: Rule;
  }): { at: number; numbers: EvidenceNumber[] }[] {
    const { from, since, until, gaps } = this.#past;
    const series = seriesOf(from, gaps, this.#hours);
    const firstAt = this.#facts?.firstAt?.getTime() ?? null;
    const learnt = Learnt.since(firstAt === null ? from : Math.max(from, firstAt - SILENCE_MS), from);
    const found: { at: number; numbers: EvidenceNumber[] }[] = [];
    let standing: Standing = { open: null, closed: null };
    let states: ReadonlyMap<number, RuleState> = new Map();
    const asked = [{ ...rule, id: 1, version: 1 }];
    const sums = sumsOf(series.posts, windowsOf(asked));
    for (let at = since; at < until; at += HOUR_MS) {
      const now = Math.min(until, at + HOUR_MS);
      const n = (at - from) / HOUR_MS;
      const mayHold = reachable(asked, this.#subject.kind, (hours) => sums.get(hours)?.[n] ?? 0);
      if (!mayHold && !standing.open && !states.get(1)?.holdsSince) continue;
      learnt.learn(series, now);
      const observed: Observed = {
        subject: this.#subject,
        title: '',
        series,
        places: this.#places.filter((place) => place.firstAt <= now),
        times:
          this.#firsts && firstAt !== null && now - firstAt < YOUNG_MS
            ? this.#firsts.filter((time) => time <= now)
            : null,
        heat: null,
      };
      const decision = decide(asked, observed, learnt, standing, states, now);
      states = new Map([...states, ...decision.states]);
      if (decision.act) {
        found.push({ at: now, numbers: decision.act.judgement.numbers });
        const open = { id: 0, level: rule.level, higher: null, ruleId: 1, calmSince: null };
        standing = { ...standing, open };
      } else if (decision.turn === 'calm') standing = { open: null, closed: { at: now, level: rule.level } };
    }
    return found;
  }
}

/** Sums of windows that end with each hour. */
function sumsOf(posts: Float64Array, windows: readonly number[]): Map<number, Float64Array> {
  return new Map(
    windows.map((hours) => {
      const sums = new Float64Array(posts.length);
      let sum = 0;
      for (let n = 0; n < posts.length; n += 1) {
        sum += (posts[n] ?? 0) - (posts[n - hours] ?? 0);
        sums[n] = sum;
      }
      return [hours, sums];
    }),
  );
}

/** Most concerns never have enough posts for a rule at all. */
function everReachable(rule: Rule, { kind }: Subject, hours: readonly SeriesHour[]): boolean {
  const posts = hours.reduce((sum, hour) => sum + hour.posts, 0);
  return reachable([{ rule }], kind, () => posts);
}

/** Of watches, lines and offices counters do not tell the outlets; of the past nothing tells the heat. */
function toldByCounters(rule: Rule, { kind }: Subject): Rule {
  const all = rule.all.filter((one) => one.kind !== 'heat' && (one.kind !== 'sources' || kind === 'concern'));
  return { ...rule, all: all.length > 0 ? all : rule.all };
}

function leftOut({ all, subjects }: Rule): Preview['leftOut'] {
  const has = (kind: Condition['kind']) => all.some((one) => one.kind === kind);
  return [
    ...(has('sources') && subjects.some((kind) => kind !== 'concern') ? (['sources'] as const) : []),
    ...(has('heat') ? (['heat'] as const) : []),
  ];
}
