import { Chance } from '../support/chance.ts';
import type { Answered } from './platform.ts';

/**
 * How a call goes wrong. What ends in `-before` is not carried out, what ends in `-after` is.
 * `refuse` carries the call out and then refuses every new connection for a while; `reset` ends the connection before the
 * call is read; `busy` is the platform's own "system busy"; `gateway` a page with the status 502; `truncated` half of the
 * answer of a call that was carried out; `late` is carried out at once and answered late; `hang` is never answered;
 * `executed-late` is dropped, and carried out all the same a while later.
 */
export const faultKinds = [
  'refuse',
  'reset',
  'drop-before',
  'drop-after',
  'busy-before',
  'busy-after',
  'gateway-before',
  'gateway-after',
  'hang-before',
  'hang-after',
  'truncated',
  'late',
  'executed-late',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** How the message about the end of a publication goes wrong. */
export const eventFaults = ['missing', 'late', 'twice', 'renamed'] as const;
export type EventFault = (typeof eventFaults)[number];

type Which = {
  /** Absent: of every path. */
  path?: string;
  /** After so many calls that go well. */
  after?: number;
  /** How often; default once. */
  times?: number;
};

/** Something that goes wrong at the next calls of a path: in a way that has a name, or with an answer of one's own. */
export type Fault = Which &
  (
    | { kind: FaultKind; /** How late, how long. */ ms?: number }
    | { answer: Answered; /** The call is carried out, and its answer is lost. */ carriedOut?: boolean }
  );

/** Faults that come at random, the same ones for the same seed and the same order of calls. */
export type FaultPlan = {
  seed: number;
  /** Kind → how probable it is at each call, 0–1; together no more than 1. */
  rates: Partial<Record<FaultKind, number>>;
  /** The calls at which they come; absent: at all. */
  paths?: readonly string[];
  /** Kind → how probable it is at each message about the end of a publication. */
  events?: Partial<Record<EventFault, number>>;
  /** Kind → how late or how long, in ms. */
  ms?: Partial<Record<FaultKind | 'event', number>>;
};

export type Trouble = { kind: FaultKind; ms: number } | { answer: Answered; carriedOut: boolean };

/** `hang` waits for whoever called to give up. */
const MS: Record<FaultKind | 'event', number> = {
  ...(Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>),
  refuse: 200,
  'hang-before': 600_000,
  'hang-after': 600_000,
  late: 1_000,
  'executed-late': 1_000,
  event: 60_000,
};

/** What goes wrong at a platform: what was ordered call by call, and then what a plan draws. */
export class Troubles {
  readonly ordered: Fault[] = [];
  /** Kind → how often it has happened. */
  readonly happened: Record<string, number> = {};
  #plan: FaultPlan | null = null;
  #chance = new Chance(0);

  get plan(): FaultPlan | null {
    return this.#plan;
  }

  /** @throws RangeError for what is no probability */
  set plan(plan: FaultPlan | null) {
    for (const rates of [plan?.rates ?? {}, plan?.events ?? {}]) {
      const all = Object.values(rates);
      const sum = all.reduce((total, rate) => total + rate, 0);
      if (all.some((rate) => !(rate >= 0)) || sum > 1) throw new RangeError('rates of faults add up to 0–1');
    }
    this.#plan = plan;
    this.#chance = new Chance(plan?.seed ?? 0);
  }

  /** What goes wrong at this call; null: nothing. */
  atCall(path: string): Trouble | null {
    const ordered = this.#order(path);
    if (ordered && 'answer' in ordered) {
      return { answer: ordered.answer, carriedOut: ordered.carriedOut === true };
    }
    const plan = this.#plan;
    const isMeant = plan !== null && (plan.paths?.includes(path) ?? true);
    const kind = ordered?.kind ?? (isMeant ? this.#draw(plan.rates) : null);
    if (kind === null) return null;
    this.#count(kind);
    return { kind, ms: ordered?.ms ?? plan?.ms?.[kind] ?? MS[kind] };
  }

  atEvent(): { kind: EventFault; ms: number } | null {
    const kind = this.#draw(this.#plan?.events ?? {});
    if (kind === null) return null;
    this.#count(`event-${kind}`);
    return { kind, ms: this.#plan?.ms?.event ?? MS.event };
  }

  #order(path: string): Fault | null {
    const fault = this.ordered.find(({ path: of = path, times = 1 }) => of === path && times > 0);
    if (!fault) return null;
    if (fault.after) {
      fault.after -= 1;
      return null;
    }
    fault.times = (fault.times ?? 1) - 1;
    return fault;
  }

  #draw<K extends string>(rates: Partial<Record<K, number>>): K | null {
    let drawn = this.#chance.next();
    for (const [kind, rate] of Object.entries(rates) as [K, number][]) {
      if (drawn < rate) return kind;
      drawn -= rate;
    }
    return null;
  }

  #count(kind: string): void {
    this.happened[kind] = (this.happened[kind] ?? 0) + 1;
  }
}
