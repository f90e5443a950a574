import { describe, expect, test } from 'vitest';
import { ruleSchema, shippedRules, type Condition, type Rule } from '../../../config/warning-rules.ts';
import { decide, type Standing, type StandingRule } from '../../../indexer/warnings/decide.ts';
import { judge } from '../../../indexer/warnings/judge.ts';
import { Learnt } from '../../../indexer/warnings/learnt.ts';
import {
  AT_LEAST,
  HOUR_MS,
  UNKNOWN,
  windowOf,
  type Observed,
  type Series,
} from '../../../indexer/warnings/observed.ts';
import { ruleSentence } from '../../../indexer/warnings/rule-words.ts';
import { knownHours } from '../../../indexer/warnings/series.ts';

const DAY = 24 * HOUR_MS;
/** Half past eight in the evening in Shanghai. */
const NOW = Date.parse('2026-11-18T12:30:00Z');
const FROM = Math.floor(NOW / HOUR_MS) * HOUR_MS - 20 * DAY;
const HOURS = (Math.floor(NOW / HOUR_MS) * HOUR_MS - FROM) / HOUR_MS + 1;

/** Two posts an hour, one in five of them negative, and what a test wants of the last hours. */
function series(last: readonly [posts: number, negative: number][] = []): Series {
  const made = {
    from: FROM,
    posts: new Float64Array(HOURS).fill(2),
    negative: Float64Array.from({ length: HOURS }, (_, n) => (n % 5 < 2 ? 1 : 0)),
    known: new Uint8Array(HOURS),
  };
  last.forEach(([posts, negative], n) => {
    made.posts[HOURS - last.length + n] = posts;
    made.negative[HOURS - last.length + n] = negative;
  });
  return made;
}

function observed(change: Partial<Observed> = {}): Observed {
  return {
    subject: { kind: 'concern', key: '1' },
    ...{ title: '', series: series(), places: [], times: null, heat: null },
    ...change,
  };
}

function rule(all: Condition[], change: Partial<Rule> = {}): Rule {
  const calm = { hours: 6, ratio: 1.5, atMost: 3 };
  return { subjects: ['concern'], all, holdMinutes: 0, quiet: null, coolHours: 12, calm, ...change };
}

function learntOf(of: Observed, now = NOW): Learnt {
  const learnt = Learnt.since(FROM, now);
  learnt.learn(of.series, now);
  return learnt;
}

const holds = (condition: Condition, of: Observed) => judge(rule([condition]), of, learntOf(of), NOW).holds;

describe('a condition', () => {
  test('of volume asks for a number, a multiple of what is usual, and a distance from it', () => {
    const of = observed({
      series: series([
        [2, 0],
        [30, 0],
      ]),
    });
    const volume = { kind: 'volume', hours: 2, atLeast: 30 } as const;
    expect(holds(volume, of)).toBe(true);
    expect(holds({ ...volume, atLeast: 35 }, of)).toBe(false);
    expect(holds({ ...volume, ratio: 5 }, of)).toBe(true);
    expect(holds({ ...volume, ratio: 20 }, of)).toBe(false);
    expect(holds({ ...volume, beyond: 4 }, of)).toBe(true);
    expect(holds({ ...volume, beyond: 40 }, of)).toBe(false);
  });

  test('of negative posts needs its sample, and may ask for more than the usual share', () => {
    const of = observed({ series: series([[20, 12]]) });
    const negative = { kind: 'negative', hours: 1, atLeast: 20, share: 0.6 } as const;
    expect(holds(negative, of)).toBe(true);
    expect(holds({ ...negative, atLeast: 23 }, of)).toBe(false);
    expect(holds({ ...negative, share: 0.7 }, of)).toBe(false);
    expect(holds({ ...negative, above: 0.1 }, of)).toBe(true);
    expect(holds({ ...negative, above: 0.5 }, of)).toBe(false);
  });

  test('of sources counts those that spoke lately', () => {
    const places = [1, 5, 30].map((hours) => ({ firstAt: FROM, lastAt: NOW - hours * HOUR_MS }));
    const of = observed({ places });
    expect(holds({ kind: 'sources', hours: 24, atLeast: 2 }, of)).toBe(true);
    expect(holds({ kind: 'sources', hours: 24, atLeast: 3 }, of)).toBe(false);
  });

  test('of pace holds for a young concern that spreads fast, and a day later no more', () => {
    const fast = Array.from({ length: 60 }, (_, n) => NOW - HOUR_MS + n * 30_000);
    expect(holds({ kind: 'pace' }, observed({ times: fast }))).toBe(true);
    expect(holds({ kind: 'pace' }, observed({ times: fast.map((at) => at - 2 * DAY) }))).toBe(false);
    expect(
      holds({ kind: 'pace' }, observed({ times: fast.map((_, n) => NOW - (60 - n) * 5 * HOUR_MS) })),
    ).toBe(false);
    expect(holds({ kind: 'pace' }, observed())).toBe(false);
  });

  test('of change sees what has grown, and of heat what is hot beside its usual', () => {
    const grown = observed({ series: series(Array.from({ length: 48 }, () => [14, 3])) });
    expect(holds({ kind: 'change', of: 'volume' }, grown)).toBe(true);
    expect(holds({ kind: 'change', of: 'volume' }, observed())).toBe(false);
    const hot = observed({ heat: { heat: 40, trend: 3 } });
    expect(holds({ kind: 'heat', trend: 2.5 }, hot)).toBe(true);
    expect(holds({ kind: 'heat', atLeast: 50 }, hot)).toBe(false);
    expect(holds({ kind: 'heat', atLeast: 1 }, observed())).toBe(false);
  });

  test('that asks for what is usual does not hold where that was not learnt', () => {
    const of = observed({ series: series([[40, 30]]) });
    const young = Learnt.since(NOW - DAY, NOW);
    young.learn(of.series, NOW);
    const volume = { kind: 'volume', hours: 1, atLeast: 10 } as const;
    expect(judge(rule([{ ...volume, ratio: 2 }]), of, young, NOW).holds).toBe(false);
    expect(judge(rule([volume]), of, young, NOW).holds).toBe(true);
  });
});

describe('hours that nobody knows', () => {
  test('are neither counted nor expected, and a window that is mostly unknown says nothing', () => {
    const made = series([
      [50, 50],
      [2, 0],
    ]);
    made.known[HOURS - 2] = UNKNOWN;
    const window = windowOf(made, NOW, 6);
    expect(window).toMatchObject({ posts: 10, whole: false, known: true });
    expect(windowOf(made, NOW, 2).known).toBe(false);
  });

  test('of a gap that is still open hold what there is at least', () => {
    const made = series([[50, 50]]);
    made.known[HOURS - 1] = AT_LEAST;
    expect(windowOf(made, NOW, 1)).toMatchObject({ posts: 50, known: true, whole: false });
  });

  test('are those in which a tenth of what is usual was missing', () => {
    const gap = (part: number, to: number | null) => ({
      ...{ sourceId: 1, part, from: new Date(NOW - 5 * HOUR_MS) },
      to: to === null ? null : new Date(to),
    });
    const last = (gaps: Parameters<typeof knownHours>[0]) => [...knownHours(gaps, FROM, NOW).slice(-6)];
    expect(last([gap(0.05, null)])).toEqual([0, 0, 0, 0, 0, 0]);
    expect(last([gap(0.05, null), gap(0.06, null)])).toEqual([1, 1, 1, 1, 1, 1]);
    expect(last([gap(0.5, NOW - 2 * HOUR_MS)])).toEqual([2, 2, 2, 0, 0, 0]);
  });
});

describe('what was learnt', () => {
  test('goes on as if it had never been put down', () => {
    const of = observed({
      series: series([
        [9, 1],
        [12, 3],
      ]),
    });
    const whole = learntOf(of);
    const before = NOW - 3 * DAY;
    const half = learntOf(of, before);
    const restored = Learnt.restore(half.save(), half.until, half.posts)!;
    restored.learn(of.series, NOW);
    expect(Buffer.compare(restored.save(), whole.save())).toBe(0);
    expect(Learnt.restore(new Uint8Array(100), 0, 0)).toBeUndefined();
  });

  test('is learnt anew when many posts came to hours that were learnt already', () => {
    const of = observed();
    const learnt = learntOf(of);
    expect(learnt.isStale(of.series, NOW)).toBe(false);
    of.series.posts[100] = 200;
    expect(learnt.isStale(of.series, NOW)).toBe(true);
  });
});

describe('a decision', () => {
  const none: Standing = { open: null, closed: null };
  const volume = { kind: 'volume', hours: 1, atLeast: 20 } as const;
  const standing = (id: number, level: StandingRule['level'], change: Partial<Rule> = {}): StandingRule => ({
    ...{ id, version: 1, name: level, level, rule: rule([volume], change) },
  });
  const surge = observed({ series: series([[30, 20]]) });
  const ask = (rules: StandingRule[], of = surge, stands = none, states = new Map(), now = NOW) =>
    decide(rules, of, learntOf(of), stands, states, now);

  test('hears the gravest rule that holds', () => {
    const { act, holding } = ask([standing(1, 'yellow'), standing(2, 'orange'), standing(3, 'blue')]);
    expect(act).toMatchObject({ kind: 'suggest', rule: { id: 2 } });
    expect(holding).toBe(3);
  });

  test('says nothing about what is warned about as gravely, and raises what is not', () => {
    const open = { id: 1, level: 'orange', higher: null, ruleId: 1, calmSince: null } as const;
    expect(ask([standing(1, 'orange')], surge, { open, closed: null }).act).toBeNull();
    expect(ask([standing(2, 'red')], surge, { open, closed: null }).act?.kind).toBe('raise');
    const asked = { ...open, higher: 'red' } as const;
    expect(ask([standing(2, 'red')], surge, { open: asked, closed: null }).act).toBeNull();
  });

  test('waits for as long as the rule says, without a break', () => {
    const rules = [standing(1, 'yellow', { holdMinutes: 60 })];
    const first = ask(rules);
    expect(first.act).toBeNull();
    expect(first.states.get(1)?.holdsSince).toBe(NOW);
    const since = (minutes: number) => new Map([[1, { holdsSince: NOW - minutes * 60_000, firedAt: null }]]);
    expect(ask(rules, surge, none, since(59)).act).toBeNull();
    expect(ask(rules, surge, none, since(60)).act).not.toBeNull();
    expect(ask(rules, observed(), none, since(60)).states.get(1)?.holdsSince).toBeNull();
  });

  test('keeps still in quiet hours, which may go over midnight', () => {
    const at = (from: number, to: number) => ask([standing(1, 'yellow', { quiet: { from, to } })]).act;
    expect(at(20, 7)).toBeNull();
    expect(at(21, 7)).not.toBeNull();
    expect(at(8, 21)).toBeNull();
    expect(at(8, 20)).not.toBeNull();
  });

  test('is not repeated while the rule cools down, nor what a person has just ended', () => {
    const fired = (hours: number) => new Map([[1, { holdsSince: null, firedAt: NOW - hours * HOUR_MS }]]);
    expect(ask([standing(1, 'yellow')], surge, none, fired(11)).act).toBeNull();
    expect(ask([standing(1, 'yellow')], surge, none, fired(12)).act).not.toBeNull();
    const closed = (level: 'blue' | 'yellow') => ({ open: null, closed: { at: NOW - HOUR_MS, level } });
    expect(ask([standing(1, 'yellow')], surge, closed('yellow')).act).toBeNull();
    expect(ask([standing(1, 'yellow')], surge, closed('blue')).act).not.toBeNull();
  });

  test('says calm only where nothing was missed, and stirred only when a rule holds again', () => {
    const open = { id: 1, level: 'yellow', higher: null, ruleId: 1, calmSince: null } as const;
    const quiet = observed();
    expect(ask([standing(1, 'yellow')], quiet, { open, closed: null }).turn).toBe('calm');
    const blind = observed();
    blind.series.known[HOURS - 2] = AT_LEAST;
    expect(ask([standing(1, 'yellow')], blind, { open, closed: null }).turn).toBeNull();
    const calm = { open: { ...open, calmSince: NOW - DAY }, closed: null };
    expect(ask([standing(1, 'yellow')], quiet, calm).turn).toBeNull();
    expect(ask([standing(1, 'yellow')], observed({ series: series([[12, 0]]) }), calm).turn).toBeNull();
    expect(ask([standing(1, 'yellow')], surge, calm).turn).toBe('stirred');
  });
});

describe('the rules that ship', () => {
  test('are there for each level, with keys and names of their own, and say in Chinese what they do', () => {
    expect(new Set(shippedRules.map(({ level }) => level))).toEqual(
      new Set(['blue', 'yellow', 'orange', 'red']),
    );
    expect(new Set(shippedRules.map(({ key }) => key)).size).toBe(shippedRules.length);
    expect(new Set(shippedRules.map(({ name }) => name)).size).toBe(shippedRules.length);
    for (const { rule: one } of shippedRules)
      expect(ruleSentence(one)).toMatch(/^任一.+同时满足：.+视为平息。$/u);
  });

  test('a rule says each of its parts in words', () => {
    const all: Condition[] = [
      { kind: 'volume', hours: 3, atLeast: 20, ratio: 4, beyond: 5 },
      { kind: 'negative', hours: 6, atLeast: 10, share: 0.5, above: 0.2 },
    ];
    const said = ruleSentence(rule(all, { holdMinutes: 90, quiet: { from: 22, to: 7 } }));
    for (const part of [
      '近 3 小时帖文不少于 20 条',
      '4 倍',
      '5 个标准差',
      '50%',
      '20 个百分点',
      '持续 90 分钟',
      '22 点',
      '12 小时内不重复',
    ])
      expect(said).toContain(part);
  });

  test.each([
    ['no condition', { all: [] }],
    ['a subject twice', { subjects: ['concern', 'concern'] }],
    ['an unknown condition', { all: [{ kind: 'author' }] }],
    ['heat without a number', { all: [{ kind: 'heat' }] }],
    ['a window of more than a week', { all: [{ kind: 'volume', hours: 200, atLeast: 1 }] }],
  ])('a rule with %s is refused', (_, change) => {
    expect(ruleSchema.safeParse({ ...rule([volumeOf(1)]), ...change }).success).toBe(false);
  });
});

function volumeOf(atLeast: number): Condition {
  return { kind: 'volume', hours: 1, atLeast };
}
