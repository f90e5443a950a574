import type { ChannelAccount } from '../../../store/channel-accounts.ts';
import type { ChannelOverview } from '../../../store/channel-overview.ts';
import { paths } from '../../../publisher/channels/wechat/interface.ts';
import { channelState } from '../channel-state.ts';

/** One number of a day, with the most that the account is set to. */
export type CallsOf = { made: number; most: number; usedUp: boolean };

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** An account as a page shows it. */
export function channelView(account: ChannelAccount, overview: ChannelOverview, now: Date) {
  const { secrets, calls, lastPublishedAt, waiting, source } = overview;
  const of = (path: string, most: number): CallsOf => {
    const { calls: made = 0, usedUp = false } = calls.get(path) ?? {};
    return { made, most, usedUp };
  };
  const { id, officeId, channel, name, externalId, dryRun, enabled, archivedAt } = account;
  const asked = channel === 'website' ? null : new URL(account.settings.endpoint);
  return {
    ...{ id, officeId, channel, name, externalId, dryRun, enabled, archived: archivedAt !== null },
    state: channelState(account, secrets, now),
    stopped: account.stoppedWhy !== null,
    calls:
      channel === 'website'
        ? null
        : of('', channel === 'weibo' ? account.settings.callsPerDay : account.settings.quotas.day),
    submits: channel === 'wechat' ? of(paths.submit, account.settings.quotas.submit) : null,
    endsAt: secrets.find(({ endsAt }) => endsAt !== null)?.endsAt ?? null,
    ...{ lastPublishedAt, waiting, source },
    /** Where what a simulated platform shows can be seen; null: it is a real one. */
    simulator: asked && loopback.has(asked.hostname) ? `${asked.origin}/` : null,
  };
}
export type ChannelView = ReturnType<typeof channelView>;
