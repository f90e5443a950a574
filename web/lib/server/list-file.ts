import { appendAudit } from '../../../store/audit.ts';
import { transaction } from '../../../store/pool.ts';
import { shanghaiDay } from '../../../config/shanghai.ts';
import type { Desk } from './desk.ts';

/** A list to take away; that it was taken stands in the log before the first byte leaves. */
export async function listFile(
  desk: Desk,
  action: string,
  name: string,
  rows: number,
  text: string,
  as: { type: string; ending: string } = { type: 'text/csv', ending: 'csv' },
): Promise<Response> {
  await transaction(desk.db, (client) =>
    appendAudit(client, { ...desk.actor, action, subject: name, after: { rows } }),
  );
  return new Response(text, {
    headers: {
      'content-type': `${as.type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}-${shanghaiDay(new Date())}.${as.ending}"`,
      'cache-control': 'no-store',
    },
  });
}
