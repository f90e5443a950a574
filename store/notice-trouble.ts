import type { NoticeLevel } from '../config/notices.ts';
import { messages } from './messages.ts';
import { requestNotice } from './notice-requests.ts';
import type { Queryable } from './pool.ts';

const words = messages.notices;

/** The try after which people learn that something still does not arrive: the hub tries for hours, and a red one cannot wait. */
export const TOLD_AT = 4;

type Trouble = {
  officeId: number;
  level: NoticeLevel;
  title: string;
  state: string;
  reason: string | null;
  attempts: number;
  robotId: number | null;
  robot: string | null;
};

/**
 * Has those who look after an office's ways out told that a message did not arrive for certain, in the transaction that writes
 * it down; nothing where it did, or where nobody was to get it any more.
 */
export async function tellTrouble(client: Queryable, deliveryId: number): Promise<void> {
  const found = await client.query<Trouble>(
    `select d.office_id as "officeId", n.level, n.title, d.state, d.reason, d.attempts, d.robot_id as "robotId", r.name as robot
     from notice_deliveries d join notices n on n.id = d.notice_id left join notice_robots r on r.id = d.robot_id
     where d.id = $1 and d.state in ('unknown', 'refused', 'failed', 'waiting') and d.reason is distinct from 'gone'`,
    [deliveryId],
  );
  const trouble = found.rows[0];
  if (!trouble) return;
  const { officeId, level, title, attempts } = trouble;
  const said = { unknown: words.unknown(title), waiting: words.stillTrying(title, attempts) };
  await requestNotice(client, {
    ...{ officeId, kind: 'undelivered', warningId: null, level, path: '/notices/log?only=trouble' },
    ...wayOf(trouble),
    text: said[trouble.state as keyof typeof said] ?? words.lost(title),
  });
}

/** Which way out it is: the troubles of one are told together. */
function wayOf({ robotId, robot, reason }: Trouble): { subject: string; title: string } {
  if (robotId !== null) return { subject: `robot:${robotId}`, title: words.robot(robot ?? '') };
  // A mailbox is refused, or the mail server does not work at all. Whose mailbox it is stands in the log alone.
  if (reason === 'mailbox') return { subject: 'mailbox', title: words.mailbox };
  return { subject: 'mail', title: words.mail };
}
