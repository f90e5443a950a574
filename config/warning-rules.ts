import { z } from 'zod';
import rulesFile from './defaults/warning-rules.json' with { type: 'json' };
import { suggestedLevels } from './warning-levels.ts';

/** What can be warned about. */
export const ruleSubjects = ['concern', 'watch', 'line', 'office'] as const;
export type RuleSubject = (typeof ruleSubjects)[number];

/** A week: what is looked at for longer is a trend, and the detectors see it (`change`). */
export const LONGEST_WINDOW = 168;
const hours = z.int().min(1).max(LONGEST_WINDOW);
const count = z.int().min(1).max(100_000);
const share = z.number().min(0).max(1);

/** One thing that has to be so. Windows end now and count by hours. */
const conditionSchema = z.discriminatedUnion('kind', [
  /** At least so many posts, so many times what is usual at such a time, and so many standard deviations more than that. */
  z.strictObject({
    kind: z.literal('volume'),
    hours,
    atLeast: count,
    ratio: z.number().min(1).max(1_000).optional(),
    beyond: z.number().min(0).max(100).optional(),
  }),
  /** Of at least so many posts such a share is negative, and it is so much above the usual share. */
  z.strictObject({
    kind: z.literal('negative'),
    hours,
    atLeast: count,
    share,
    above: share.optional(),
  }),
  /** So many different places (source and outlet) spoke of it. */
  z.strictObject({ kind: z.literal('sources'), hours, atLeast: z.int().min(1).max(1_000) }),
  /** A young concern spreads at the pace of those that became large (config/defaults/spread.json). */
  z.strictObject({ kind: z.literal('pace') }),
  /** The detectors see it rise, quickly or slowly (indexer/warnings/burst-detector.ts). */
  z.strictObject({
    kind: z.literal('change'),
    of: z.enum(['volume', 'negative']),
    slow: z.boolean().optional(),
  }),
  /** Heat, and how it stands to its own usual (config/heat.ts); of concerns only. */
  z
    .strictObject({
      kind: z.literal('heat'),
      atLeast: z.number().min(0).max(1_000_000).optional(),
      trend: z.number().min(0).max(1_000).optional(),
    })
    .refine(({ atLeast, trend }) => atLeast !== undefined || trend !== undefined),
]);
export type Condition = z.infer<typeof conditionSchema>;

const hourOfDay = z.int().min(0).max(23);

/**
 * When the program suggests a level; which level stands beside the rule, not in it. All conditions have to hold: what may be
 * so or so is two rules.
 */
export const ruleSchema = z.strictObject({
  subjects: z
    .array(z.enum(ruleSubjects))
    .min(1)
    .refine((given) => new Set(given).size === given.length),
  all: z.array(conditionSchema).min(1).max(8),
  /** How long all of it has to hold without a break; 0: at once. */
  holdMinutes: z.int().min(0).max(10_080),
  /** Hours of Asia/Shanghai, from–to, in which it suggests nothing: it does so afterwards if it still holds. */
  quiet: z.strictObject({ from: hourOfDay, to: hourOfDay }).nullable(),
  /** For so long after it suggested something, or a person closed that, it suggests nothing about the same subject. */
  coolHours: z.int().min(0).max(720),
  /**
   * A warning is taken to be over when in so many hours there were no more than `ratio` times the usual number of posts, or no
   * more than `atMost`. Far below what raises it, so that it does not flicker.
   */
  calm: z.strictObject({
    hours: z.int().min(1).max(LONGEST_WINDOW),
    ratio: z.number().min(0.1).max(100),
    atMost: z.int().min(0).max(100_000),
  }),
});
export type Rule = z.infer<typeof ruleSchema>;

const key = z.string().regex(/^[a-z][a-z0-9-]*$/u);

/** The rules that ship with the program: an office gets its own copy of each and changes that. */
export const shippedRules = z
  .array(z.strictObject({ key, name: z.string().min(1), level: z.enum(suggestedLevels), rule: ruleSchema }))
  .parse(rulesFile);
export type ShippedRule = (typeof shippedRules)[number];
