import { sourceSchema, type SourceKind } from '../../../config/sources.ts';
import { asNotGot } from '../../../crawler/errors.ts';
import type { Recognised } from '../../../crawler/recognise.ts';
import type { Trial } from '../../../crawler/trial.ts';
import type { Fetcher } from '../../../crawler/fetch/fetcher.ts';
import { copiesOf } from '../../../store/copies.ts';
import { sourcesAt } from '../../../store/edited-sources.ts';
import type { NewPost } from '../../../store/posts.ts';
import { sourceMessages } from '../messages/sources.ts';
import type { Line, Offer, TrialItem } from '../recognising.ts';
import { hubKnowledge, type Desk } from './desk.ts';
import { openFetcher } from './fetching.ts';
import { hub } from './hub.ts';

const words = sourceMessages.found;

/** What a person wants to know: what an address is, or what a source of this kind would bring. */
export type Question = { address: string; source: Tried | null };
type Tried = {
  kind: SourceKind;
  settings: unknown;
  /** What stands as the outlet where a page names none. */
  name: string;
  outlet: string | null;
  secrets: Readonly<Record<string, string>>;
};

/** Nobody waits longer for a trial, and no site is asked more often for one. */
const LONGEST_MS = 60_000;
const MOST_REQUESTS = 30;
const SHOWN = 10;
const EXCERPT = 400;

/**
 * Looks at an address as a visit would, and says line by line what it finds.
 * @param gone fires when nobody listens any more
 */
export async function recogniseFor(
  desk: Desk,
  question: Question,
  gone: AbortSignal,
  say: (line: Line) => void,
): Promise<void> {
  const [{ recognise }, { boundedFetcher }] = await Promise.all([
    import('../../../crawler/recognise.ts'),
    import('../../../crawler/trial.ts'),
  ]);
  const over = AbortSignal.timeout(LONGEST_MS);
  const opened = await openFetcher(desk);
  const fetcher = boundedFetcher(opened.fetcher, AbortSignal.any([gone, over]), MOST_REQUESTS);
  const now = Date.now();
  try {
    if (question.source) {
      await tell(desk, fetcher, { url: question.address, ...question.source }, now, say);
    } else {
      say({ say: 'step', step: 'robots' });
      await tellRobots(fetcher, question.address, say);
      const tools = { fetcher, now, tell: (step: 'page' | 'feeds') => say({ say: 'step', step }) };
      const found = await recognise(question.address, tools);
      const offers = await offersOf(desk, found);
      const { is, url, title } = found;
      say({ say: 'found', is, url, title, offers, deadFeeds: found.deadFeeds.length });
      const [best] = found.choices;
      if (best) await tell(desk, fetcher, { ...best, outlet: null, secrets: {} }, now, say);
    }
  } catch (error) {
    const { code, message, cause } = asNotGot(error);
    if (code === 'internal') hub().log.warn({ err: cause }, 'an address was not recognised');
    const late = over.aborted ? sourceMessages.new.tookLong : message;
    say({ say: 'failed', code, message: late, next: words.next[code] ?? null });
  } finally {
    await opened.close();
  }
}

async function tellRobots(fetcher: Fetcher, address: string, say: (line: Line) => void): Promise<void> {
  const { state, crawlDelaySeconds, sitemaps } = await fetcher.robotsOf(address);
  say({ say: 'robots', robots: { state, crawlDelaySeconds, sitemaps: sitemaps.length } });
}

async function offersOf(desk: Desk, found: Recognised): Promise<Offer[]> {
  const known = await sourcesAt(
    desk.db,
    desk.own,
    found.choices.map(({ url }) => url),
  );
  return found.choices.map(({ kind, url, name, settings }) => {
    return { kind, url, name, settings, known: known.find((each) => each.url === url)?.name ?? null };
  });
}

/** Tries a source and tells its newest items as they would be stored. */
async function tell(
  desk: Desk,
  fetcher: Fetcher,
  offer: Tried & { url: string },
  now: number,
  say: (line: Line) => void,
): Promise<void> {
  // A browser is the crawl role's: what it renders is seen at the first visit.
  if (offer.kind === 'browser') return;
  const { kind, url, settings, name, outlet } = offer;
  const source = sourceSchema.safeParse({
    ...{ kind, url, settings, name, key: 'trial', outlet: outlet ?? undefined },
    ...{ legalBasis: 'trial', impactNote: 'trial', approvedBy: 'trial' },
  });
  if (!source.success) return;
  say({ say: 'step', step: 'items' });
  const { tryVisit } = await import('../../../crawler/trial.ts');
  const { rhythmOf } = await import('../../../crawler/probe-rhythm.ts');
  const { drafts, report } = await tryVisit(source.data, {
    ...{ fetcher, now, limit: SHOWN, secrets: offer.secrets },
  });
  const { items, skipped } = await asStored(desk, drafts, now);
  const rhythm = rhythmOf(
    drafts.filter(({ kind }) => kind !== 'comment').map(({ publishedAt }) => publishedAt),
    now,
  );
  say({
    say: 'trial',
    ...{ items, skipped, listed: report.expected, problem: report.detail },
    ...{ perDay: rhythm.perDay, intervalSeconds: rhythm.intervalSeconds },
    newestAt: rhythm.newestAt === null ? null : new Date(rhythm.newestAt).toISOString(),
  });
}

/** The drafts through the indexer's steps: nothing else of them leaves this function. */
async function asStored(
  desk: Desk,
  drafts: Trial['drafts'],
  now: number,
): Promise<{ items: TrialItem[]; skipped: number }> {
  const { runSteps } = await import('../../../indexer/steps/index.ts');
  const { contextOf } = await import('../../../indexer/ingest.ts');
  const context = await contextOf(desk.db, { officeId: desk.office }, now, await hubKnowledge());
  const posts = drafts.flatMap((draft) => runSteps(draft, context) ?? []);
  const copies = await copiesOf(desk.db, desk.office, posts);
  return {
    items: posts.map((post, at) => itemOf(post, copies[at] ?? 0)),
    skipped: drafts.length - posts.length,
  };
}

function itemOf(post: NewPost, copies: number): TrialItem {
  const { kind, title, text, url, publishedAt, dateProblem, outlet, sentiment } = post;
  return {
    ...{ kind, title, url, dateProblem, outlet, sentiment, copies },
    excerpt: text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text,
    publishedAt: publishedAt?.toISOString() ?? null,
    masked: Object.values(post.redactions).reduce((sum, n) => sum + n, 0),
  };
}
