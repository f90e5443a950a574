import type { AnyDraft } from '../../store/drafts.ts';
import type { NewPost, Sentiment } from '../../store/posts.ts';

/** A draft on its way through the steps; every step returns it with what it has found out. */
export type Working = {
  readonly draft: AnyDraft;
  title: string | null;
  text: string;
  publishedAt: Date | null;
  dateProblem: NewPost['dateProblem'];
  redactions: Record<string, number>;
  identity: Buffer;
  fingerprint: bigint | null;
  sentences: number[];
  /** Words of title and text, in order; of punctuation only where a clause ends, as an empty word. */
  words: readonly string[];
  sentiment: Sentiment;
  sentimentProbability: number;
  place: string | null;
  watches: string[];
};

export type StepContext = { /** Unix ms at which the draft was read. */ now: number };

/** Small and pure: the same input and context always give the same output, and nothing else is touched. */
export type Step = (post: Working, context: StepContext) => Working;
