import { appendAudit } from '../../../../../../store/audit.ts';
import { exportAudit } from '../../../../../../store/audit-export.ts';
import { transaction } from '../../../../../../store/pool.ts';
import { auditTimes, readAuditView } from '../../../../../lib/audit.ts';
import { fullTime } from '../../../../../lib/format.ts';
import { auditMessages } from '../../../../../lib/messages/audit.ts';
import { acting } from '../../../../../lib/server/desk.ts';
import { hub } from '../../../../../lib/server/hub.ts';
import { chosenOffice } from '../../../../../lib/server/office-view.ts';
import type { RequestHandler } from './$types';

/** The entries of a time and of some offices, signed; entered into the log before the first line goes out. */
export const POST: RequestHandler = async ({ locals, request }) => {
  const desk = acting(locals);
  const form = await request.formData();
  const asked = [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  const params = new URLSearchParams(asked);
  const { offices, view } = await chosenOffice(desk, params);
  const { from, to } = auditTimes(readAuditView(params), new Date());
  const officeId = view?.office.id ?? desk.office;
  await transaction(desk.db, (client) =>
    appendAudit(client, {
      ...desk.actor,
      action: 'audit-export',
      subject: 'audit-log',
      after: { from, to, office: officeId, only: view?.only ?? false },
    }),
  );
  const about = { from, to, by: desk.person.id, officeId };
  const lines = exportAudit(desk.db, offices, hub().cipher, about);
  const date = (time: Date) => fullTime(time).slice(0, 10);
  const name = auditMessages.export.file(from ? date(from) : '', date(to ?? new Date()));
  return new Response(streamOf(lines), {
    headers: {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="audit.jsonl"; filename*=UTF-8''${encodeURIComponent(name)}`,
      'cache-control': 'no-store',
    },
  });
};

/** Page by page, as fast as it is taken; the reading ends when the one who asked goes away. */
function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
