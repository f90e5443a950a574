import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contentOf } from '../../config/release-content.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { Engines } from '../../indexer/topics/engines-worker.ts';
import { groupPortion } from '../../indexer/topics/portion-worker.ts';
import { shippedSegmenter } from '../../indexer/text/segmenter.ts';
import {
  mergeConcerns,
  muteConcern,
  pinConcern,
  renameConcern,
  splitConcern,
  type Seen,
} from '../../store/concern-acts.ts';
import {
  addConcernNote,
  concernNotes,
  concernReleases,
  linkConcernRelease,
  removeConcernNote,
  unlinkConcernRelease,
} from '../../store/concern-notes.ts';
import { concernActs, undoConcernAct } from '../../store/concern-undo.ts';
import { standingConcern } from '../../store/concerns.ts';
import { applyGrouped } from '../../store/grouping-apply.ts';
import type { NewPost } from '../../store/posts.ts';
import { createRelease } from '../../store/releases.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { storePosts } from '../../store/storing.ts';
import { concernWarnings } from '../../store/concern-view.ts';
import { listConcerns } from '../../store/trending.ts';
import { concernState, expectConcernsCounted, told } from '../support/concerns.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource, newPost } from '../support/posts.ts';
import { startStaff, type Hand, type Staff } from '../support/staff.ts';
import { suggest } from '../support/warnings.ts';

/** What people do to concerns, and what grouping makes of it. */
let staff: Staff;
let hand: Hand;
let office: number;
let source: { id: number; officeId: number };
let grouping: Engines;
let made = 0;
const NOW = new Date('2026-11-22T04:00:00Z');

beforeAll(async () => {
  staff = await startStaff();
});
afterAll(() => staff.stop());
beforeEach(async () => {
  made += 1;
  office = await makeOffice(staff.engines.store, `acts-${made}`, 'county', staff.offices.city);
  source = await makeSource(staff.engines.store, office, `feed-${made}`);
  const id = await staff.person('county', 'analyst');
  const actor = { id, officeId: office, role: 'analyst' as const, address: null };
  hand = { db: scoped(staff.app, oneOffice(office)), actor };
  grouping = new Engines();
});

async function store(posts: Partial<NewPost>[]): Promise<void> {
  const all = posts.map((change) => newPost({ publishedAt: NOW, ...change }));
  await storePosts(hand.db, office, source.id, all);
  await group();
}

async function group(with_ = grouping): Promise<void> {
  for (;;) {
    const done = await groupPortion(hand.db, office, with_, shippedSegmenter(), NOW);
    if (done === 'busy' || !done.left) return;
  }
}

/** Sizes of the standing concerns, all counters looked at. */
async function sizes(): Promise<number[]> {
  await expectConcernsCounted(staff.engines.store, office);
  return (await concernState(staff.engines.store, office)).map(({ posts }) => posts);
}

async function seen(at: number): Promise<Seen> {
  const id = (await concernState(staff.engines.store, office))[at]?.id ?? 0;
  return version(id);
}

async function version(id: number): Promise<Seen> {
  const found = await staff.engines.store.query<Seen>('select id, version from concerns where id = $1', [id]);
  return found.rows[0] as Seen;
}

async function postsOf(id: number): Promise<number[]> {
  const found = await staff.engines.store.query<{ id: number }>(
    'select post_id as id from concern_posts where concern_id = $1 order by post_id',
    [id],
  );
  return found.rows.map((row) => row.id);
}

const acted = async () =>
  (
    await staff.engines.store.query<{ action: string }>(
      `select entry::jsonb ->> 'action' as action from audit_entries
       where entry::jsonb ->> 'officeId' = $1::text order by seq`,
      [String(office)],
    )
  ).rows.map(({ action }) => action);

describe('merging', () => {
  test('makes one of two, and what comes later is of that one, in any process', async () => {
    await store([...told('canteen', 4), ...told('noise', 3)]);
    const [canteen, noise] = [await seen(0), await seen(1)];
    await mergeConcerns(hand.db, hand.actor, noise, canteen);
    expect(await sizes()).toEqual([7]);
    expect(await standingConcern(hand.db, noise.id)).toBe(canteen.id);
    await group();
    await store([...told('noise', 2, 3), ...told('canteen', 1, 4)]);
    expect(await sizes()).toEqual([10]);
    await group(new Engines());
    expect(await sizes()).toEqual([10]);
    expect(await acted()).toEqual(['concern-merge']);
  });

  test('holds when grouping begins anew', async () => {
    await store([...told('canteen', 4), ...told('noise', 3)]);
    const [canteen, noise] = [await seen(0), await seen(1)];
    await mergeConcerns(hand.db, hand.actor, noise, canteen);
    await group();
    await staff.engines.store.query('update grouping_states set form = -1 where office_id = $1', [office]);
    await group(new Engines());
    await group(new Engines());
    expect(await sizes()).toEqual([7]);
    expect(await standingConcern(hand.db, noise.id)).toBe(canteen.id);
    grouping = new Engines();
    await store(told('noise', 2, 3));
    expect(await sizes()).toEqual([9]);
  });

  test('that is undone gives both back with their own posts', async () => {
    await store([...told('canteen', 4), ...told('noise', 3)]);
    const [canteen, noise] = [await seen(0), await seen(1)];
    const act = await mergeConcerns(hand.db, hand.actor, noise, canteen);
    await group();
    await undoConcernAct(hand.db, hand.actor, act);
    expect(await sizes()).toEqual([4, 3]);
    expect(await standingConcern(hand.db, noise.id)).toBe(noise.id);
    await group();
    expect(await sizes()).toEqual([4, 3]);
    await store([...told('noise', 2, 3)]);
    expect(await sizes()).toEqual([5, 4]);
    expect(await acted()).toEqual(['concern-merge', 'concern-undo']);
  });

  test('and its undoing may both come before grouping hears of them', async () => {
    await store([...told('canteen', 4), ...told('noise', 3)]);
    const act = await mergeConcerns(hand.db, hand.actor, await seen(1), await seen(0));
    await undoConcernAct(hand.db, hand.actor, act);
    await group();
    expect(await sizes()).toEqual([4, 3]);
  });

  test('is refused with itself, with what is gone, and when somebody was faster', async () => {
    await store([...told('canteen', 4), ...told('noise', 3)]);
    const [canteen, noise] = [await seen(0), await seen(1)];
    const merge = (from: Seen, into: Seen) => mergeConcerns(hand.db, hand.actor, from, into);
    await expect(merge(canteen, canteen)).rejects.toMatchObject({ code: 'concern-same' });
    await expect(merge({ id: 999_999, version: 1 }, canteen)).rejects.toMatchObject({ code: 'concern-gone' });
    await renameConcern(hand.db, hand.actor, noise, '工地噪声');
    await expect(merge(noise, canteen)).rejects.toMatchObject({ code: 'concern-changed' });
    await merge(await version(noise.id), canteen);
    await expect(merge(await version(noise.id), canteen)).rejects.toMatchObject({ code: 'concern-gone' });
  });

  test('is refused across offices', async () => {
    await store(told('canteen', 4));
    const other = await makeOffice(staff.engines.store, `acts-other-${made}`, 'county', staff.offices.city);
    const elsewhere = await staff.engines.store.query<Seen>(
      `insert into concerns (office_id, first_at, last_at) values ($1, now(), now()) returning id, version`,
      [other],
    );
    const both = scoped(staff.app, { every: false, offices: [office, other], shared: [] });
    await expect(
      mergeConcerns(both, hand.actor, elsewhere.rows[0] as Seen, await seen(0)),
    ).rejects.toMatchObject({ code: 'concern-office' });
    await expect(
      mergeConcerns(hand.db, hand.actor, elsewhere.rows[0] as Seen, await seen(0)),
    ).rejects.toMatchObject({ code: 'concern-gone' });
  });
});

describe('splitting', () => {
  test('makes a concern of its own of some posts, and grouping leaves them apart', async () => {
    await store(told('canteen', 8));
    const whole = await seen(0);
    const posts = await postsOf(whole.id);
    const { concernId } = await splitConcern(hand.db, hand.actor, whole, posts.slice(0, 3));
    expect(await sizes()).toEqual([5, 3]);
    await group();
    expect(await sizes()).toEqual([5, 3]);
    await group(new Engines());
    await store(told('noise', 3));
    expect(await postsOf(concernId)).toEqual(posts.slice(0, 3));
    expect(await acted()).toEqual(['concern-split']);
  });

  test('that is undone puts them back', async () => {
    await store(told('canteen', 8));
    const whole = await seen(0);
    const posts = await postsOf(whole.id);
    const { actId, concernId } = await splitConcern(hand.db, hand.actor, whole, posts.slice(0, 3));
    await group();
    await undoConcernAct(hand.db, hand.actor, actId);
    expect(await sizes()).toEqual([8]);
    await group();
    expect(await sizes()).toEqual([8]);
    expect(await standingConcern(hand.db, concernId)).toBe(whole.id);
  });

  test('is not undone once the rest was merged into the part, before that is undone itself', async () => {
    await store(told('canteen', 8));
    const whole = await seen(0);
    const posts = await postsOf(whole.id);
    const { actId, concernId } = await splitConcern(hand.db, hand.actor, whole, posts.slice(0, 3));
    const merged = await mergeConcerns(
      hand.db,
      hand.actor,
      await version(whole.id),
      await version(concernId),
    );
    const undoable = async () => (await concernActs(hand.db, concernId)).map((act) => [act.id, act.undoable]);
    expect(await undoable()).toEqual([
      [merged, true],
      [actId, false],
    ]);
    await expect(undoConcernAct(hand.db, hand.actor, actId)).rejects.toMatchObject({
      code: 'concern-undone',
    });
    expect(await sizes()).toEqual([8]);
    await undoConcernAct(hand.db, hand.actor, merged);
    await undoConcernAct(hand.db, hand.actor, actId);
    expect(await sizes()).toEqual([8]);
    expect(await standingConcern(hand.db, concernId)).toBe(whole.id);
  });

  test('takes along what repeats the chosen posts', async () => {
    await store(told('canteen', 5));
    const whole = await seen(0);
    const [first, second] = await postsOf(whole.id);
    await staff.engines.store.query('update posts set copy_of = $1 where id = $2', [first, second]);
    const { concernId } = await splitConcern(hand.db, hand.actor, whole, [second as number]);
    expect(await postsOf(concernId)).toEqual([first, second]);
  });

  test('of none, of all, or of posts of another concern is refused', async () => {
    await store([...told('canteen', 4), ...told('noise', 3)]);
    const whole = await seen(0);
    const posts = await postsOf(whole.id);
    const foreign = await postsOf((await seen(1)).id);
    for (const chosen of [[], posts, foreign]) {
      await expect(splitConcern(hand.db, hand.actor, whole, chosen)).rejects.toMatchObject({
        code: 'concern-posts',
      });
    }
  });
});

describe('a name, a pin, silence', () => {
  test('stay through regrouping, and are undone one by one', async () => {
    await store(told('canteen', 4));
    const { id } = await seen(0);
    const of = async () =>
      (
        await staff.engines.store.query(
          `select renamed, pinned_at is not null as pinned, muted_at is not null as muted from concerns where id = $1`,
          [id],
        )
      ).rows[0];
    const first = await renameConcern(hand.db, hand.actor, await version(id), '食堂食品安全');
    const second = await renameConcern(hand.db, hand.actor, await version(id), '实验中学食堂');
    const pin = await pinConcern(hand.db, hand.actor, await version(id), true);
    await muteConcern(hand.db, hand.actor, await version(id), true);
    await store(told('canteen', 6, 4));
    expect(await of()).toEqual({ renamed: '实验中学食堂', pinned: true, muted: true });
    await expect(undoConcernAct(hand.db, hand.actor, first)).rejects.toMatchObject({
      code: 'concern-undone',
    });
    await undoConcernAct(hand.db, hand.actor, second);
    await undoConcernAct(hand.db, hand.actor, pin);
    expect(await of()).toEqual({ renamed: '食堂食品安全', pinned: false, muted: true });
    await expect(undoConcernAct(hand.db, hand.actor, second)).rejects.toMatchObject({
      code: 'concern-undone',
    });
    await undoConcernAct(hand.db, hand.actor, first);
    expect(await of()).toEqual({ renamed: null, pinned: false, muted: true });
    const acts = await concernActs(hand.db, id);
    expect(acts.map(({ kind, undoable, undoneAt }) => [kind, undoable, undoneAt !== null])).toEqual([
      ['mute', true, false],
      ['pin', false, true],
      ['rename', false, true],
      ['rename', false, true],
    ]);
    expect(acts[0]?.madeBy).toBeNull();
  });

  test('go with a concern that grouping makes a part of another one', async () => {
    await store([...told('canteen', 4), ...told('noise', 3)]);
    const [canteen, noise] = [await seen(0), await seen(1)];
    await renameConcern(hand.db, hand.actor, noise, '工地噪声');
    const numbers = await staff.engines.store.query<{ number: number }>(
      'select number from concerns where id = any ($1::bigint[]) order by id = $2',
      [[canteen.id, noise.id], noise.id],
    );
    const [into, concern] = numbers.rows.map(({ number }) => number);

    const merged = [{ concern: concern as number, into: into as number }];
    await applyGrouped(staff.engines.store, office, { merged, moved: [], gone: [] });
    expect(await sizes()).toEqual([7]);
    const named = await staff.engines.store.query('select renamed from concerns where id = $1', [canteen.id]);
    expect(named.rows).toEqual([{ renamed: '工地噪声' }]);
  });
});

test('what people noted, linked and were warned of about a concern is found where it is a part of another one', async () => {
  await store([...told('canteen', 4), ...told('noise', 3)]);
  const [canteen, noise] = [await seen(0), await seen(1)];
  await addConcernNote(hand.db, hand.actor, noise.id, '已约谈施工单位');
  const content = contentOf({ title: '夜间施工检查情况', document: documentOfText('已开展检查。') });
  const release = await createRelease(hand.db, hand.actor, content);
  await linkConcernRelease(hand.db, hand.actor, noise.id, release);
  const warned = await suggest(hand.db, office, 'yellow', NOW);
  await hand.db.query('update warnings set concern_id = $1 where id = $2', [noise.id, warned]);
  const merge = await mergeConcerns(hand.db, hand.actor, noise, canteen);
  const found = async (id: number) => [
    (await concernNotes(hand.db, id)).map(({ text }) => text),
    (await concernReleases(hand.db, id)).map((each) => each.id),
    (await concernWarnings(hand.db, id)).map((each) => each.id),
  ];
  expect(await found(canteen.id)).toEqual([['已约谈施工单位'], [release], [warned]]);
  const filter = { text: '', state: 'awake', sort: 'heat', since: null } as const;
  const { concerns } = await listConcerns(hand.db, [office], filter);
  expect(concerns.map(({ id, warningLevel }) => [id, warningLevel])).toEqual([[canteen.id, 'yellow']]);
  await unlinkConcernRelease(hand.db, hand.actor, canteen.id, release);
  expect(await concernReleases(hand.db, canteen.id)).toEqual([]);
  await undoConcernAct(hand.db, hand.actor, merge);
  expect(await found(canteen.id)).toEqual([[], [], []]);
  expect(await found(noise.id)).toEqual([['已约谈施工单位'], [], [warned]]);
});

test('notes and releases are linked, taken off again and entered in the log', async () => {
  await store(told('canteen', 4));
  const { id } = await seen(0);
  const note = await addConcernNote(hand.db, hand.actor, id, '已与市场监管部门联系');
  expect(await concernNotes(hand.db, id)).toMatchObject([{ id: note, text: '已与市场监管部门联系' }]);
  await removeConcernNote(hand.db, hand.actor, note);
  expect(await concernNotes(hand.db, id)).toEqual([]);
  const content = contentOf({ title: '食堂检查情况', document: documentOfText('已开展检查。') });
  const release = await createRelease(hand.db, hand.actor, content);
  await linkConcernRelease(hand.db, hand.actor, id, release);
  await linkConcernRelease(hand.db, hand.actor, id, release);
  expect(await concernReleases(hand.db, id)).toMatchObject([{ id: release, title: '食堂检查情况' }]);
  await unlinkConcernRelease(hand.db, hand.actor, id, release);
  expect(await concernReleases(hand.db, id)).toEqual([]);
  await expect(addConcernNote(hand.db, hand.actor, 999_999, '无')).rejects.toMatchObject({
    code: 'concern-gone',
  });
  expect((await acted()).filter((action) => action.startsWith('concern'))).toEqual([
    'concern-note-add',
    'concern-note-remove',
    'concern-release-link',
    'concern-release-unlink',
  ]);
});
