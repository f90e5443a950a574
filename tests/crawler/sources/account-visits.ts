import type { Draft } from '../../../store/drafts.ts';
import type { SourceSettings } from '../../../config/sources.ts';
import { sourceSchema } from '../../../config/sources.ts';
import type { SourceRow } from '../../../store/sources.ts';
import { accountInMemory } from '../../../crawler/sources/account.ts';
import { visitSource, type VisitReport } from '../../../crawler/visit.ts';
import { openFetcher } from '../fetch/local-site.ts';
import { sourceOf } from './visiting.ts';

export type AccountVisits = {
  /** Unix ms; tests move it. */
  now: number;
  account: ReturnType<typeof accountInMemory>;
  secrets: Record<string, string>;
  /** Everything that was handed on, by its id. */
  stored: Map<string, Draft>;
  visit(deep?: boolean): Promise<VisitReport & { drafts: Draft[] }>;
};

/** An account that is visited again and again, with what the hub keeps of it in between. */
export function accountVisits(
  kind: 'weibo' | 'wechat',
  settings: Record<string, unknown>,
  secrets: Record<string, string>,
  now: number,
): AccountVisits {
  const why = { legalBasis: '测试所用', impactNote: '仅访问本机', approvedBy: '测试' };
  const checked: SourceSettings = sourceSchema.parse({
    kind,
    key: 'account',
    name: '云州检察',
    ...why,
    settings,
  });
  const source: SourceRow = { ...sourceOf(kind, '', {}), url: null, settings: checked.settings };
  const fetcher = openFetcher();
  const visits: AccountVisits = {
    now,
    account: accountInMemory(() => visits.now),
    secrets,
    stored: new Map(),
    async visit(deep = false) {
      const drafts: Draft[] = [];
      const report = await visitSource(source, {
        fetcher,
        now: visits.now,
        deep,
        secrets,
        account: visits.account,
        unknown: (items) => Promise.resolve(new Set(items.filter((item) => !visits.stored.has(item)))),
        emit(batch) {
          drafts.push(...batch);
          for (const draft of batch) visits.stored.set(draft.externalId ?? draft.url, draft);
          return Promise.resolve();
        },
      });
      return { ...report, drafts };
    },
  };
  return visits;
}
