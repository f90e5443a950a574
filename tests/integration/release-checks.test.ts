import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secrecyItems, type Finding } from '../../config/release-checks.ts';
import { contentOf } from '../../config/release-content.ts';
import { blocking } from '../../publisher/releases/checks/index.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { giveReason, reasonsOf } from '../../store/check-reasons.ts';
import { checkRun, keepCheckRun, namesAsLong, recentReleases } from '../../store/check-runs.ts';
import { createRelease, saveRelease } from '../../store/releases.ts';
import { reviewSecrecy, secrecyReview } from '../../store/secrecy-reviews.ts';
import { found } from '../support/checks.ts';
import { approvedRelease } from '../support/releases.ts';
import { startStaff, type Hand, type Place, type Staff } from '../support/staff.ts';
import { scoped } from '../../store/scope.ts';

let staff: Staff;
let officer: Hand;
let other: Hand;

beforeAll(async () => {
  staff = await startStaff();
  officer = await handOf('city');
  other = await handOf('other');
});
afterAll(() => staff?.stop());

async function handOf(place: Place): Promise<Hand> {
  const id = await staff.person(place, 'press-officer');
  const officeId = staff.offices[place];
  const actor = { id, officeId, role: 'press-officer' as const, address: null };
  return { db: scoped(staff.app, { every: false, offices: [officeId], shared: [] }), actor };
}

const write = (text: string, title = '工作动态') =>
  createRelease(officer.db, officer.actor, contentOf({ title, document: documentOfText(text) }));
const release = (id: number, version = 1) => ({ id, version, officeId: officer.actor.officeId });
const audited = async (id: number) => {
  const rows = await staff.engines.store.query<{ action: string }>(
    `select entry::jsonb->>'action' as action from audit_entries where entry::jsonb->>'subject' = $1 order by seq`,
    [`release:${id}`],
  );
  return rows.rows.map(({ action }) => action);
};

describe('a run of the checks', () => {
  test('is there with its version and time, or is not there at all', async () => {
    const id = await write('请登录帐号。');
    expect(await checkRun(officer.db, id)).toBeNull();
    const findings = await found('wrong-words', '请登录帐号。');
    await keepCheckRun(officer.db, release(id), findings);
    const run = await checkRun(officer.db, id);
    expect(run).toMatchObject({ version: 1, findings });
    expect(run?.ranAt).toBeInstanceOf(Date);
  });

  test('that found nothing is a run all the same', async () => {
    const id = await write('正文。');
    await keepCheckRun(officer.db, release(id), []);
    expect((await checkRun(officer.db, id))?.findings).toEqual([]);
  });

  test('on an older version that ends later does not stand in place of the newer one', async () => {
    const id = await write('正文。');
    await keepCheckRun(officer.db, release(id, 2), []);
    await keepCheckRun(officer.db, release(id, 1), await found('wrong-words', '帐号'));
    expect(await checkRun(officer.db, id)).toMatchObject({ version: 2, findings: [] });
  });

  test('is seen by nobody of another office', async () => {
    const id = await write('正文。');
    await keepCheckRun(officer.db, release(id), []);
    expect(await checkRun(other.db, id)).toBeNull();
  });
});

describe('a reason', () => {
  const finding = async (text: string): Promise<Finding> => (await found('wrong-words', text))[0]!;

  test('stands under its name, is audited, and lets its warning pass', async () => {
    const id = await write('原文写作“帐号”。');
    const warning = await finding('原文写作“帐号”。');
    await giveReason(officer.db, officer.actor, release(id), warning, '引用原文');
    const reasons = await reasonsOf(officer.db, id);
    expect(reasons).toMatchObject([{ check: 'wrong-words', reason: '引用原文', by: officer.actor.id }]);
    expect(blocking([warning], reasons)).toEqual([]);
    expect(await audited(id)).toEqual(['release-create', 'check-reason']);
  });

  test('given anew takes the place of the former one', async () => {
    const id = await write('正文');
    const warning = await finding('帐号');
    await giveReason(officer.db, officer.actor, release(id), warning, '第一个理由');
    await giveReason(officer.db, officer.actor, release(id), warning, '第二个理由');
    expect((await reasonsOf(officer.db, id)).map(({ reason }) => reason)).toEqual(['第二个理由']);
  });

  test('is of its release alone', async () => {
    const [one, two] = [await write('正文'), await write('正文')];
    await giveReason(officer.db, officer.actor, release(one), await finding('帐号'), '引用原文');
    expect(await reasonsOf(officer.db, two)).toEqual([]);
    expect(await reasonsOf(other.db, one)).toEqual([]);
  });
});

describe('a secrecy review', () => {
  test('counts for the version that was read, and for no later one', async () => {
    const id = await write('正文。');
    expect(await secrecyReview(officer.db, id, 1)).toBeNull();
    await reviewSecrecy(officer.db, officer.actor, release(id), secrecyItems);
    expect(await secrecyReview(officer.db, id, 1)).toMatchObject({
      items: [...secrecyItems],
      by: officer.actor.id,
    });
    const content = contentOf({ title: '工作动态', document: documentOfText('改过的正文。') });
    await saveRelease(officer.db, officer.actor, id, 1, content);
    expect(await secrecyReview(officer.db, id, 2)).toBeNull();
    expect(await audited(id)).toEqual(['release-create', 'secrecy-review', 'release-save']);
  });

  test('of a version that has been overtaken is refused', async () => {
    const id = await write('正文。');
    const content = contentOf({ title: '工作动态', document: documentOfText('改过的正文。') });
    await saveRelease(officer.db, officer.actor, id, 1, content);
    await expect(reviewSecrecy(officer.db, officer.actor, release(id), secrecyItems)).rejects.toMatchObject({
      code: 'stale-version',
    });
  });
});

describe('what a release is compared with', () => {
  test('is what its office has on its way or out, lately, but for itself and for drafts', async () => {
    const { db, actor } = officer;
    const known = await approvedRelease(db, actor);
    const long = await approvedRelease(db, actor);
    await staff.engines.store.query(
      `update releases set updated_at = now() - interval '91 days' where id = $1`,
      [long.id],
    );
    const draft = await write('正文。');
    const theirs = await approvedRelease(other.db, other.actor);
    const since = new Date(Date.now() - 90 * 86_400_000);
    const ids = async (except: number) =>
      (await recentReleases(db, actor.officeId, { except, since })).map(({ id }) => id);
    expect(await ids(draft)).toEqual([known.id]);
    expect(await ids(known.id)).toEqual([]);
    expect(theirs.id).not.toBe(known.id);
  });

  test('names of other offices are those that are as long', async () => {
    expect([...(await namesAsLong(officer.db, '????'))].every((name) => name.length === 4)).toBe(true);
    expect(await namesAsLong(officer.db, 'city')).not.toContain('city');
  });
});
