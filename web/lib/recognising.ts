import type { Found } from '../../crawler/recognise.ts';
import type { DateProblem, Sentiment } from '../../store/posts.ts';
import type { PostKind } from '../../store/drafts.ts';

/** A source that an address could become, as the form takes it over. */
export type Offer = { kind: string; url: string; name: string; settings: unknown; known: string | null };

/** One of the newest items as it would be stored. */
export type TrialItem = {
  kind: PostKind;
  title: string | null;
  excerpt: string;
  url: string | null;
  /** ISO 8601 in UTC. */
  publishedAt: string | null;
  dateProblem: DateProblem | null;
  outlet: string | null;
  sentiment: Sentiment;
  /** Places where personal data was masked. */
  masked: number;
  /** Posts of the office that say the same. */
  copies: number;
};

export type Step = 'robots' | 'page' | 'feeds' | 'items';

export type RobotsLine = {
  state: 'allowed' | 'disallowed' | 'unreachable' | 'none';
  crawlDelaySeconds: number | null;
  sitemaps: number;
};

/** What the hub says while it recognises an address: one JSON object on a line, the last of them `end`. */
export type Line =
  | { say: 'step'; step: Step }
  | { say: 'robots'; robots: RobotsLine }
  | {
      say: 'found';
      is: Found;
      url: string;
      title: string | null;
      offers: Offer[];
      deadFeeds: number;
    }
  | {
      say: 'trial';
      items: TrialItem[];
      listed: number | null;
      skipped: number;
      /** Why nothing, or not everything, was read; in words. */
      problem: string | null;
      perDay: number | null;
      newestAt: string | null;
      intervalSeconds: number;
    }
  /** It ends here: why, and what to do next. */
  | { say: 'failed'; code: string; message: string; next: string | null }
  | { say: 'end' };
