import type { ReleaseState } from '../../store/releases.ts';

/** The pages of a release in the order in which it goes through them. */
export const releaseTabs = [
  { key: 'write', path: '' },
  { key: 'checks', path: '/checks' },
  { key: 'review', path: '/review' },
  { key: 'schedule', path: '/schedule' },
  { key: 'history', path: '/history' },
] as const;
export type ReleaseTab = (typeof releaseTabs)[number]['key'];

/** Where the next step of a release is done; null: nothing is left to do. */
export function nextTab(state: ReleaseState): ReleaseTab | null {
  const tabs: Record<ReleaseState, ReleaseTab | null> = {
    draft: 'checks',
    reviewing: 'review',
    approved: 'schedule',
    scheduled: 'schedule',
    published: null,
    withdrawn: null,
  };
  return tabs[state];
}
