import { z } from 'zod';
import { classLabels } from './class-names.ts';
import classesFile from './defaults/classes.json' with { type: 'json' };

/** Heavier words would decide alone. */
export const HEAVIEST = 9;

/** Class → word (`甲…乙`: one after the other), or `@` and a sign → weight: what speaks for a class, and what against it. */
export const classWords = z
  .record(z.enum(classLabels), z.record(z.string().min(1), z.number().min(-HEAVIEST).max(HEAVIEST)))
  .parse(classesFile);
