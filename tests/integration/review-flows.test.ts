import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { planRelease } from '../../store/releases.ts';
import { tellLateReviews } from '../../store/review-clocks.ts';
import { waitingReviews } from '../../store/review-queue.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { NOW, useReviews, type ReviewDesk } from '../support/reviews.ts';
import { startStaff, type Staff } from '../support/staff.ts';

let staff: Staff;
const at = useReviews(() => staff);
let writer: ReviewDesk;
let first: ReviewDesk;
let second: ReviewDesk;
let final: ReviewDesk;

beforeAll(async () => {
  staff = await startStaff();
  writer = await at.writer('county');
  first = await at.reviewer('county', 'first-reviewer');
  second = await at.reviewer('county', 'second-reviewer');
  final = await at.reviewer('county', 'final-reviewer');
});
afterAll(async () => {
  await staff?.stop();
});
beforeEach(async () => {
  await staff.engines.store.query('truncate notice_requests');
});

const refused = (code: string) => expect.objectContaining({ code });
const HOUR = 3_600_000;

type Asked = { kind: string; office: number; people: string[] | null; roles: string[] | null; text: string };
async function asked(): Promise<Asked[]> {
  const found = await staff.engines.store.query<Asked>(
    `select kind, to_office_id as office, to_people as people, to_roles as roles, text from notice_requests order by id`,
  );
  return found.rows;
}
describe('legal documents', () => {
  test('are examined, exported and checked again before they are approved, however urgent', async () => {
    const id = await at.draft(writer, { type: 'legal-document' });
    await planRelease(writer.db, writer.actor, id, { urgent: true, embargoUntil: null });
    const task = { releaseId: id, roundId: await at.submit(writer, id) };
    expect((await at.round(id)).flow).toBe('legal');
    await expect(at.pass(first, task, 'first')).rejects.toEqual(refused('review-stage'));
    await at.pass(first, task, 'examine');
    await at.pass(second, task, 'export');
    expect(await at.pass(final, task, 'recheck')).toEqual({ approved: true });
  });
});

describe('what is urgent', () => {
  async function urgent() {
    const id = await at.draft(writer);
    await planRelease(writer.db, writer.actor, id, { urgent: true, embargoUntil: null });
    return { releaseId: id, roundId: await at.submit(writer, id) };
  }

  test('goes out after one pass, and owes the other two reviews within its time', async () => {
    const task = await urgent();
    await expect(at.pass(first, task, 'first')).rejects.toEqual(refused('review-stage'));
    expect(await at.pass(final, task, 'final')).toEqual({ approved: true });
    const owed = await at.round(task.releaseId);
    expect(owed).toMatchObject({ state: 'passed', afterDueAt: new Date(NOW.getTime() + 24 * HOUR) });
    await expect(at.pass(final, task, 'second')).rejects.toEqual(refused('review-role'));
    // In any order, and by then it may be out.
    await staff.engines.store.query(`update releases set state = 'published' where id = $1`, [
      task.releaseId,
    ]);
    expect(await at.pass(second, task, 'second')).toEqual({ approved: false });
    await expect(at.pass(second, task, 'second')).rejects.toEqual(refused('review-stage'));
    expect(await at.pass(first, task, 'first')).toEqual({ approved: false });
    expect((await at.round(task.releaseId)).afterDueAt).toBeNull();
    expect(await at.state(task.releaseId)).toBe('published');
  });

  test('is told of once when its reviews are late, by the time that the office has set', async () => {
    const { store } = staff.engines;
    await store.query('insert into publishing_settings (office_id, after_hours) values ($1, 2)', [
      staff.offices.county,
    ]);
    const task = await urgent();
    await at.pass(final, task, 'final');
    await at.pass(second, task, 'second');
    await store.query('truncate notice_requests');
    const every = scoped(staff.app, EVERY_OFFICE);
    expect(await tellLateReviews(every, new Date(NOW.getTime() + 2 * HOUR - 1))).toBe(0);
    const late = new Date(NOW.getTime() + 2 * HOUR);
    await tellLateReviews(every, late);
    expect(await tellLateReviews(every, late)).toBe(0);
    const [told] = (await asked()).filter(({ kind }) => kind === 'review-overdue');
    expect(told?.text).toContain('初审');
    expect(told?.text).not.toContain('复审');
    expect(told?.people).toContain(first.actor.id);
    expect(told?.people).toContain(final.actor.id);
    await store.query('delete from publishing_settings');
  });

  test('and found wrong afterwards stays out until somebody decides, who is told', async () => {
    const task = await urgent();
    await at.pass(final, task, 'final');
    await staff.engines.store.query(`update releases set state = 'published' where id = $1`, [
      task.releaseId,
    ]);
    await at.giveBack(first, task, 'first', '地名有误。');
    expect(await at.state(task.releaseId)).toBe('published');
    const told = (await asked()).at(-1);
    expect(told?.people).toEqual(expect.arrayContaining([writer.actor.id, final.actor.id]));
    expect(told?.text).toContain('更正或撤回');
    // It is still owed, and passed once it was put right.
    expect(await at.pass(first, task, 'first')).toEqual({ approved: false });
  });
});

describe('a sensitive case', () => {
  test('needs the office above before the last signature counts', async () => {
    const task = await at.submitted(writer, { type: 'case-information', details: { sensitive: true } });
    const above = await at.reviewer('city', 'signatory');
    const tooFar = await at.reviewer('province', 'signatory');
    await at.pass(first, task, 'first');
    await at.pass(second, task, 'second');
    // The county cannot see who is there; the roles of the office above are told.
    expect((await asked()).at(-1)).toMatchObject({ office: staff.offices.city, people: null });
    expect((await asked()).at(-1)?.roles).toEqual(['final-reviewer', 'signatory']);
    await expect(at.pass(final, task, 'final')).rejects.toEqual(refused('review-stage'));
    await expect(at.pass(final, task, 'superior')).rejects.toEqual(refused('review-role'));
    await expect(at.pass(tooFar, task, 'superior')).rejects.toEqual(refused('review-role'));
    await at.pass(above, task, 'superior');
    expect(await at.pass(final, task, 'final')).toEqual({ approved: true });
    // The county reads their name on the form, though they are out of its reach otherwise.
    const { steps } = await at.round(task.releaseId);
    expect(steps[2]).toMatchObject({ personName: above.name, roleOfficeName: '检察院 city' });
  });

  test('of the highest office needs nobody above', async () => {
    const highest = await at.writer('province');
    const task = await at.submitted(highest, { details: { assigned: true } });
    expect((await at.round(task.releaseId)).superiorOfficeId).toBeNull();
  });
});

describe('the queue', () => {
  test('holds what somebody can pass now, the latest first, and apart from it what waits for others', async () => {
    await staff.engines.store.query(
      `update review_rounds set state = 'taken-back', after_due_at = null where state <> 'x'`,
    );
    const one = await at.submitted(writer, { title: '第一篇' });
    const two = await at.submitted(writer, { title: '第二篇' });
    await at.pass(first, one, 'first');
    const offices = [staff.offices.county];
    const queue = (desk: ReviewDesk, now = NOW) =>
      waitingReviews(desk.db, offices, { id: desk.actor.id, grants: desk.grants }, now);
    const mine = await queue(first);
    expect(mine.mine.map(({ releaseId, stage }) => [releaseId, stage])).toEqual([[two.releaseId, 'first']]);
    expect(mine.others.map(({ releaseId, stage }) => [releaseId, stage])).toEqual([
      [one.releaseId, 'second'],
    ]);
    expect(mine.mine[0]?.late).toBe(false);
    expect((await queue(first, new Date(NOW.getTime() + 24 * HOUR))).mine[0]?.late).toBe(true);
    expect((await queue(second)).mine.map(({ releaseId }) => releaseId)).toEqual([one.releaseId]);
    expect((await queue(final)).mine).toEqual([]);
  });
});
