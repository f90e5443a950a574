import type { Draft } from '../../store/drafts.ts';
import { NotGot, type ReasonCode } from '../errors.ts';
import { runRequests } from '../run-requests.ts';
import type { PageNote, VisitTools } from './contract.ts';

/** Drafts handed on together: small enough that the first ones are searchable soon, large enough to be one transaction. */
const BATCH = 40;

/** Pages that stand in line for their host at the same time; how many requests go out at a time is the host's line's. */
const CONCURRENCY = 16;
const RETRIES = 2;

/** Reasons that do not speak of the page: it has used up no try. */
const NOT_OF_THE_PAGE = new Set<ReasonCode>([
  'later',
  'stopped',
  'host-busy',
  'browser-absent',
  'status-429',
  'robots-unreachable',
  'host-unknown',
  'connection-refused',
  'certificate-invalid',
]);

/** What one page, with those that continue it, gave. */
export type LinkedPage = {
  drafts: Draft[];
  /** How many comments it has; null: nobody can comment there, it need not be read again. */
  comments: number | null;
  /** Comments, if there were any, would stand on the page. */
  shown: boolean;
  publishedAt: number | null;
};

export type LinkedPages = {
  /** Addresses that a list names and that are wanted, the newest first. */
  wanted: readonly string[];
  /** How many pages a visit may read. */
  most: number;
  /** Wanted ones are read although their next reading is not due yet. */
  growing?: boolean;
  read(url: string): Promise<LinkedPage>;
  /** What there is of a page that cannot be had. */
  instead?(url: string, reason: NotGot): Draft[];
};

export type LinkedReport = {
  /** Wanted ones of which it is known that there are no such pages: not expected any more. */
  gone: number;
  /** Owed ones of earlier visits that the list does not name, and how many of all that were wanted or owed were not got. */
  owed: number;
  notGot: number;
  /** Of the pages asked for, those that did not come. */
  failed: number;
};

/**
 * Reads the pages that lists link to, those that earlier visits owe, and those that may have new comments, and hands their
 * drafts on. What came of each is remembered; what was not got is reported.
 */
export async function readLinked(linked: LinkedPages, tools: VisitTools): Promise<LinkedReport> {
  const plan = await planOf(linked, tools);
  const later = plan.ask.slice(linked.most);
  const asked = plan.ask.slice(0, linked.most);
  const again = plan.again.slice(0, linked.most - asked.length);
  // What one page gave stays together: a thread whose first floor is stored counts as known, so that its other floors
  // have to be stored with it or not at all.
  const pages: (LinkedPage & { url: string })[] = [];
  const waiting = () => pages.reduce((sum, { drafts }) => sum + drafts.length, 0);
  const flush = async (least: number) => {
    while (pages.length > 0 && waiting() >= least) {
      const batch = pages.splice(0, enough(pages));
      try {
        await tools.emit(batch.flatMap(({ drafts }) => drafts));
        await tools.pages.note(
          batch.map(({ url, comments, shown, publishedAt }) => ({
            url,
            came: 'read',
            comments,
            shown,
            publishedAt,
          })),
        );
      } catch (error) {
        pages.unshift(...batch);
        throw error;
      }
    }
  };
  const outcome = await runRequests(
    [...asked, ...again],
    async (url) => {
      pages.push({ url, ...(await linked.read(url)) });
      // What cannot be handed on now (a database that restarts) is not this page's fault: it is tried again with the next
      // batch and at the end, where it fails the visit.
      await flush(BATCH).catch(() => {});
    },
    { concurrency: CONCURRENCY, retries: RETRIES },
  );
  await flush(0);
  const notes: PageNote[] = later.map((url) => ({ url, came: 'later' }));
  for (const url of later) tools.missed(url, new NotGot('later'), true);
  let notGot = plan.resting + later.length;
  let failed = 0;
  const known = new Set(again);
  for (const { url, reason } of outcome.failures) {
    const drafts = known.has(url) ? [] : (linked.instead?.(url, reason) ?? []);
    if (drafts.length > 0) {
      await tools.emit(drafts);
      tools.missed(url, new NotGot('summary-only', { cause: reason.cause ?? reason }), true);
      continue;
    }
    const note = noteOf(url, reason);
    notes.push(note);
    // A page that was read and is gone has nothing more to tell.
    if (known.has(url) && note.came === 'gone') continue;
    tools.missed(url, reason, true);
    failed += 1;
    if (!known.has(url)) notGot += 1;
  }
  await tools.pages.note(notes);
  return { gone: plan.gone, owed: plan.owed, notGot, failed };
}

type Plan = { ask: string[]; again: string[]; gone: number; resting: number; owed: number };

async function planOf({ wanted, most, growing }: LinkedPages, tools: VisitTools): Promise<Plan> {
  const barred = await tools.pages.barred(wanted);
  const plan: Plan = { ask: [], again: [], gone: 0, resting: 0, owed: 0 };
  for (const url of wanted) {
    const why = barred.get(url);
    if (why === undefined || (why === 'read' && growing)) plan.ask.push(url);
    else if (why === 'gone') plan.gone += 1;
    else if (why !== 'read') {
      plan.resting += 1;
      tools.missed(url, new NotGot(why), true);
    }
  }
  const due = await tools.pages.due(most);
  const named = new Set(wanted);
  const owed = due.owed.filter((url) => !named.has(url));
  plan.owed = owed.length;
  plan.ask.push(...owed);
  const asked = new Set(plan.ask);
  plan.again = due.read.filter((url) => !asked.has(url));
  return plan;
}

function noteOf(url: string, reason: NotGot): PageNote {
  if (reason.status === 404 || reason.status === 410) return { url, came: 'gone' };
  if (NOT_OF_THE_PAGE.has(reason.code)) return { url, came: 'later' };
  return { url, came: 'failed', reason: reason.code };
}

/** How many of the pages make a batch: whole ones, until there are enough drafts. */
function enough(pages: readonly { drafts: Draft[] }[]): number {
  let drafts = 0;
  const last = pages.findIndex((page) => (drafts += page.drafts.length) >= BATCH);
  return last < 0 ? pages.length : last + 1;
}
