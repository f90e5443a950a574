import { channelAccounts } from '../../../../store/channel-accounts.ts';
import { channelOverviews, type ChannelOverview } from '../../../../store/channel-overview.ts';
import { officeNames } from '../../../../store/offices.ts';
import { channelView } from '../../../lib/server/channel-view.ts';
import { may, reading } from '../../../lib/server/desk.ts';
import { weiboTroubles } from '../../../lib/messages/weibo-authorisation.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:releases');
  const { db, person } = reading(locals);
  const archived = url.searchParams.has('archived');
  const accounts = await channelAccounts(db, { archived });
  const ids = new Set(accounts.map(({ officeId }) => officeId));
  const [overviews, names] = await Promise.all([channelOverviews(db, accounts), officeNames(db, [...ids])]);
  const now = new Date();
  const trouble = url.searchParams.get('trouble') ?? '';
  return {
    accounts: accounts.map((account) => ({
      ...channelView(account, overviews.get(account.id) as ChannelOverview, now),
      office: names.get(account.officeId) ?? null,
    })),
    archived,
    manyOffices: ids.size > 1,
    mayWrite: may(person, 'channel-write'),
    trouble: Object.hasOwn(weiboTroubles, trouble)
      ? weiboTroubles[trouble as keyof typeof weiboTroubles]
      : null,
  };
};
