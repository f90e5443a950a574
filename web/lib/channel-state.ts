import { channelSecretsOf } from '../../config/channels.ts';
import type { ChannelAccount } from '../../store/channel-accounts.ts';
import type { ChannelSecretState } from '../../store/channel-secrets.ts';
import { channelMessages } from './messages/channels.ts';

/** From when on it is said that an authorisation ends. */
export const ENDS_SOON_DAYS = 7;
const DAY = 86_400_000;
const words = channelMessages.state;

/** How an account is, in one sentence; `works`: whether something that is scheduled now would go out. */
export type ChannelState = { tone: 'good' | 'plain' | 'bad' | 'off'; works: boolean; text: string };

/** The secrets without which the account can do nothing. */
export function missingSecrets(account: ChannelAccount, secrets: readonly ChannelSecretState[]): string[] {
  const has = new Set(secrets.map(({ name }) => name));
  const mode = account.channel === 'wechat' ? account.settings.callback : 'off';
  return channelSecretsOf[account.channel]
    .filter(({ name, needed }) => {
      if (has.has(name) || needed === 'never') return false;
      if (needed === 'always') return true;
      return mode !== 'off' && (name !== 'encoding-aes-key' || mode !== 'plain');
    })
    .map(({ name }) => name);
}

/** The first thing that stands in the way, else what is soon going to. */
export function channelState(
  account: ChannelAccount,
  secrets: readonly ChannelSecretState[],
  now: Date,
): ChannelState {
  const no = (text: string, tone: ChannelState['tone'] = 'bad') => ({ tone, works: false, text });
  if (account.archivedAt !== null) return no(words.archived, 'off');
  if (!account.enabled) return no(words.disabled, 'off');
  if (account.stoppedWhy !== null) {
    return no(words.stopped[account.stoppedWhy](account.stoppedDetail ?? ''));
  }
  const missing = missingSecrets(account, secrets);
  const toName = (name: string) => channelMessages.secrets[name]?.label ?? name;
  if (missing.includes('access-token') && missing.length === 1) return no(words.notAuthorised);
  if (missing.length > 0) return no(words.missing(missing.map(toName).join('、')));
  const ending = secrets.find(({ endsAt }) => endsAt !== null)?.endsAt;
  if (ending && ending <= now) return no(words.ended);
  const wrong = (account.findings ?? []).filter(({ ok }) => ok === false);
  if (wrong.length > 0) return { tone: 'bad', works: true, text: words.wrong(wrong.length) };
  if (ending && ending.getTime() - now.getTime() < ENDS_SOON_DAYS * DAY) {
    const days = Math.floor((ending.getTime() - now.getTime()) / DAY);
    return { tone: 'plain', works: true, text: words.ends(days) };
  }
  if (account.dryRun) return { tone: 'plain', works: true, text: words.dryRun };
  if (account.checkedAt === null && account.channel !== 'website') {
    return { tone: 'plain', works: true, text: words.unchecked };
  }
  return { tone: 'good', works: true, text: words.ready };
}
