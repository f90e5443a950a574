import type { SuggestedLevel } from '../../config/warning-levels.ts';
import { levelRank } from '../../config/warning-levels.ts';
import type { EvidenceNumber } from '../../store/warning-evidence.ts';
import type { PartGap } from '../../store/warning-series.ts';
import { Concerns } from '../topics/concerns.ts';
import { decide, type RuleState, type Standing, type StandingRule } from './decide.ts';
import { Learnt } from './learnt.ts';
import { Memory, type CountedPost } from './memory.ts';
import { movedTo } from './moved.ts';
import { HOUR_MS, windowStart, type Subject } from './observed.ts';
import { reachable, windowsOf } from './reach.ts';
import { whySentence } from './rule-words.ts';
import { nameOf, subjectOf } from './titles.ts';

/** A post of the past on its way through grouping and rules. */
export type ReplayPost = CountedPost &
  Readonly<{
    /** As `topicWords` gives them; null: it is not grouped. */
    words: readonly string[] | null;
    /** The post that it repeats or stands under. */
    copyOf: number | null;
  }>;

/** A warning that would have been, from its first suggestion to when it was calm. */
export type Episode = {
  subject: Subject;
  title: string;
  /** Of a concern, the posts that it had at the first suggestion. */
  posts: readonly number[];
  /** The first suggestion, then each that says more. */
  steps: { at: number; level: SuggestedLevel; rule: string; why: string; numbers: EvidenceNumber[] }[];
  /** Unix ms; null: not over at the end. */
  endedAt: number | null;
};

export type ReplaySetting = {
  rules: readonly StandingRule[];
  /** Nothing is known from before, Unix ms. */
  from: number;
  gaps?: readonly PartGap[];
  titleOf?: (subject: Subject) => string;
  /** Rules are asked so often; live they are asked within a second. */
  tickMs?: number;
};

/** Posts that a warning shows, and is known by. */
const FOLLOWED = 12;
const TICK_MS = 10 * 60_000;
/** As grouping by itself: a concern was silent before its first post. */
const SILENCE_MS = 7 * 24 * HOUR_MS;

/**
 * Runs posts through grouping and rules as if each had just come: the same code as live, on counters in memory. No person
 * decides in it: what is calm is over.
 */
export class Replay {
  readonly memory: Memory;
  readonly episodes: Episode[] = [];
  readonly #setting: Required<ReplaySetting>;
  readonly #windows: readonly number[];
  readonly #concerns = new Concerns();
  readonly #learnt = new Map<string, Learnt>();
  readonly #states = new Map<string, Map<number, RuleState>>();
  readonly #open = new Map<string, Episode>();
  readonly #closed = new Map<string, { at: number; level: SuggestedLevel }>();
  /** Subjects that some rule holds for. */
  readonly #holding = new Set<string>();
  /** Of warned concerns that are part of another one now: which. */
  readonly #counted = new Map<string, string>();
  readonly #silent = new Set<string>();
  /** Something was grouped since it was last asked what has changed. */
  #grouped = false;
  #tick: number;

  constructor(setting: ReplaySetting) {
    this.#setting = { gaps: [], tickMs: TICK_MS, titleOf: ({ key }) => key, ...setting };
    const { from, gaps, titleOf, tickMs } = this.#setting;
    this.memory = new Memory(from, gaps, titleOf);
    this.#windows = windowsOf(setting.rules);
    this.#tick = Math.ceil(from / tickMs) * tickMs;
  }

  /** The next post, in order of time. */
  post({ words, copyOf, ...counted }: ReplayPost): void {
    this.until(counted.at);
    this.memory.add(counted);
    if (!words) return;
    this.#concerns.add({ id: counted.id, at: counted.at, words, copyOf });
    this.#grouped = true;
  }

  /** Time goes on to there. */
  until(now: number): void {
    for (; this.#tick <= now; this.#tick += this.#setting.tickMs) this.#judgeAll(this.#tick);
  }

  #judgeAll(now: number): void {
    if (this.#concerns.due(now)) {
      this.#concerns.settle(now);
      this.#grouped = true;
    }
    if (this.#grouped) {
      const { merged, moved } = this.#concerns.take();
      for (const { concern, into } of merged) this.memory.merge(concern, into);
      for (const { post, to } of moved) this.memory.move(post, to);
      this.#grouped = false;
    }
    const due = this.memory.touched();
    for (const name of this.#holding) due.add(name);
    this.#follow();
    for (const name of this.#counted.values()) due.delete(name);
    for (const name of this.#open.keys()) due.add(name);
    // Concerns first: they explain the others.
    const names = [...due].sort(
      (a, b) => Number(b.startsWith('concern:')) - Number(a.startsWith('concern:')),
    );
    for (const name of names) this.#judge(name, now);
  }

  /** A concern that is warned about is where most of what raised the warning is now. */
  #follow(): void {
    this.#counted.clear();
    this.#silent.clear();
    for (const [name, { subject, posts }] of this.#open) {
      if (subject.kind !== 'concern') continue;
      const own = Number(subject.key);
      const now = movedTo(
        own,
        posts.slice(-FOLLOWED).map((id) => this.memory.concernOf(id)),
      );
      const into = `concern:${now}`;
      if (into === name) continue;
      // The first to be warned of speaks for all that became one.
      if (this.#open.has(into) || [...this.#counted.values()].includes(into)) this.#silent.add(name);
      this.#counted.set(name, into);
    }
  }

  #judge(name: string, now: number): void {
    const subject = subjectOf(name);
    const posts = new Map(
      this.#windows.map((hours) => [hours, this.memory.postsSince(name, windowStart(now, hours))]),
    );
    const mayHold = reachable(this.#setting.rules, subject.kind, (hours) => posts.get(hours) ?? 0);
    if (!mayHold && !this.#open.has(name) && !this.#holding.has(name)) return;
    const counted = subjectOf(this.#counted.get(name) ?? name);
    const observed = { ...this.memory.observe(counted, now), subject };
    let learnt = this.#learnt.get(name);
    if (!learnt || learnt.isStale(observed.series, now)) {
      const silence =
        subject.kind === 'concern' ? this.memory.firstAt(nameOf(counted)) - SILENCE_MS : -Infinity;
      learnt = Learnt.since(Math.max(this.memory.from, silence), now);
      this.#learnt.set(name, learnt);
    }
    learnt.learn(observed.series, now);
    const states = this.#states.get(name) ?? new Map<number, RuleState>();
    this.#states.set(name, states);
    const decision = decide(this.#setting.rules, observed, learnt, this.#standing(name), states, now);
    if (decision.act?.kind === 'suggest' && this.#isExplained(name, decision.act.rule, now)) {
      decision.states.delete(decision.act.rule.id);
      decision.act = null;
    }
    if (this.#silent.has(name)) decision.act = null;
    for (const [rule, state] of decision.states) states.set(rule, state);
    if (decision.holding > 0) this.#holding.add(name);
    else this.#holding.delete(name);
    if (decision.act) {
      const { rule, judgement } = decision.act;
      const { numbers } = judgement;
      const step = { at: now, level: rule.level, rule: rule.name, why: whySentence(numbers), numbers };
      this.#suggest(name, subject, observed.title, step, rule.id);
    } else if (decision.turn === 'calm') this.#end(name, now);
  }

  #standing(name: string): Standing {
    const open = this.#open.get(name);
    const last = open?.steps.at(-1);
    return {
      open: last
        ? { id: 0, level: last.level, higher: null, ruleId: this.#ruleOf.get(name) ?? null, calmSince: null }
        : null,
      closed: this.#closed.get(name) ?? null,
    };
  }

  readonly #ruleOf = new Map<string, number>();

  #suggest(
    name: string,
    subject: Subject,
    title: string,
    step: Episode['steps'][number],
    ruleId: number,
  ): void {
    const open = this.#open.get(name);
    this.#ruleOf.set(name, ruleId);
    if (open) {
      open.steps.push(step);
      return;
    }
    const posts = subject.kind === 'concern' ? [...this.memory.postsOf(Number(subject.key))] : [];
    const episode: Episode = { subject, title, posts, steps: [step], endedAt: null };
    this.#open.set(name, episode);
    this.episodes.push(episode);
  }

  #end(name: string, now: number): void {
    const open = this.#open.get(name);
    if (!open) return;
    open.endedAt = now;
    this.#open.delete(name);
    this.#closed.set(name, { at: now, level: highestOf(open) });
  }

  /** As live: what a concern is warned about needs no other warning. */
  #isExplained(name: string, rule: StandingRule, now: number): boolean {
    if (name.startsWith('concern:')) return false;
    const concerns = [...this.#open.keys()]
      .filter((one) => one.startsWith('concern:'))
      .map((one) => Number(subjectOf(this.#counted.get(one) ?? one).key));
    if (concerns.length === 0) return false;
    const since = windowStart(now, Math.min(24, Math.max(1, ...windowsOf([rule]))));
    return 2 * this.memory.postsWithin(name, since, concerns) >= this.memory.postsSince(name, since);
  }
}

/** The gravest level that it came to. */
export function highestOf({ steps }: Episode): SuggestedLevel {
  return steps.reduce<SuggestedLevel>(
    (highest, { level }) => (levelRank(level) > levelRank(highest) ? level : highest),
    'blue',
  );
}
