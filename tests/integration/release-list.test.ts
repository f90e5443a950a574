import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf } from '../../config/release-content.ts';
import { countReleases, listReleases, type ReleaseFilter } from '../../store/release-list.ts';
import { createRelease } from '../../store/releases.ts';
import { startStaff, type Hand, type Staff } from '../support/staff.ts';

let staff: Staff;
let writer: Hand;
let colleague: Hand;
const ids: Record<string, number> = {};

const begin = async (hand: Hand, name: string, content: Parameters<typeof contentOf>[0]) => {
  ids[name] = await createRelease(hand.db, hand.actor, contentOf(content));
  return ids[name];
};

beforeAll(async () => {
  staff = await startStaff();
  writer = await staff.hand('press-officer', 'city', await staff.person('city', 'press-officer'));
  colleague = await staff.hand('press-officer', 'city', await staff.person('city', 'press-officer'));
  const below = await staff.hand('press-officer', 'county', await staff.person('county', 'press-officer'));
  const draft = await begin(writer, 'draft', { title: '检察开放日 100%_准备', type: 'open-day' });
  const returned = await begin(colleague, 'returned', { title: '退回的稿', summary: '关于开放日' });
  await begin(colleague, 'published', {
    title: '公告',
    details: { website: { on: true }, weibo: { on: true }, wechat: { on: true } },
  });
  await begin(below, 'below', { title: '县院的稿' });
  const { store } = staff.engines;
  await store.query(
    `insert into review_rounds (office_id, release_id, version, flow, submitted_by, authors, state, content, hash)
     select office_id, id, 1, 'three', created_by, array[created_by], 'returned', '{}', repeat('0', 64) from releases where id = $1`,
    [returned],
  );
  await store.query(`update releases set state = 'published' where id = $1`, [ids['published']]);
  await store.query(`update releases set updated_at = now() + interval '1 minute' where id = $1`, [draft]);
});
afterAll(() => staff?.stop());

const found = async (filter: ReleaseFilter, offices = [staff.offices.city]) =>
  (await listReleases(writer.db, offices, filter)).map(({ id }) =>
    Object.keys(ids).find((name) => ids[name] === id),
  );

describe('the list of releases', () => {
  test('is the office’s, the last touched first, each with its next step and where it goes', async () => {
    const rows = await listReleases(writer.db, [staff.offices.city]);
    expect(rows.map(({ id, next, channels }) => [id, next, channels])).toEqual([
      [ids['draft'], 'draft', ['website']],
      [ids['published'], 'published', ['website', 'weibo', 'wechat']],
      [ids['returned'], 'returned', ['website']],
    ]);
  });

  test.each<[ReleaseFilter, string[]]>([
    [{ state: 'published' }, ['published']],
    [{ state: 'withdrawn' }, []],
    [{ type: 'open-day' }, ['draft']],
    [{ text: '开放日' }, ['draft', 'returned']],
    [{ text: '100%_准备' }, ['draft']],
    [{ text: '100%%' }, []],
    [{ text: '\\' }, []],
    [{ type: 'notice', text: '开放日' }, ['returned']],
  ])('narrowed by %j is %j, and as many are counted', async (filter, names) => {
    expect(await found(filter)).toEqual(names);
    expect(await countReleases(writer.db, [staff.offices.city], filter)).toBe(names.length);
  });

  test('of one’s own is what one has begun', async () => {
    expect(await found({ createdBy: writer.actor.id })).toEqual(['draft']);
  });

  test('is turned page by page, with nothing twice and nothing left out', async () => {
    const pages = await Promise.all(
      [0, 1, 2, 3].map((offset) => listReleases(writer.db, [staff.offices.city], {}, { limit: 1, offset })),
    );
    expect(pages.map((rows) => rows.map(({ id }) => id))).toEqual([
      [ids['draft']],
      [ids['published']],
      [ids['returned']],
      [],
    ]);
  });

  test('has nothing of an office that is out of reach', async () => {
    expect(await found({}, [staff.offices.county])).toEqual([]);
  });
});
