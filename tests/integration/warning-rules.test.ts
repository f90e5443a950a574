import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shippedRules, type Rule } from '../../config/warning-rules.ts';
import { runReplays } from '../../hub/replay-apart.ts';
import { previewRule } from '../../indexer/warnings/preview.ts';
import { countInConcerns } from '../../store/concern-count.ts';
import { lockPosts } from '../../store/locks.ts';
import { listMarkedEvents, markEvent, removeMark } from '../../store/marked-events.ts';
import { transaction } from '../../store/pool.ts';
import { askReplay, latestReplays } from '../../store/replays.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { storePosts } from '../../store/storing.ts';
import {
  activeRules,
  addRule,
  changeRule,
  ensureRules,
  listRules,
  resetRule,
  restoreRule,
  ruleById,
  ruleVersions,
} from '../../store/warning-rules.ts';
import { silent, until } from '../support/engines.ts';
import { makeSource, newPost } from '../support/posts.ts';
import { startStaff, type Hand, type Staff } from '../support/staff.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = new Date('2026-11-18T08:30:00Z');

let staff: Staff;
let analyst: Hand;
let office: number;

beforeAll(async () => {
  staff = await startStaff();
  office = staff.offices.city;
  const id = await staff.person('city', 'analyst');
  const { actor } = await staff.hand('analyst', 'city', id);
  analyst = { db: scoped(staff.app, oneOffice(office)), actor };
  await ensureRules(staff.engines.store, null);
});
afterAll(() => staff.stop());

const rule: Rule = {
  subjects: ['concern'],
  all: [
    { kind: 'volume', hours: 2, atLeast: 10, ratio: 4 },
    { kind: 'negative', hours: 6, atLeast: 10, share: 0.5 },
  ],
  ...{ holdMinutes: 0, quiet: null, coolHours: 24 },
  calm: { hours: 12, ratio: 1, atMost: 2 },
};
const details = (name: string) => ({ name, level: 'yellow' as const, rule });
const audited = async (subject: string) => {
  const found = await staff.engines.store.query<{ action: string }>(
    `select action from audit_entries where subject = $1 order by seq`,
    [subject],
  );
  return found.rows.map(({ action }) => action);
};

describe('rules of an office', () => {
  test('are those that ship, once, and what somebody has changed stays as it is', async () => {
    const before = await listRules(analyst.db, [office]);
    expect(before.map(({ key }) => key).toSorted()).toEqual(shippedRules.map(({ key }) => key).toSorted());
    const [first] = before;
    await changeRule(analyst.db, analyst.actor, first!.id, 1, { enabled: false });
    await ensureRules(staff.engines.store, null);
    expect(await listRules(analyst.db, [office])).toHaveLength(before.length);
    expect((await ruleById(analyst.db, first!.id))?.enabled).toBe(false);
    expect((await activeRules(analyst.db, office)).map(({ id }) => id)).not.toContain(first!.id);
  });

  test('are changed from the version that was seen, and every version can be had back', async () => {
    const id = await addRule(analyst.db, analyst.actor, office, details('自拟'));
    expect(await changeRule(analyst.db, analyst.actor, id, 1, { level: 'orange' })).toBe(2);
    await expect(changeRule(analyst.db, analyst.actor, id, 1, { level: 'red' })).rejects.toMatchObject({
      code: 'rule-changed',
    });
    expect(await restoreRule(analyst.db, analyst.actor, id, 2, 1)).toBe(3);
    expect(await ruleById(analyst.db, id)).toMatchObject({ level: 'yellow', version: 3 });
    expect((await ruleVersions(analyst.db, id)).map(({ version, level }) => [version, level])).toEqual([
      [3, 'yellow'],
      [2, 'orange'],
      [1, 'yellow'],
    ]);
    expect(await audited(`warning-rule:${id}`)).toEqual([
      'warning-rule-add',
      'warning-rule-change',
      'warning-rule-change',
    ]);
  });

  test('have names of their own, and only shipped ones go back to how they ship', async () => {
    const id = await addRule(analyst.db, analyst.actor, office, details('同名'));
    await expect(addRule(analyst.db, analyst.actor, office, details('同名'))).rejects.toMatchObject({
      code: 'rule-name',
    });
    await expect(resetRule(analyst.db, analyst.actor, id, 1)).rejects.toMatchObject({
      code: 'rule-not-shipped',
    });
    const shipped = (await listRules(analyst.db, [office])).find(({ key }) => key === 'concern-surge-red')!;
    const version = await changeRule(analyst.db, analyst.actor, shipped.id, shipped.version, { rule });
    await resetRule(analyst.db, analyst.actor, shipped.id, version);
    const own = shippedRules.find(({ key }) => key === 'concern-surge-red');
    expect((await ruleById(analyst.db, shipped.id))?.rule).toEqual(own?.rule);
  });

  test('are out of reach of another office', async () => {
    const id = await addRule(analyst.db, analyst.actor, office, details('别处看不到'));
    const other = scoped(staff.app, oneOffice(staff.offices.other));
    expect(await ruleById(other, id)).toBeNull();
    await expect(changeRule(other, analyst.actor, id, 1, {})).rejects.toMatchObject({ code: 'rule-gone' });
  });
});

/** Nine days of something else, and a burst of one concern a day ago. @returns the concern */
async function past(): Promise<number> {
  const source = await makeSource(staff.engines.store, office, 'past');
  const times = (from: number, to: number, every: number) =>
    Array.from({ length: Math.ceil((to - from) / every) }, (_, n) => new Date(from + n * every));
  const everyday = times(NOW.getTime() - 9 * DAY, NOW.getTime(), 2 * HOUR);
  const burst = times(NOW.getTime() - DAY - HOUR, NOW.getTime() - DAY, HOUR / 30);
  await storePosts(
    analyst.db,
    office,
    source.id,
    everyday.map((publishedAt, n) =>
      newPost({ publishedAt, text: `检察院第${n}次召开公开听证会，介绍工作情况` }),
    ),
  );
  const before = await staff.engines.store.query<{ id: number }>('select max(id) as id from posts');
  await storePosts(
    analyst.db,
    office,
    source.id,
    burst.map((publishedAt, n) =>
      newPost({
        publishedAt,
        sentiment: 'negative',
        text: `学校食堂饭菜变质发臭，第${n}位家长要求严查承包商`,
      }),
    ),
  );
  return transaction(analyst.db, async (client) => {
    await lockPosts(client, office);
    const found = await client.query<{ id: number }>('select id from posts where id > $1', [
      before.rows[0]?.id,
    ]);
    const ids = found.rows.map(({ id }) => id);
    const made = await client.query<{ id: number }>(
      `insert into concerns (office_id, label, first_at, last_at) values ($1, '食堂', $2, $3) returning id`,
      [office, burst[0], burst.at(-1)],
    );
    const { id } = made.rows[0] as { id: number };
    await client.query(
      'insert into concern_posts (office_id, post_id, concern_id, at) select $1, id, $2, at from posts where id = any ($3)',
      [office, id, ids],
    );
    await countInConcerns(client, ids, 'add');
    return id;
  });
}

describe('the past', () => {
  let concern: number;
  beforeAll(async () => {
    concern = await past();
  });

  test('shows what a rule would have suggested, with time and numbers', async () => {
    const { suggestions, leftOut } = await previewRule(analyst.db, office, details('试算'), NOW, 30);
    expect(leftOut).toEqual([]);
    expect(suggestions).toMatchObject([
      { subject: { kind: 'concern', key: String(concern), title: '食堂' } },
    ]);
    const hours = (NOW.getTime() - (suggestions[0]?.at.getTime() ?? 0)) / HOUR;
    expect(hours).toBeGreaterThanOrEqual(23);
    expect(hours).toBeLessThanOrEqual(25.5);
    const strict = { ...rule, all: [{ kind: 'volume', hours: 2, atLeast: 100 }] } satisfies Rule;
    expect(
      (await previewRule(analyst.db, office, { ...details('试算'), rule: strict }, NOW, 30)).suggestions,
    ).toEqual([]);
  });

  test('is marked by people, audited, and a mark is taken back once', async () => {
    const [began, ended] = [new Date(NOW.getTime() - 5 * DAY), new Date(NOW.getTime() - 4 * DAY)];
    const event = {
      name: '旧事',
      subjectKind: 'concern',
      subjectKey: String(concern),
      level: 'yellow',
    } as const;
    const times = { beganAt: began, peakAt: null, endedAt: ended };
    const id = await markEvent(analyst.db, analyst.actor, office, { ...event, ...times });
    expect((await listMarkedEvents(analyst.db, [office])).map(({ name }) => name)).toEqual(['旧事']);
    await removeMark(analyst.db, analyst.actor, id);
    await expect(removeMark(analyst.db, analyst.actor, id)).rejects.toMatchObject({ code: 'mark-gone' });
    expect(await audited(`marked-event:${id}`)).toEqual(['marked-event-add', 'marked-event-remove']);
    const backwards = { ...event, ...times, beganAt: ended, endedAt: began };
    await expect(markEvent(analyst.db, analyst.actor, office, backwards)).rejects.toMatchObject({
      code: 'mark-times',
    });
  });

  test('is replayed in a process of its own and measured against what people have marked', async () => {
    for (const { id, version, name } of await listRules(analyst.db, [office])) {
      if (name !== '自拟') await changeRule(analyst.db, analyst.actor, id, version, { archived: true });
    }
    const began = NOW.getTime() - DAY - HOUR;
    const event = await markEvent(analyst.db, analyst.actor, office, {
      ...{ name: '食堂事件', subjectKind: 'concern', subjectKey: String(concern), level: 'orange' },
      ...{ beganAt: new Date(began), peakAt: new Date(began + HOUR), endedAt: new Date(began + 6 * HOUR) },
    });
    const range = { from: new Date(NOW.getTime() - 3 * DAY), to: NOW };
    const id = await askReplay(analyst.db, analyst.actor, office, range);
    await expect(askReplay(analyst.db, analyst.actor, office, range)).rejects.toMatchObject({
      code: 'replay-running',
    });
    const stop = new AbortController();
    const running = runReplays(staff.app, staff.engines.runtime().databaseUrl, silent, stop.signal);
    const done = await until('the replay to end', async () => {
      const [latest] = await latestReplays(analyst.db, office);
      return latest?.id === id && latest.doneAt ? latest : null;
    });
    stop.abort();
    await running;
    expect(done).toMatchObject({ state: 'done', progress: 1 });
    const { result } = done;
    expect(result).toMatchObject({ precision: 1, recall: 1, falsePer30Days: 0 });
    expect(result?.suggestions[0]).toMatchObject({ subject: { key: String(concern), title: '食堂' }, event });
    expect(result?.medianLeadMinutes).toBeGreaterThan(0);
  }, 120_000);
});
