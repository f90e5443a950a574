import type { Bank } from '../grammar.ts';

/** What one matter sounds like. Every text on the sample sites is put together from these. */
export interface Theme {
  readonly key: string;
  /** Between two # on the microblog. */
  readonly tags: readonly string[];
  /** Headlines of articles. */
  readonly titles: readonly string[];
  /** Subjects of forum threads. */
  readonly subjects: readonly string[];
  readonly facts: readonly string[];
  readonly praise: readonly string[];
  readonly blame: readonly string[];
  readonly ask: readonly string[];
  /** Paragraphs of articles: how it began, what was done, what somebody said. */
  readonly scene: readonly string[];
  readonly work: readonly string[];
  readonly quote: readonly string[];
  readonly slots?: Bank;
}
