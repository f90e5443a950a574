import type { AnyDraft } from '../../store/drafts.ts';
import type { NewPost, Relevance, Sentiment, Voice, Withheld } from '../../store/posts.ts';
import type { Sketch } from '../../store/sketches.ts';
import type { Knowledge } from '../knowledge.ts';

/** A draft on its way through the steps; every step returns it with what it has found out. */
export type Working = {
  readonly draft: AnyDraft;
  title: string | null;
  text: string;
  /** Why the post may only be counted; null: it may be kept. */
  withheld: Withheld | null;
  publishedAt: Date | null;
  dateProblem: NewPost['dateProblem'];
  redactions: Record<string, number>;
  identity: Buffer;
  /** Title and text after redaction in the form that every later step reads: simplified, folded, lower case. */
  analysed: string;
  /** What its words are told by; null: too short for that. */
  sketch: Sketch | null;
  /** Words of `analysed`, in order; of punctuation only where a clause ends, as an empty word. */
  words: readonly string[];
  sentiment: Sentiment;
  /** Of the sentiment that was chosen. */
  sentimentProbability: number;
  /** GB/T 2260 code. */
  place: string | null;
  /** Key of a business line. */
  line: string | null;
  voice: Voice | null;
  relevance: Relevance;
  /** Ids of the watches that match. */
  watches: number[];
};

export type StepContext = {
  /** Unix ms at which the draft was read. */
  now: number;
  /** Whose post it will be, and the offices above: their watches count too. */
  officeId: number;
  above: readonly number[];
  /** GB/T 2260 codes, null where not known. */
  officePlace: string | null;
  sourcePlace: string | null;
  /** Kind of the source that it came from; null: none yet, somebody tries it. */
  sourceKind: string | null;
  knowledge: Knowledge;
};

/** Small and pure: the same input and context always give the same output, and nothing else is touched. */
export type Step = (post: Working, context: StepContext) => Working;
