import { spreadRules, type SpreadRule } from '../../config/spread.ts';
import { learnRules, steps, usualSetting, type Finished, type SpreadSetting } from './spread-rules.ts';

const day = 86_400_000;

interface Open {
  since: number;
  last: number;
  size: number;
  after: number[];
  warned: boolean;
}

/**
 * Watches many cascades (a post and its reposts, a concern and its posts) in one stream and says which are on the
 * way to be among the largest, from the pace alone. What is large, and what pace is unusual, it learns from the
 * cascades that have ended; until enough have, it goes by the rules it was given.
 */
export class SpreadWatch {
  private readonly open = new Map<string, Open>();
  private readonly pool: Finished[] = [];
  private next = 0;
  private finished = 0;
  private swept = 0;
  private rules: readonly SpreadRule[];
  private readonly setting: SpreadSetting | null;
  /** Ended ones, by when: a late repost is no new cascade. */
  private readonly ended = new Map<string, number>();

  /** Quiet for so long is over; a late repost is still known as such for so long. */
  private static readonly quiet = 14 * day;
  private static readonly late = 180 * day;
  /** Cascades that are remembered, how many must have ended before they teach, and how often they do. */
  private static readonly remembered = 2000;
  private static readonly enough = 500;
  private static readonly every = 50;

  /** With null for a setting it keeps to the rules given. */
  constructor(
    rules: readonly SpreadRule[] = spreadRules.reposts,
    setting: SpreadSetting | null = usualSetting,
  ) {
    this.rules = rules;
    this.setting = setting;
  }

  /** Takes the next repost, in order of time over all cascades; true when it makes the warning due, once each. */
  repost(id: string, began: number, at: number): boolean {
    if (at - this.swept > day) this.sweep(at);
    if (this.ended.has(id)) return false;
    let one = this.open.get(id);
    if (!one) this.open.set(id, (one = { since: began, last: at, size: 0, after: [], warned: false }));
    one.size++;
    one.last = at;
    const seconds = Math.max(0, at - one.since) / 1000;
    if (one.size === steps[one.after.length]) one.after.push(seconds);
    if (one.warned) return false;
    const { size } = one;
    one.warned = this.rules.some(({ count, within }) => size === count && seconds <= within);
    return one.warned;
  }

  /** Cascades that have gone quiet become part of what is learnt from. */
  private sweep(at: number): void {
    this.swept = at;
    for (const [id, when] of this.ended) if (at - when > SpreadWatch.late) this.ended.delete(id);
    for (const [id, { last, size, after }] of this.open) {
      if (at - last < SpreadWatch.quiet) continue;
      this.open.delete(id);
      this.ended.set(id, at);
      this.pool[this.next] = { size, after };
      this.next = (this.next + 1) % SpreadWatch.remembered;
      this.finished++;
      if (this.setting && this.finished >= SpreadWatch.enough && this.finished % SpreadWatch.every === 0) {
        this.rules = learnRules(this.pool, this.setting);
      }
    }
  }
}
