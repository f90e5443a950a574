import type { Action } from '../../config/access/matrix.ts';

/** Where somebody begins: whoever reads no content has a first page of their own. */
export function homeOf(may: (action: Action) => boolean): string {
  if (may('overview-read')) return '/';
  if (may('role-write')) return '/manage/roles';
  if (may('person-read')) return '/manage/people';
  return may('audit-read') ? '/manage/audit' : '/account';
}
