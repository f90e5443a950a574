import { daysSilent, freshnessOf } from '../../../../../config/account-health.ts';
import { accountHealth } from '../../../../../store/account-health.ts';
import { channelAccounts } from '../../../../../store/channel-accounts.ts';
import { officeNames } from '../../../../../store/offices.ts';
import { reading } from '../../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('live:releases');
  const { db } = reading(locals);
  const now = new Date();
  const accounts = await channelAccounts(db);
  const offices = new Set(accounts.map(({ officeId }) => officeId));
  const ids = accounts.map(({ id }) => id);
  const [health, names] = await Promise.all([accountHealth(db, ids, now), officeNames(db, [...offices])]);
  return {
    manyOffices: offices.size > 1,
    accounts: accounts.map(({ id, channel, name, officeId }) => {
      const { lastPublishedAt = null, published = 0, longestGapDays = null } = health.get(id) ?? {};
      const days = daysSilent(lastPublishedAt, now);
      const office = names.get(officeId) ?? null;
      return {
        id,
        channel,
        name,
        office,
        lastPublishedAt,
        published,
        longestGapDays,
        days,
        state: freshnessOf(days),
      };
    }),
  };
};
