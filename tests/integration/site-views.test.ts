import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lookOnce } from '../../publisher/after/look.ts';
import { website } from '../../publisher/channels/website.ts';
import { countsOf } from '../../store/delivery-counts.ts';
import { NO_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { countViews, viewsOf } from '../../store/site-views.ts';
import { withdrawFromSite } from '../../store/site-publishing.ts';
import { DeliveryDesk } from '../support/delivery-desk.ts';
import { until } from '../support/engines.ts';
import { startTestWeb } from '../support/web.ts';
import { testWorker } from '../support/deliveries.ts';

let desk: DeliveryDesk;
beforeAll(async () => {
  desk = await DeliveryDesk.start();
});
beforeEach(async () => {
  await desk.fresh();
  desk.worker = testWorker(desk.staff.app, desk.platform, { website, weibo: desk.platform.adapter('weibo') });
});
afterAll(() => desk?.stop());

const MINUTE = 60_000;
/** What public pages have of the database. */
const open = () => scoped(desk.staff.app, NO_OFFICE);

async function published() {
  const sent = await desk.schedule();
  await desk.worker.work();
  expect(await desk.stateOf(sent.site)).toBe('published');
  return sent;
}
const opened = async (id: number) => (await viewsOf(desk.db, [id])).get(id);

test('views are added up hour by hour by pages that can write nothing else', async () => {
  const { site } = await published();
  await countViews(open(), new Map([[site, 2]]));
  await countViews(open(), new Map([[site, 3]]));
  expect(await opened(site)).toBe(5);
  await desk.staff.engines.store.query(`update site_views set hour = hour - interval '1 hour'`);
  await countViews(open(), new Map([[site, 1]]));
  const rows = await desk.db.query('select views from site_views where delivery_id = $1 order by hour', [
    site,
  ]);
  expect(rows.rows).toEqual([{ views: 5 }, { views: 1 }]);
  expect(await opened(site)).toBe(6);
  const direct = open().query(
    `insert into site_views (office_id, delivery_id, hour, views) values ($1, $2, now(), 1)`,
    [desk.actor.officeId, site],
  );
  await expect(direct).rejects.toMatchObject({ code: '42501' });
  expect((await open().query('select from site_views')).rowCount).toBe(0);
  const theirs = scoped(desk.staff.app, oneOffice(desk.staff.offices.other));
  expect(await viewsOf(theirs, [site])).toEqual(new Map());
});

test('many who add at once lose nothing, whatever the order of their pages', async () => {
  const [one, two] = [(await published()).site, (await published()).site];
  const pairs = [
    [one, two],
    [two, one],
  ] as const;
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      countViews(open(), new Map((pairs[n % 2] ?? []).map((id) => [id, 1]))),
    ),
  );
  expect([await opened(one), await opened(two)]).toEqual([40, 40]);
});

test('what does not stand on the website is not counted', async () => {
  const { site, other } = await published();
  await withdrawFromSite(desk.db, site, '本文已撤下。', desk.now());
  await countViews(open(), new Map([...[site, other, 999_999].map((id) => [id, 1] as const)]));
  expect(await viewsOf(desk.db, [site, other, 999_999])).toEqual(new Map());
});

test('they are the reads of the website wherever counts are shown; a page that nobody has opened has none', async () => {
  const { release, site, other } = await published();
  await desk.db.query('update deliveries set look_at = null where id = $1', [other]);
  const look = async () => {
    desk.clock += 10 * MINUTE;
    while ((await lookOnce(desk.worker.engine)) > 0);
  };
  await look();
  await countViews(open(), new Map([[site, 7]]));
  desk.clock += 60 * MINUTE;
  await look();
  const [counts] = await countsOf(desk.db, release);
  expect(counts).toMatchObject({ deliveryId: site, channel: 'website' });
  expect([counts?.series[0]?.reads, counts?.series.at(-1)?.reads]).toEqual([0, 7]);
  expect(counts?.series.at(-1)).toMatchObject({ likes: null, comments: null, shares: null });
});

test('a page counts who opens it, not programs, and what was counted is written when the web part stops', async () => {
  const { site } = await published();
  const found = await desk.db.query<{ slug: string }>(
    'select slug from site_articles where delivery_id = $1',
    [site],
  );
  const web = await startTestWeb(desk.staff.engines);
  try {
    const path = `${web.address}/news/${found.rows[0]?.slug}`;
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
    const get = async (headers: Record<string, string>, method = 'GET') => {
      const answer = await fetch(path, { method, headers });
      await answer.text();
      return answer.status;
    };
    const { status, headers } = await fetch(path, { headers: { 'user-agent': agent } });
    expect([status, headers.getSetCookie()]).toEqual([200, []]);
    await until('the view', async () => (await opened(site)) === 1);
    await get({ 'user-agent': 'Mozilla/5.0 (compatible; Baiduspider/2.0)' });
    await get({ 'user-agent': agent, 'sec-purpose': 'prefetch' });
    await get({ 'user-agent': agent }, 'HEAD');
    expect(await get({ 'user-agent': agent })).toBe(200);
  } finally {
    await web.stop();
  }
  expect(await opened(site)).toBe(2);
});
