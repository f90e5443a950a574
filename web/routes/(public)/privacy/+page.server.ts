import { personalColumns } from '../../../../store/privacy.ts';
import { lastRun } from '../../../../store/retention.ts';
import { heldData } from '../../../lib/privacy.ts';
import { hubDb, publicDb } from '../../../lib/server/desk.ts';
import { hub } from '../../../lib/server/hub.ts';
import type { PageServerLoad } from './$types';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

export const load: PageServerLoad = async () => {
  const { hub: settings, officeId, databaseUrl } = hub().runtime;
  const [columns, last] = await Promise.all([personalColumns(publicDb()), lastRun(hubDb(), officeId)]);
  return {
    held: heldData(columns),
    retention: settings.retention,
    contact: settings.crawler.contact,
    local: LOOPBACK.has(new URL(databaseUrl).hostname),
    last: last && { finishedAt: last.finishedAt, posts: last.removed['posts'] ?? 0 },
  };
};
