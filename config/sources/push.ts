import { z } from 'zod';
import { common, count } from './parts.ts';

/** What other systems send to `POST /api/ingest`, each with a token of its own. */
export const push = z.strictObject({
  kind: z.literal('push'),
  ...common,
  settings: z
    .strictObject({
      /** How many calls each token may make in a minute. */
      callsPerMinute: count(1, 600).default(60),
    })
    .default({ callsPerMinute: 60 }),
});
