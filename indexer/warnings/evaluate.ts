import { setImmediate as others } from 'node:timers/promises';
import { lockWarnings } from '../../store/locks.ts';
import { transaction, type Queryable, type Store } from '../../store/pool.ts';
import { noteJudged } from '../../store/standstills.ts';
import { keepRhythms, rhythmsOf, type KeptRhythm } from '../../store/rhythms.ts';
import { keepRuleStates, ruleStates, subjectsHeld, type KeptRuleState } from '../../store/rule-states.ts';
import {
  openSubjects,
  standingOf,
  suggestHigher,
  suggestWarning,
  turnWarning,
  warnedConcerns,
  type WarningStanding,
} from '../../store/suggestions.ts';
import { activeRules } from '../../store/warning-rules.ts';
import {
  firstPostAt,
  firstTimes,
  gapsWithParts,
  hoursOf,
  piledUp,
  placesOf,
  postedAbout,
  postsOfMoment,
  postsWithin,
  subjectFacts,
  type SubjectFacts,
} from '../../store/warning-series.ts';
import { decide, type Decision, type RuleState, type Standing, type StandingRule } from './decide.ts';
import { evidenceOf } from './evidence.ts';
import { Learnt, READ_DAYS } from './learnt.ts';
import {
  HOUR_MS,
  PACE_POSTS,
  UNKNOWN,
  windowStart,
  YOUNG_MS,
  type Observed,
  type Subject,
} from './observed.ts';
import { movedTo } from './moved.ts';
import { reachable, windowsOf } from './reach.ts';
import { hourOf, knownHours, seriesOf } from './series.ts';
import { nameOf, titleOf } from './titles.ts';

/** Subjects of one evaluation: what was posted about most goes first. Where there are more, the rest waits until it is among them. */
const MOST = 2_000;
/** Subjects whose hours are in memory at a time. */
const AT_ONCE = 200;
/** Posts that a warning shows. */
const SHOWN = 12;
/** A concern was silent before its first post, which is known: so much silence is learnt. */
const SILENCE_MS = 7 * 24 * HOUR_MS;
/** Undated posts of sources that have just come back make an hour unknown from this share of all on. */
const PILED = 0.1;
/** Then hours of so long ago until now are not judged. */
const RETURN_HOURS = 1;
const WHOLE_HOURS = [1, 24] as const;

/** What a process remembers of an office between two looks: posts by window of each subject when it was last looked at. */
export type Seen = Map<string, string>;

export type Looked = { subjects: number; suggested: number; raised: number };

/**
 * Judges what an office has to judge by its rules, and suggests: one transaction, one process at a time for each office.
 * @param now the moment that is judged; nothing reads a clock
 * @param seen with it only subjects that were posted about since are judged; without it also those that time alone changes
 * @returns null when another process is at it
 */
export async function evaluateOffice(
  store: Store,
  officeId: number,
  now: Date,
  seen: Seen | null = null,
): Promise<Looked | null> {
  return transaction(store, async (client) => {
    if (!(await lockWarnings(client, officeId))) return null;
    if (!seen) await noteJudged(client, [officeId], now);
    const rules = await activeRules(client, officeId);
    const subjects = rules.length === 0 ? [] : await subjectsToJudge(client, officeId, rules, now, seen);
    if (subjects.length === 0) return { subjects: 0, suggested: 0, raised: 0 };
    // Concerns first: they explain the others.
    const order = subjects.toSorted((a, b) => Number(b.kind === 'concern') - Number(a.kind === 'concern'));
    const looked = { subjects: 0, suggested: 0, raised: 0 };
    for (let from = 0; from < order.length; from += AT_ONCE) {
      const look = await Look.at(client, officeId, rules, order.slice(from, from + AT_ONCE), now);
      const part = await look.judgeAll();
      looked.subjects += part.subjects;
      looked.suggested += part.suggested;
      looked.raised += part.raised;
    }
    return looked;
  });
}

async function subjectsToJudge(
  client: Queryable,
  officeId: number,
  rules: readonly StandingRule[],
  now: Date,
  seen: Seen | null,
): Promise<Subject[]> {
  const windows = [...new Set([...WHOLE_HOURS, ...windowsOf(rules)])];
  const starts = windows.map((hours) => new Date(windowStart(now.getTime(), hours)));
  const posted = await postedAbout(client, officeId, starts);
  const subjects = posted
    .filter(({ kind, posts }) => reachable(rules, kind, (hours) => posts[windows.indexOf(hours)] ?? 0))
    .filter(({ kind, key, posts }) => !seen || seen.get(`${kind}:${key}`) !== posts.join())
    .toSorted((a, b) => (b.posts[0] ?? 0) - (a.posts[0] ?? 0) || (b.posts[1] ?? 0) - (a.posts[1] ?? 0));
  const chosen = subjects.slice(0, MOST);
  if (seen) {
    if (seen.size > 20_000) seen.clear();
    for (const { kind, key, posts } of chosen) seen.set(`${kind}:${key}`, posts.join());
    return chosen;
  }
  const waiting = [...(await openSubjects(client, officeId)), ...(await subjectsHeld(client, officeId))];
  return [...new Map([...waiting, ...chosen].map((one) => [`${one.kind}:${one.key}`, one])).values()];
}

/** One look at an office: everything about its subjects is read beforehand, a statement for each kind of thing. */
class Look {
  readonly #client: Queryable;
  readonly #officeId: number;
  readonly #rules: readonly StandingRule[];
  readonly #now: number;
  #subjects: readonly Subject[];
  #known: Uint8Array = new Uint8Array();
  #from = 0;
  #began = 0;
  #series: Awaited<ReturnType<typeof hoursOf>> = new Map();
  #facts = new Map<string, SubjectFacts>();
  #rhythms = new Map<string, KeptRhythm>();
  #standing = new Map<string, WarningStanding>();
  #states = new Map<string, Map<number, RuleState>>();
  /** Of concerns that are warned about and part of another one now: which. */
  readonly #moved = new Map<string, string>();
  /** Concerns that another warning speaks for already. */
  readonly #silent = new Set<string>();
  /** Concerns that are warned about: what others have of them needs no warning of its own. */
  readonly #warned = new Set<string>();

  private constructor(
    client: Queryable,
    officeId: number,
    rules: readonly StandingRule[],
    subjects: readonly Subject[],
    now: Date,
  ) {
    [this.#client, this.#officeId, this.#rules] = [client, officeId, rules];
    this.#now = now.getTime();
    this.#subjects = subjects;
  }

  static async at(
    client: Queryable,
    officeId: number,
    rules: readonly StandingRule[],
    subjects: readonly Subject[],
    now: Date,
  ): Promise<Look> {
    const look = new Look(client, officeId, rules, subjects, now);
    await look.#read(now);
    return look;
  }

  async #read(now: Date): Promise<void> {
    const [client, officeId] = [this.#client, this.#officeId];
    await this.#follow();
    const subjects = this.#subjects;
    this.#began = hourOf((await firstPostAt(client, officeId))?.getTime() ?? this.#now);
    this.#from = hourOf(Math.max(this.#began, this.#now - READ_DAYS * 24 * HOUR_MS));
    const since = new Date(this.#from);
    const counted = subjects.map((subject) => this.#counted(subject));
    this.#series = await hoursOf(client, officeId, counted, since);
    this.#facts = await subjectFacts(client, officeId, counted);
    this.#known = knownHours(await gapsWithParts(client, officeId, since, now), this.#from, this.#now);
    await this.#leaveOutPiledUp(now);
    this.#rhythms = await rhythmsOf(client, officeId, counted.map(nameOf), Learnt.form);
    for (const one of await standingOf(client, officeId, subjects)) this.#standing.set(nameOf(one), one);
    for (const { kind, key } of await openSubjects(client, officeId))
      if (kind === 'concern') this.#warned.add(key);
    for (const { kind, key, ruleId, holdsSince, firedAt } of await ruleStates(client, officeId, subjects)) {
      const states = this.#states.get(nameOf({ kind, key })) ?? new Map<number, RuleState>();
      this.#states.set(nameOf({ kind, key }), states);
      states.set(ruleId, { holdsSince: holdsSince?.getTime() ?? null, firedAt: firedAt?.getTime() ?? null });
    }
  }

  /** A concern that is warned about is where most of what raised the warning is now; that one needs no warning of its own. */
  async #follow(): Promise<void> {
    const warned = await warnedConcerns(this.#client, this.#officeId);
    const open = new Set(warned.map(({ key }) => key));
    for (const { key, now } of warned) {
      const into = movedTo(key, now);
      if (into !== key) {
        // The first to be warned of speaks for all that became one.
        if (open.has(into) || this.#warned.has(into)) this.#silent.add(`concern:${key}`);
        this.#moved.set(key, into);
      }
      this.#warned.add(into);
    }
    this.#subjects = this.#subjects.filter(
      ({ kind, key }) => kind !== 'concern' || open.has(key) || !this.#warned.has(key),
    );
  }

  #counted(subject: Subject): Subject {
    const into = subject.kind === 'concern' ? this.#moved.get(subject.key) : undefined;
    return into === undefined ? subject : { kind: 'concern', key: into };
  }

  /** What has piled up in a source that was away is no burst of this moment. */
  async #leaveOutPiledUp(now: Date): Promise<void> {
    const since = hourOf(this.#now) - RETURN_HOURS * HOUR_MS;
    const undated = await piledUp(this.#client, this.#officeId, new Date(since), now);
    if (undated === 0) return;
    const [office] = await postedAbout(
      this.#client,
      this.#officeId,
      [new Date(since)],
      [{ kind: 'office', key: String(this.#officeId) }],
    );
    if (undated < PILED * (office?.posts[0] ?? 0)) return;
    this.#known.fill(UNKNOWN, Math.max(0, (since - this.#from) / HOUR_MS));
  }

  async judgeAll(): Promise<Looked> {
    const looked = { subjects: this.#subjects.length, suggested: 0, raised: 0 };
    const rhythms: KeptRhythm[] = [];
    const states: KeptRuleState[] = [];
    for (const [n, subject] of this.#subjects.entries()) {
      const observed = await this.#observe(subject);
      const { learnt, changed } = this.#learn(observed);
      const series = nameOf(this.#counted(subject));
      if (changed && !rhythms.some((one) => one.series === series)) {
        rhythms.push({ series, state: learnt.save(), until: new Date(learnt.until), posts: learnt.posts });
      }
      const standing = standingAs(this.#standing.get(nameOf(subject)));
      const before = this.#states.get(nameOf(subject)) ?? new Map<number, RuleState>();
      const decision = decide(this.#rules, observed, learnt, standing, before, this.#now);
      if (this.#silent.has(nameOf(subject)) || (await this.#isExplained(subject, decision)))
        withoutAct(decision, before);
      states.push(...keptStates(subject, decision));
      if (decision.act) looked[decision.act.kind === 'suggest' ? 'suggested' : 'raised'] += 1;
      await this.#write(subject, observed, learnt, standing, decision);
      if (n % 16 === 15) await others();
    }
    await keepRhythms(this.#client, this.#officeId, Learnt.form, rhythms);
    await keepRuleStates(this.#client, this.#officeId, states);
    return looked;
  }

  async #observe(subject: Subject): Promise<Observed> {
    const counted = this.#counted(subject);
    const facts = this.#facts.get(nameOf(counted));
    const longest = new Date(windowStart(this.#now, Math.max(24, ...windowsOf(this.#rules))));
    const asks = (kind: string) =>
      this.#rules.some(
        ({ rule }) => rule.subjects.includes(subject.kind) && rule.all.some((one) => one.kind === kind),
      );
    const young = facts?.firstAt && this.#now - facts.firstAt.getTime() < YOUNG_MS;
    const places = asks('sources') ? await placesOf(this.#client, this.#officeId, counted, longest) : [];
    return {
      subject,
      title: titleOf(subject, facts),
      series: seriesOf(this.#from, this.#known, this.#series.get(nameOf(counted)) ?? []),
      places: places.map(({ firstAt, lastAt }) => ({ firstAt: firstAt.getTime(), lastAt: lastAt.getTime() })),
      times:
        young && asks('pace')
          ? (await firstTimes(this.#client, counted.key, PACE_POSTS)).map((at) => at.getTime())
          : null,
      heat: typeof facts?.heat === 'number' ? { heat: facts.heat, trend: facts.trend } : null,
    };
  }

  /** What is usual for a subject up to now; `changed`: there is something new to keep. */
  #learn({ subject, series }: Observed): { learnt: Learnt; changed: boolean } {
    const counted = this.#counted(subject);
    const kept = this.#rhythms.get(nameOf(counted));
    let learnt = kept && Learnt.restore(kept.state, kept.until.getTime(), kept.posts);
    if (!learnt || learnt.isStale(series, this.#now)) {
      const firstAt = this.#facts.get(nameOf(counted))?.firstAt?.getTime();
      learnt = Learnt.since(firstAt ? Math.max(this.#began, firstAt - SILENCE_MS) : this.#began, this.#now);
    }
    return { learnt, changed: learnt.learn(series, this.#now) > 0 };
  }

  /** A watch, a line or the office needs no warning for what a concern is warned about already. */
  async #isExplained(subject: Subject, { act }: Decision): Promise<boolean> {
    if (subject.kind === 'concern' || act?.kind !== 'suggest' || this.#warned.size === 0) return false;
    const hours = Math.max(1, ...windowsOf([act.rule]));
    const since = new Date(windowStart(this.#now, Math.min(24, hours)));
    const [posted] = await postedAbout(this.#client, this.#officeId, [since], [subject]);
    const within = await postsWithin(this.#client, this.#officeId, subject, since, [...this.#warned]);
    return 2 * within >= (posted?.posts[0] ?? 0);
  }

  async #write(
    subject: Subject,
    observed: Observed,
    learnt: Learnt,
    { open }: Standing,
    { act, turn }: Decision,
  ): Promise<void> {
    const [client, officeId] = [this.#client, this.#officeId];
    const at = new Date(this.#now);
    if (act) {
      const { rule, judgement } = act;
      const hours = Math.max(6, ...windowsOf([rule]));
      const since = new Date(windowStart(this.#now, Math.min(72, hours)));
      const posts = await postsOfMoment(client, officeId, this.#counted(subject), since, SHOWN);
      const evidence = evidenceOf(rule, judgement, observed, learnt, posts, this.#now);
      const says = { level: rule.level, ruleId: rule.id, ruleVersion: rule.version, evidence, at };
      if (open) await suggestHigher(client, { id: open.id, officeId, level: open.level }, says);
      else await suggestWarning(client, { officeId, subject, title: observed.title, ...says });
      if (subject.kind === 'concern') this.#warned.add(subject.key);
    }
    // A higher level says already that it has come back.
    if (turn && open && !act) await turnWarning(client, { id: open.id, officeId }, turn, at);
  }
}

function standingAs(kept: WarningStanding | undefined): Standing {
  const { open = null, closed = null } = kept ?? {};
  return {
    open: open && { ...open, calmSince: open.calmSince?.getTime() ?? null },
    closed: closed && { ...closed, at: closed.at.getTime() },
  };
}

/** As if the rule had not been heard: it is when what explains it is over. */
function withoutAct(decision: Decision, before: ReadonlyMap<number, RuleState>): void {
  if (!decision.act) return;
  const { id } = decision.act.rule;
  const state = decision.states.get(id);
  if (state) decision.states.set(id, { ...state, firedAt: before.get(id)?.firedAt ?? null });
  decision.act = null;
}

function keptStates({ kind, key }: Subject, { states }: Decision): KeptRuleState[] {
  return Array.from(states, ([ruleId, { holdsSince, firedAt }]) => ({
    ...{ ruleId, kind, key },
    holdsSince: holdsSince === null ? null : new Date(holdsSince),
    firedAt: firedAt === null ? null : new Date(firedAt),
  }));
}
