import { resolve } from '$app/paths';
import type { Action } from '../../config/access/matrix.ts';
import { calendarMessages } from './messages/calendar.ts';
import { channelMessages } from './messages/channels.ts';
import { handOverMessages } from './messages/hand-overs.ts';
import { manageMessages } from './messages/manage.ts';
import { releaseReviewMessages } from './messages/release-reviews.ts';
import { reviewMessages } from './messages/reviews.ts';
import { wordMessages } from './messages/words.ts';
import { watchMessages } from './messages/watches.ts';
import { warningMessages } from './messages/warnings.ts';
import { messages } from './messages.ts';
import type { IconName } from './ui/icons.ts';

export type NavigationItem = { href: string; icon: IconName; label: string; action: Action };

const words = manageMessages.nav;

/** What people do every day, in the order in which they look for it. */
const work: readonly NavigationItem[] = [
  { href: resolve('/(desk)'), icon: 'overview', label: messages.nav.overview, action: 'overview-read' },
  {
    href: resolve('/(desk)/concerns'),
    icon: 'concerns',
    label: messages.nav.concerns,
    action: 'concern-read',
  },
  {
    href: resolve('/(desk)/warnings'),
    icon: 'warnings',
    label: warningMessages.title,
    action: 'warning-read',
  },
  { href: resolve('/(desk)/search'), icon: 'search', label: messages.nav.search, action: 'post-read' },
  { href: resolve('/(desk)/watches'), icon: 'watches', label: watchMessages.title, action: 'watch-read' },
  {
    href: resolve('/(desk)/releases'),
    icon: 'releases',
    label: messages.nav.releases,
    action: 'release-read',
  },
  {
    href: resolve('/(desk)/calendar'),
    icon: 'calendar',
    label: calendarMessages.title,
    action: 'calendar-read',
  },
  {
    href: resolve('/(desk)/releases/reviews'),
    icon: 'stamp',
    label: releaseReviewMessages.queue.nav,
    action: 'release-review',
  },
  {
    href: resolve('/(desk)/channels'),
    icon: 'channels',
    label: channelMessages.title,
    action: 'channel-read',
  },
  {
    href: resolve('/(desk)/hand-overs'),
    icon: 'handOvers',
    label: handOverMessages.title,
    action: 'hand-over-read',
  },
  {
    href: resolve('/(desk)/objections'),
    icon: 'objections',
    label: words.objections,
    action: 'objection-read',
  },
  { href: resolve('/(desk)/reviews'), icon: 'reviews', label: reviewMessages.nav, action: 'post-review' },
  { href: resolve('/(desk)/sources'), icon: 'sources', label: messages.nav.sources, action: 'source-read' },
  { href: resolve('/(desk)/words'), icon: 'words', label: wordMessages.nav, action: 'word-list-read' },
];

const manage: readonly NavigationItem[] = [
  { href: resolve('/(desk)/manage/offices'), icon: 'offices', label: words.offices, action: 'office-read' },
  { href: resolve('/(desk)/manage/people'), icon: 'people', label: words.people, action: 'person-read' },
  { href: resolve('/(desk)/manage/roles'), icon: 'roles', label: words.roles, action: 'role-write' },
  {
    href: resolve('/(desk)/manage/sessions'),
    icon: 'sessions',
    label: words.sessions,
    action: 'session-end',
  },
  { href: resolve('/(desk)/manage/audit'), icon: 'audit', label: words.audit, action: 'audit-read' },
  { href: resolve('/(desk)/manage/access'), icon: 'matrix', label: words.matrix, action: 'matrix-read' },
];

const account: NavigationItem = {
  href: resolve('/(desk)/account'),
  icon: 'account',
  label: messages.nav.account,
  action: 'account-use',
};

export type Navigation = { work: NavigationItem[]; manage: NavigationItem[]; account: NavigationItem };

/** What stands in the navigation of somebody with these rights: no more than what they may open. */
export function navigationFor(may: Readonly<Record<Action, boolean>>): Navigation {
  const open = (items: readonly NavigationItem[]) => items.filter(({ action }) => may[action]);
  return { work: open(work), manage: open(manage), account };
}

/** The page itself, or one below it. A post belongs to the search that found it. */
export function isCurrent(href: string, path: string): boolean {
  if (href === resolve('/(desk)')) return path === href;
  if (href === resolve('/(desk)/search') && path.startsWith('/posts/')) return true;
  // The queue of reviews is an entry of its own below the releases.
  if (href === resolve('/(desk)/releases') && path.startsWith(resolve('/(desk)/releases/reviews')))
    return false;
  return path === href || path.startsWith(`${href}/`);
}
