import { fail } from '@sveltejs/kit';
import { columnTypes, type SiteColumn } from '../../../../../config/site-columns.ts';
import { feedAddress, feedKinds, newsAddress } from '../../../../../publisher/site/site.ts';
import { channelAccounts } from '../../../../../store/channel-accounts.ts';
import { columnCounts } from '../../../../../store/site-articles.ts';
import { dropSiteColumn, saveSiteColumn, siteColumns } from '../../../../../store/site-columns.ts';
import { pushesOf, retryPushes } from '../../../../../store/site-pushes.ts';
import { siteMessages } from '../../../../lib/messages/site.ts';
import { acting, mayIn, reading } from '../../../../lib/server/desk.ts';
import { orFail } from '../../../../lib/server/form.ts';
import { columnField, seenField } from '../../../../lib/server/site-column-form.ts';
import { site } from '../../../../lib/server/site.ts';
import type { Actions, PageServerLoad } from './$types';

const words = siteMessages.desk;

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, office, person } = reading(locals);
  const [columns, counts, accounts, pushes] = await Promise.all([
    siteColumns(db, office, { archived: true }),
    columnCounts(db, office),
    channelAccounts(db, { officeId: office }),
    pushesOf(db, office),
  ]);
  const account = accounts.find(({ channel }) => channel === 'website');
  const own = site();
  return {
    edit: url.searchParams.get('edit'),
    types: columnTypes,
    columns: columns.map((column) => ({ ...column, articles: counts.get(column.key) ?? 0 })),
    addresses: {
      news: newsAddress(own),
      ...(Object.fromEntries(feedKinds.map((kind) => [kind, feedAddress(own, kind, null)])) as Record<
        (typeof feedKinds)[number],
        string
      >),
      sitemap: `${own.address}/sitemap.xml`,
      newsSitemap: `${own.address}/sitemaps/news.xml`,
      robots: `${own.address}/robots.txt`,
    },
    idCode: own.idCode,
    baiduSite: account?.channel === 'website' ? account.settings.baiduSite : null,
    pushes,
    mayWrite: mayIn(person, 'channel-write', office),
  };
};

/** What came of a change: the sentence, and what it takes to undo it. */
const said = (done: string, before: SiteColumn | null, after: SiteColumn) => ({
  ...{ done, undo: { before: before && JSON.stringify(before), after: JSON.stringify(after) } },
});

export const actions: Actions = {
  save: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const sent = await request.formData();
    const column = columnField(sent);
    if (!column) return fail(400, { message: words.wrong });
    const seen = seenField(sent, 'seen');
    return orFail(async () => {
      const before = await saveSiteColumn(db, actor, column, seen);
      const done = before ? words.done.saved(column.name) : words.done.added(column.name);
      return said(done, before, column);
    });
  },
  switch: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const seen = seenField(await request.formData(), 'seen');
    if (!seen) return fail(400, { message: words.wrong });
    const column = { ...seen, archived: !seen.archived };
    return orFail(async () => {
      const before = await saveSiteColumn(db, actor, column, seen);
      const done = column.archived ? words.done.archived(column.name) : words.done.restored(column.name);
      return said(done, before, column);
    });
  },
  undo: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const sent = await request.formData();
    const [before, after] = [seenField(sent, 'before'), seenField(sent, 'after')];
    if (!after) return fail(400, { message: words.wrong });
    return orFail(async () => {
      if (before) await saveSiteColumn(db, actor, before, after);
      else await dropSiteColumn(db, actor, after);
      return { done: words.done.undone };
    });
  },
  retry: async ({ locals }) => {
    const { db, actor } = acting(locals);
    return { done: words.done.retried(await retryPushes(db, actor, new Date())) };
  },
};
