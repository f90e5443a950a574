import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { defaultKnowledge } from '../indexer/knowledge.ts';
import { runSteps } from '../indexer/steps/index.ts';
import type { StepContext } from '../indexer/steps/types.ts';
import type { Draft, PostKind } from '../store/drafts.ts';
import { labelledTexts, macroF1, type Labelled } from '../tests/indexer/classify-measure.ts';

const DATA = join(import.meta.dirname, '../../shared/data/hot-search');

/**
 * How well posts are told what they are, by all steps: macro F1 on fictional texts (tests/fixtures), and what is taken for
 * relevant of the headlines of a hot-search board (../shared/data/hot-search, throws when absent), as posts.
 *
 * - `lineF1`, `voiceF1`, `relevanceF1`: on texts that were written after the words, which were never fitted to them.
 * - `seenLineF1` …: on the texts that the words were written with.
 * - `judicialRelevantShare`: of the headlines that somebody sorted out as about law and crime, those taken for relevant.
 * - `otherOffTopicShare`: of all other headlines, those taken for off-topic (some of them are about the work too).
 * - `judicialPlacedShare`: of the former, those that were given a place.
 */
export async function bench(): Promise<Record<string, number>> {
  if (!existsSync(DATA)) throw new Error(`the development data is absent: ${DATA}`);
  const kept = agreement(labelledTexts('classes-kept'));
  const seen = agreement(labelledTexts('classes'));
  console.table({ 'written after the words': kept, 'written with them': seen });
  const judicial = readFileSync(join(DATA, 'judicial-topics.tsv'), 'utf8')
    .split('\n')
    .slice(1)
    .filter(Boolean);
  const titles = new Set(judicial.map((row) => row.split('\t')[0]));
  const board = gunzipSync(readFileSync(join(DATA, 'hourly-2025Q1.tsv.gz'))).toString('utf8');
  const others = new Set(
    board
      .split('\n')
      .slice(1)
      .flatMap((row) => row.split('\t')[2] ?? []),
  );
  const about = judicial.map((row) => read(row.replace('\t', ' '), 'post'));
  const other = [...others].filter((title) => !titles.has(title)).map((title) => read(title, 'post'));
  const share = (
    posts: readonly ReturnType<typeof read>[],
    is: (post: NonNullable<ReturnType<typeof read>>) => boolean,
  ) => {
    const kept = posts.filter((post) => post !== null);
    return round(kept.filter(is).length / kept.length);
  };
  return {
    ...{ lineF1: kept.line, voiceF1: kept.voice, relevanceF1: kept.relevance },
    ...{ seenLineF1: seen.line, seenVoiceF1: seen.voice, seenRelevanceF1: seen.relevance },
    judicialRelevantShare: share(about, ({ relevance }) => relevance === 'relevant'),
    otherOffTopicShare: share(other, ({ relevance }) => relevance === 'off-topic'),
    judicialPlacedShare: share(about, ({ place }) => place !== null),
  };
}

function agreement(texts: readonly Labelled[]): Record<'line' | 'voice' | 'relevance', number> {
  const posts = texts.map(({ text, kind }) => read(text.trimStart(), kind));
  const of = (field: 'line' | 'voice' | 'relevance') =>
    round(macroF1(texts.map((each, at) => [each[field], posts[at]?.[field] ?? null] as const)));
  return { line: of('line'), voice: of('voice'), relevance: of('relevance') };
}

const context: StepContext = {
  ...{ now: Date.UTC(2026, 10, 22), officeId: 1, above: [1], officePlace: null, sourcePlace: null },
  ...{ sourceKind: 'site', knowledge: defaultKnowledge() },
};

/** Through all steps; null where nothing was left to read. The title, if any, ends at the line break. */
function read(text: string, kind: PostKind) {
  const end = text.indexOf('\n');
  const draft: Draft = {
    ...{ kind, url: 'https://posts.example/1', externalId: null, parentUrl: null },
    ...{ title: end < 0 ? null : text.slice(0, end), text: text.slice(end + 1) },
    ...{ publishedAt: null, outlet: null, counts: { likes: null, comments: null, shares: null } },
  };
  return runSteps(draft, context);
}

const round = (value: number) => Math.round(value * 1000) / 1000;
