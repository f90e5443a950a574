import type { SourceKind } from '../../config/sources.ts';
import type { HeatWeights } from '../../config/heat.ts';
import type { PostKind } from '../../store/drafts.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What was said of a concern in one hour, of one kind, in one kind of source. */
export type HeatHour = Readonly<{
  /** Unix ms at which the hour began. */
  at: number;
  kind: PostKind;
  sourceKind: SourceKind;
  /** Posts, copies among them, and negative ones among them. */
  posts: number;
  copies: number;
  negative: number;
  /** Sum over the posts of ln(1 + likes + comments + shares); what is not known counts as none. */
  engaged: number;
}>;

/** What heat is made of: these four are its sum. */
export type HeatParts = Readonly<{ volume: number; copies: number; interaction: number; negativity: number }>;

/**
 * How hot a concern is, in fresh ordinary posts.
 *
 *     heat = Σ over posts of  ½^(age / half-life) · source · kind · ( post | copy  +  interaction · ln(1 + likes + comments + shares)  +  negative, if it is )
 *
 * The weights are config/defaults/heat.json. That volume, interaction, the weight of the medium and time make up heat is what
 * those who sell it say too, without their numbers; ours stand beside the number.
 * @param hours of the concern, in any order; later ones than `now` are passed over
 * @param now Unix ms
 */
export function heatOf(
  hours: readonly HeatHour[],
  weights: HeatWeights,
  now: number,
): { heat: number; parts: HeatParts } {
  const parts = { volume: 0, copies: 0, interaction: 0, negativity: 0 };
  for (const hour of hours) {
    if (hour.at > now) continue;
    const own = partsOf(hour, weights);
    const left = 0.5 ** (Math.max(0, now - hour.at) / (weights.halfLifeHours * HOUR));
    for (const part of PARTS) parts[part] += own[part] * left;
  }
  return { heat: sumOf(parts), parts };
}

/**
 * How the heat of a concern stands to its own usual: 1 as usual, 3 three times it. Its usual is the mean of its heat at this
 * hour of the days before, as far as they are known, so that neither nights nor size make a trend; `ground` on both sides
 * keeps three posts from being one.
 * @param hours at least of `weights.trend.days` and some days before
 * @param firstAt Unix ms of the first post
 * @param isUnknown whether nothing can be known of a moment, because collection was interrupted (Unix ms)
 * @returns null: younger than a day, or no day before is known
 */
export function trendOf(
  hours: readonly HeatHour[],
  weights: HeatWeights,
  now: number,
  firstAt: number,
  isUnknown: (at: number) => boolean = () => false,
): number | null {
  if (now - firstAt < DAY) return null;
  const { days, ground } = weights.trend;
  const usual: number[] = [];
  for (let day = 1; day <= days; day += 1) {
    const at = now - day * DAY;
    // Before its first post it was cold, and that is known.
    if (!isUnknown(at)) usual.push(heatOf(hours, weights, at).heat);
  }
  if (usual.length === 0) return null;
  const mean = usual.reduce((sum, heat) => sum + heat, 0) / usual.length;
  return (heatOf(hours, weights, now).heat + ground) / (mean + ground);
}

const PARTS = ['volume', 'copies', 'interaction', 'negativity'] as const;

function partsOf(hour: HeatHour, weights: HeatWeights): HeatParts {
  const scale = weights.sourceKinds[hour.sourceKind] * weights.kinds[hour.kind];
  return {
    volume: scale * weights.post * (hour.posts - hour.copies),
    copies: scale * weights.copy * hour.copies,
    interaction: scale * weights.interaction * hour.engaged,
    negativity: scale * weights.negative * hour.negative,
  };
}

function sumOf({ volume, copies, interaction, negativity }: HeatParts): number {
  return volume + copies + interaction + negativity;
}
