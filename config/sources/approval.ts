import { z } from 'zod';
import type { SourceKind } from '../sources.ts';
import { common } from './parts.ts';

/**
 * What somebody has to have looked at before a source may run (domain.md, B6: 网络数据安全管理条例 Art. 18 and 24, 数据安全法
 * Art. 32): that it is public, without a login, that robots.txt allows it, that the site is not disturbed, that nothing
 * about persons is collected; of the office's own accounts and files, where they come from instead.
 */
export const checkPoints = [
  'public',
  'no-login',
  'robots',
  'light',
  'no-persons',
  'own',
  'official',
] as const;
export type CheckPoint = (typeof checkPoints)[number];

const visitedPoints = ['public', 'no-login', 'robots', 'light', 'no-persons'] as const satisfies CheckPoint[];

/** The points of a kind's checklist, all of which are to be ticked. */
export function checklistOf(kind: SourceKind): readonly CheckPoint[] {
  switch (kind as string) {
    case 'weibo':
    case 'wechat':
      return ['own', 'official', 'light', 'no-persons'];
    case 'upload':
    case 'push':
      return ['own', 'no-persons'];
    default:
      return visitedPoints;
  }
}

/** What is written down with the ticks. */
export const approvalSchema = z.strictObject({
  legalBasis: common.legalBasis,
  impactNote: common.impactNote,
  approvedBy: common.approvedBy,
});
export type Approval = z.infer<typeof approvalSchema>;
