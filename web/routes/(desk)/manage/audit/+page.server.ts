import { appendAudit } from '../../../../../store/audit.ts';
import { ownFingerprint } from '../../../../../store/audit-export.ts';
import { tellFinding } from '../../../../../store/audit-findings.ts';
import { newestEntry } from '../../../../../store/audit-search.ts';
import { transaction } from '../../../../../store/pool.ts';
import { readAuditView } from '../../../../lib/audit.ts';
import { lookInto, verifyOnce } from '../../../../lib/server/audit-log.ts';
import { acting, may, reading } from '../../../../lib/server/desk.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { chosenOffice } from '../../../../lib/server/office-view.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const desk = reading(locals);
  const view = readAuditView(url.searchParams);
  const chosen = await chosenOffice(desk, url.searchParams);
  const badRange = view.from !== null && view.to !== null && view.from >= view.to;
  const [page, verified, fingerprint] = await Promise.all([
    badRange ? null : lookInto(desk, chosen.offices, view),
    newestEntry(desk.db, 'audit-verify'),
    ownFingerprint(desk.db, hub().cipher),
  ]);
  const last = verified && {
    at: new Date(verified.at),
    ...(verified.after as { total: number; entries: number }),
  };
  const mayExport = may(desk.person, 'audit-export');
  return { view, office: chosen.view, page, last, fingerprint, mayExport };
};

export const actions: Actions = {
  verify: async ({ locals }) => {
    const { db, actor } = acting(locals);
    const { entries, lastSeq, findings, total } = await verifyOnce();
    await transaction(db, (client) =>
      appendAudit(client, {
        ...actor,
        action: 'audit-verify',
        subject: 'audit-log',
        after: { entries, lastSeq, total },
      }),
    );
    return { entries, total, findings: findings.map(tellFinding) };
  },
};
