import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import type { NoticeLevel, RobotKind } from '../../config/notices.ts';
import { openGuard } from '../../publisher/notices/post-once.ts';
import { noticeRound } from '../../publisher/notices/run.ts';
import type { Sender } from '../../publisher/notices/send.ts';
import type { Actor } from '../../store/actor.ts';
import { requestNotice, type NoticeKind } from '../../store/notice-requests.ts';
import { addRobot } from '../../store/notice-robots.ts';
import { noticesOf } from '../../store/notices.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { PATHS, SECRETS, startRobots, type GroupRobots } from '../simulators/robots.ts';
import { MAIL_USER, startMailServer, type MailServer } from '../simulators/smtp.ts';
import { silent, TEST_KEY } from './engines.ts';
import { startStaff, type Staff } from './staff.ts';

/** 20:00 on a Sunday in Asia/Shanghai. */
const START = Date.parse('2026-11-22T12:00:00Z');

/** What became of a message. */
export type Ended = {
  robotId: number;
  state: string;
  path: string;
  attempts: number;
  purpose: string;
  reason: string | null;
};

/**
 * Staff of an office, group robots and a mail server, for the tests of one file: every test begins with an empty list at the
 * same hour, and moves the clock itself.
 */
export function useNotices() {
  let subjects = 0;
  const at = {
    // There from the first test on.
    staff: null as unknown as Staff,
    groups: null as unknown as GroupRobots,
    mail: null as unknown as MailServer,
    actor: null as unknown as Actor,
    people: { analyst: '', second: '', leader: '' },
    city: 0,
    now: START,
    clock: () => new Date(at.now),
    db: () => scoped(at.staff.app, oneOffice(at.city)),
    mine: (personId: string) => noticesOf(at.db(), personId, false),

    sender(more: Partial<Sender> = {}): Sender {
      return {
        store: scoped(at.staff.app, EVERY_OFFICE),
        cipher: openCipher([TEST_KEY]),
        guard: openGuard(['127.0.0.1']),
        mail: null,
        address: 'https://desk.example',
        timeoutMs: 1_500,
        ...more,
      };
    },

    mailSettings: () => ({
      ...({ host: '127.0.0.1', port: at.mail.port, security: 'none', from: MAIL_USER.user } as const),
      ...{ user: MAIL_USER.user, password: MAIL_USER.password },
    }),

    round: (more: Partial<Sender> = {}) => noticeRound(at.sender(more), at.clock, silent),

    async warning(title = '青石县食堂'): Promise<number> {
      subjects += 1;
      const made = await at.staff.engines.store.query<{ id: number }>(
        `insert into warnings (office_id, subject_kind, subject_key, title, suggested_level, level, evidence)
         values ($1, 'watch', $2, $3, 'orange', 'orange', '{}') returning id`,
        [at.city, String(subjects), title],
      );
      return (made.rows[0] as { id: number }).id;
    },

    async ask(
      warningId: number,
      kind: NoticeKind = 'suggested',
      level: NoticeLevel = 'orange',
      text = '近 1 小时 58 条。',
      actedBy?: string,
    ): Promise<void> {
      const request = { officeId: at.city, kind, warningId, level, text };
      await requestNotice(at.staff.engines.store, actedBy === undefined ? request : { ...request, actedBy });
    },

    robot(kind: RobotKind, levels: readonly NoticeLevel[] = ['yellow', 'orange', 'red']): Promise<number> {
      const secret = kind === 'wecom' ? null : SECRETS[kind];
      const address = at.groups.origin + PATHS[kind];
      const robot = { kind, name: `群 ${kind}`, address, secret, levels };
      return addRobot(at.db(), openCipher([TEST_KEY]), at.actor, robot);
    },

    async deliveries(): Promise<Ended[]> {
      const found = await at.staff.engines.store.query<Ended>(
        `select d.robot_id as "robotId", d.state, n.path, d.attempts, d.purpose, d.reason from notice_deliveries d
         join notices n on n.id = d.notice_id order by d.id`,
      );
      return found.rows;
    },
  };

  beforeAll(async () => {
    at.staff = await startStaff();
    at.groups = await startRobots();
    at.mail = await startMailServer();
    at.city = at.staff.offices.city;
    at.people = {
      analyst: await at.staff.person('city', 'analyst'),
      second: await at.staff.person('city', 'responder'),
      leader: await at.staff.person('city', 'leader'),
    };
    at.actor = { id: at.people.leader, officeId: at.city, role: 'leader', address: null };
  });

  afterAll(async () => {
    await at.groups.close();
    await at.mail.close();
    await at.staff.stop();
  });

  beforeEach(() => {
    at.now = START;
    at.groups.clock = () => at.now;
  });

  afterEach(async () => {
    at.groups.forget();
    [at.mail.taken, at.mail.faults] = [[], []];
    await at.staff.engines.store.query(
      `truncate notice_requests, notices, notice_readers, notice_deliveries, notice_attempts, notice_robots, notice_preferences,
         notice_settings, duty_weeks, duty_days cascade`,
    );
  });

  return at;
}
