import type { Draft } from '../../store/drafts.ts';
import { defaultKnowledge } from '../../indexer/knowledge.ts';
import type { StepContext, Working } from '../../indexer/steps/types.ts';

export const now = Date.UTC(2026, 10, 22, 4, 0, 0);
export const context: StepContext = {
  now,
  officeId: 1,
  above: [1],
  officePlace: null,
  sourcePlace: null,
  sourceKind: 'feed',
  knowledge: defaultKnowledge(),
};

export const draft = (changes: Partial<Draft> = {}): Draft => ({
  kind: 'article',
  url: 'https://news.example.com/a/1.html',
  externalId: null,
  parentUrl: null,
  title: null,
  text: '云州市检察院通报了案件办理情况。',
  publishedAt: now - 3_600_000,
  outlet: '云州日报',
  counts: { likes: null, comments: null, shares: null },
  ...changes,
});

/** A post on its way, as it stands before any step. */
export const working = (changes: Partial<Working> = {}): Working => ({
  draft: draft(),
  title: null,
  text: '',
  withheld: null,
  publishedAt: null,
  dateProblem: null,
  redactions: {},
  identity: Buffer.alloc(16),
  analysed: '',
  sketch: null,
  words: [],
  sentiment: 'neutral',
  sentimentProbability: 0.5,
  place: null,
  line: null,
  voice: null,
  relevance: 'relevant',
  watches: [],
  ...changes,
});
