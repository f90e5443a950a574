import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contentOf } from '../../config/release-content.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { addComment, commentsOf, settleComment } from '../../store/release-comments.ts';
import { saveRelease } from '../../store/releases.ts';
import { contentOfRound } from '../../store/review-rounds.ts';
import { submitForReview } from '../../store/review-submit.ts';
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
const edited = contentOf({ title: '检察开放日', document: documentOfText('改动后的正文。') });

type Asked = { kind: string; office: number; people: string[] | null; roles: string[] | null; text: string };
async function asked(): Promise<Asked[]> {
  const found = await staff.engines.store.query<Asked>(
    `select kind, to_office_id as office, to_people as people, to_roles as roles, text from notice_requests order by id`,
  );
  return found.rows;
}
const actions = async (releaseId: number) => {
  const found = await staff.engines.store.query<{ action: string }>(
    `select entry::json->>'action' as action from audit_entries where entry::json->>'subject' = $1 order by seq`,
    [`release:${releaseId}`],
  );
  return found.rows.map(({ action }) => action);
};

describe('three reviews', () => {
  test('by three people approve a release, and it is kept who did what as what', async () => {
    const task = await at.submitted(writer);
    expect(await at.state(task.releaseId)).toBe('reviewing');
    expect(await at.pass(first, task, 'first')).toEqual({ approved: false });
    expect(await at.pass(second, task, 'second')).toEqual({ approved: false });
    expect(await at.state(task.releaseId)).toBe('reviewing');
    expect(await at.pass(final, task, 'final')).toEqual({ approved: true });
    expect(await at.state(task.releaseId)).toBe('approved');
    const round = await at.round(task.releaseId);
    expect(round).toMatchObject({ state: 'passed', flow: 'three', version: 1, afterDueAt: null });
    expect(
      round.steps.map(({ stage, personName, role, heldAs }) => [stage, personName, role, heldAs]),
    ).toEqual([
      ['first', first.name, 'first-reviewer', 'holder'],
      ['second', second.name, 'second-reviewer', 'holder'],
      ['final', final.name, 'final-reviewer', 'holder'],
    ]);
    expect(round.steps[0]?.points).toContain('facts');
    expect((await contentOfRound(writer.db, round.id))?.title).toBe('检察开放日');
    expect(await actions(task.releaseId)).toEqual([
      ...['release-create', 'secrecy-review', 'review-submit'],
      ...['review-pass', 'review-pass', 'review-pass'],
    ]);
  });

  test('come one after the other', async () => {
    const task = await at.submitted(writer);
    await expect(at.pass(final, task, 'final')).rejects.toEqual(refused('review-stage'));
    await expect(at.pass(second, task, 'second')).rejects.toEqual(refused('review-stage'));
    await at.pass(first, task, 'first');
    await expect(at.pass(first, task, 'first')).rejects.toEqual(refused('review-stage'));
  });

  test('ask for every point to be ticked', async () => {
    const task = await at.submitted(writer);
    await expect(at.pass(first, task, 'first', ['words', 'facts'])).rejects.toEqual(refused('review-points'));
    expect(await at.state(task.releaseId)).toBe('reviewing');
  });

  test('are not passed by whoever lacks the role, nor by the same role elsewhere', async () => {
    const task = await at.submitted(writer);
    await expect(at.pass(second, task, 'first')).rejects.toEqual(refused('review-role'));
    const elsewhere = await at.reviewer('other', 'first-reviewer');
    // Out of reach, the release is not even there.
    await expect(at.pass(elsewhere, task, 'first')).rejects.toEqual(refused('round-gone'));
    const foreign = elsewhere.db.query(
      `insert into review_steps (office_id, round_id, stage, decision, person_id, person_name, role, role_office_id, held_as)
       values ($1, $2, 'first', 'passed', $3, $3, 'first-reviewer', $1, 'holder')`,
      [staff.offices.other, task.roundId, elsewhere.actor.id],
    );
    await expect(foreign).rejects.toMatchObject({ code: '42501' });
    const above = await at.reviewer('city', 'final-reviewer');
    await at.pass(first, task, 'first');
    await at.pass(second, task, 'second');
    await expect(at.pass(above, task, 'final')).rejects.toEqual(refused('review-role'));
  });

  test('are three people also where one holds several roles', async () => {
    const both = await at.reviewer('county', 'first-reviewer', 'second-reviewer', 'final-reviewer');
    const task = await at.submitted(writer);
    await at.pass(both, task, 'first');
    await expect(at.pass(both, task, 'second')).rejects.toEqual(refused('review-again'));
    // The table itself holds it, whatever the program does.
    const twice = staff.engines.store.query(
      `insert into review_steps (office_id, round_id, stage, decision, person_id, person_name, role, role_office_id, held_as)
       values ($1, $2, 'second', 'passed', $3, $3, 'second-reviewer', $1, 'holder')`,
      [staff.offices.county, task.roundId, both.actor.id],
    );
    await expect(twice).rejects.toThrow(/review_steps_people/);
  });

  test('are never passed by who wrote or submitted the version', async () => {
    const author = await staff.person('county', 'press-officer', 'first-reviewer');
    const writing = await at.desk(author, 'county', 'release-write');
    const reviewing = await at.desk(author, 'county', 'release-review');
    const task = await at.submitted(writing);
    await expect(at.pass(reviewing, task, 'first')).rejects.toEqual(refused('review-author'));
    // Submitting what somebody else wrote makes them one of its authors too.
    const releaseId = await at.draft(writer);
    const roundId = await at.submit(writing, releaseId);
    await expect(at.pass(reviewing, { releaseId, roundId }, 'first')).rejects.toEqual(
      refused('review-author'),
    );
    const direct = staff.engines.store.query(
      `insert into review_steps (office_id, round_id, stage, decision, person_id, person_name, role, role_office_id, held_as)
       values ($1, $2, 'first', 'passed', $3, $3, 'first-reviewer', $1, 'holder')`,
      [staff.offices.county, roundId, author],
    );
    await expect(direct).rejects.toMatchObject({ code: 'JS006' });
    // Who wrote an earlier version but neither saved nor submitted this one may.
    await at.takeBack(writer, { releaseId, roundId });
    await saveRelease(writer.db, writer.actor, releaseId, 1, edited);
    await at.secrecy(writer, releaseId, 2);
    const again = await at.submit(writer, releaseId, 2);
    expect(await at.pass(reviewing, { releaseId, roundId: again }, 'first')).toEqual({ approved: false });
  });

  test('can be passed by a deputy and a delegate, and it is kept that they acted as such', async () => {
    const { store } = staff.engines;
    const deputy = await staff.person('county', 'analyst');
    const delegate = await staff.person('county', 'analyst');
    const [given] = await staff.grantIds(second.actor.id);
    await store.query(
      `insert into role_grants (office_id, person_id, role, kind, granted_by) values ($1, $2, 'first-reviewer', 'deputy', 'test')`,
      [staff.offices.county, deputy],
    );
    await store.query(
      `insert into role_grants (office_id, person_id, role, kind, granted_by, delegated_from, until_at)
       values ($1, $2, 'second-reviewer', 'delegate', $3, $4, now() + interval '1 day')`,
      [staff.offices.county, delegate, second.actor.id, given],
    );
    const task = await at.submitted(writer);
    await at.pass(await at.desk(deputy, 'county', 'release-review'), task, 'first');
    await at.pass(await at.desk(delegate, 'county', 'release-review'), task, 'second');
    const { steps } = await at.round(task.releaseId);
    expect(steps.map(({ heldAs }) => heldAs)).toEqual(['deputy', 'delegate']);
    await store.query('update role_grants set revoked_at = now() where person_id = any ($1)', [
      [deputy, delegate],
    ]);
  });
});

describe('a release is submitted', () => {
  test('only as the version that was read, as a draft, and with its secrecy review', async () => {
    const id = await at.draft(writer);
    const submit = (version: number) => submitForReview(writer.db, writer.actor, { id, version }, NOW);
    await expect(submit(2)).rejects.toEqual(refused('stale-version'));
    await saveRelease(writer.db, writer.actor, id, 1, edited);
    await expect(submit(2)).rejects.toEqual(refused('review-secrecy'));
    await at.secrecy(writer, id, 2);
    await submit(2);
    await expect(submit(2)).rejects.toEqual(refused('review-state'));
  });

  test('once, when two submit it at the same moment', async () => {
    const id = await at.draft(writer);
    const both = await Promise.allSettled([at.submit(writer, id), at.submit(writer, id)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('and those who can pass the next stage are told, by name, and nobody else', async () => {
    const task = await at.submitted(writer);
    await at.pass(first, task, 'first');
    const [one, two] = await asked();
    expect(one).toMatchObject({ kind: 'review-asked', office: staff.offices.county, roles: null });
    expect(one?.people).toContain(first.actor.id);
    expect(one?.people).not.toContain(second.actor.id);
    expect(two?.people).toContain(second.actor.id);
    expect(two?.people).not.toContain(first.actor.id);
  });

  test('and where nobody can pass it, those who look after the office learn that', async () => {
    const lonely = await at.writer('province');
    await at.submitted(lonely);
    expect(await asked()).toMatchObject([
      {
        kind: 'review-asked',
        people: null,
        roles: ['first-reviewer'],
        text: expect.stringContaining('没有人'),
      },
    ]);
  });
});

describe('a round ends', () => {
  test('with a return, which needs a reason, makes it a draft and tells the authors', async () => {
    const task = await at.submitted(writer);
    await expect(at.giveBack(first, task, 'first', ' ')).rejects.toEqual(refused('review-reason'));
    await at.giveBack(first, task, 'first', '日期有误。');
    expect(await at.state(task.releaseId)).toBe('draft');
    expect(await at.round(task.releaseId)).toMatchObject({
      state: 'returned',
      steps: [{ note: '日期有误。' }],
    });
    expect((await asked()).at(-1)).toMatchObject({ kind: 'review-returned', people: [writer.actor.id] });
    await expect(at.pass(first, task, 'first')).rejects.toEqual(refused('review-changed'));
    // The next round begins at the beginning.
    const roundId = await at.submit(writer, task.releaseId);
    await expect(at.pass(second, { ...task, roundId }, 'second')).rejects.toEqual(refused('review-stage'));
  });

  test('when it is taken back', async () => {
    const task = await at.submitted(writer);
    await at.pass(first, task, 'first');
    await at.takeBack(writer, task);
    expect(await at.state(task.releaseId)).toBe('draft');
    expect((await at.round(task.releaseId)).state).toBe('taken-back');
    await expect(at.takeBack(writer, task)).rejects.toEqual(refused('review-changed'));
  });

  test('with an edit, and what was passed is void', async () => {
    const task = await at.submitted(writer);
    await at.pass(first, task, 'first');
    await saveRelease(writer.db, writer.actor, task.releaseId, 1, edited);
    expect(await at.state(task.releaseId)).toBe('draft');
    expect((await at.round(task.releaseId)).state).toBe('edited');
    await expect(at.pass(second, task, 'second')).rejects.toEqual(refused('review-changed'));
  });

  test('with an edit after the approval too', async () => {
    const task = await at.submitted(writer);
    await at.pass(first, task, 'first');
    await at.pass(second, task, 'second');
    await at.pass(final, task, 'final');
    await saveRelease(writer.db, writer.actor, task.releaseId, 1, edited);
    expect(await at.state(task.releaseId)).toBe('draft');
    expect((await at.round(task.releaseId)).state).toBe('edited');
  });
});

describe('at the same moment', () => {
  test('one of two who pass a stage passes it, and the other one is told', async () => {
    const another = await at.reviewer('county', 'first-reviewer');
    for (let time = 0; time < 8; time += 1) {
      const task = await at.submitted(writer);
      const both = await Promise.allSettled([at.pass(first, task, 'first'), at.pass(another, task, 'first')]);
      const lost = both.filter((result) => result.status === 'rejected');
      expect(lost).toMatchObject([{ reason: { code: 'review-stage' } }]);
      expect((await at.round(task.releaseId)).steps).toHaveLength(1);
    }
  });

  test('a last pass and an edit leave no approved text that nobody passed', async () => {
    for (let time = 0; time < 12; time += 1) {
      const task = await at.submitted(writer);
      await at.pass(first, task, 'first');
      await at.pass(second, task, 'second');
      const pass = () => at.pass(final, task, 'final');
      const edit = () => saveRelease(writer.db, writer.actor, task.releaseId, 1, edited);
      const order = time % 2 === 0 ? [pass(), edit()] : [edit(), pass()];
      const done = await Promise.allSettled(order);
      // Whichever came first: the text that stands is the edited one, and it is a draft that nobody passed.
      expect(done.some(({ status }) => status === 'fulfilled')).toBe(true);
      expect(await at.state(task.releaseId)).toBe('draft');
      expect((await at.round(task.releaseId)).state).toBe('edited');
    }
  });
});

describe('comments', () => {
  const said = { part: 'document', quote: '开放日', start: 11, text: '请写明日期。' } as const;

  test('stand with who made them until somebody has seen to them, and can be opened again', async () => {
    const { releaseId } = await at.submitted(writer);
    const id = await addComment(first.db, first.actor, releaseId, said, NOW);
    expect(await commentsOf(writer.db, releaseId)).toMatchObject([
      { id, quote: '开放日', madeBy: first.actor.id, resolvedAt: null },
    ]);
    const settle = (resolved: boolean) =>
      settleComment(writer.db, writer.actor, releaseId, id, resolved, NOW);
    expect(await settle(true)).toBe(true);
    expect(await settle(true)).toBe(false);
    expect(await commentsOf(writer.db, releaseId)).toMatchObject([
      { resolvedBy: writer.actor.id, resolvedAt: NOW },
    ]);
    expect(await settle(false)).toBe(true);
    expect(await commentsOf(writer.db, releaseId)).toMatchObject([{ resolvedBy: null, resolvedAt: null }]);
    expect((await actions(releaseId)).slice(-3)).toEqual([
      ...['comment-add', 'comment-resolve', 'comment-reopen'],
    ]);
  });

  test('need a text, and a release within reach', async () => {
    const { releaseId } = await at.submitted(writer);
    const add = (desk: ReviewDesk, text: string) =>
      addComment(desk.db, desk.actor, releaseId, { ...said, text }, NOW);
    await expect(add(first, '  ')).rejects.toEqual(refused('comment-text'));
    await expect(add(first, '长'.repeat(2_001))).rejects.toEqual(refused('comment-text'));
    const elsewhere = await at.reviewer('other', 'first-reviewer');
    await expect(add(elsewhere, '看不到')).rejects.toEqual(refused('round-gone'));
    expect(await commentsOf(elsewhere.db, releaseId)).toEqual([]);
  });
});
