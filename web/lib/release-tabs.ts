import type { NextStep } from '../../store/release-list.ts';

/** The pages of a release in the order in which it goes through them. */
export const releaseTabs = [
  { key: 'write', path: '' },
  { key: 'checks', path: '/checks' },
  { key: 'review', path: '/review' },
  { key: 'schedule', path: '/schedule' },
  { key: 'history', path: '/history' },
] as const;
export type ReleaseTab = (typeof releaseTabs)[number]['key'];

/** Where the next step of a release is done. */
const places: Record<NextStep, ReleaseTab> = {
  draft: 'checks',
  reviewing: 'review',
  approved: 'schedule',
  scheduled: 'schedule',
  published: 'schedule',
  withdrawn: 'history',
  returned: 'review',
  trouble: 'schedule',
};

/** The page where the next step of a release is done. */
export function nextTab(step: NextStep): ReleaseTab {
  return places[step];
}

/** The end of the address of that page. */
export function nextPath(step: NextStep): string {
  return releaseTabs.find(({ key }) => key === nextTab(step))?.path ?? '';
}
