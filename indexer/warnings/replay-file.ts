import type { Draft } from '../../store/drafts.ts';
import type { ReplayResult } from '../../store/replays.ts';
import type { Knowledge } from '../knowledge.ts';
import { runStepsOnMany } from '../steps/index.ts';
import { topicWords } from '../topics/words.ts';
import type { StandingRule } from './decide.ts';
import { measure, type MeasuredEvent } from './measure.ts';
import { Replay, type Episode } from './replay.ts';
import { titleOf } from './titles.ts';

/** A post of a file, in any order; `at` in Unix ms, `parent` the address of the post that it stands under. */
export type FilePost = {
  at: number;
  text: string;
  title: string | null;
  source: string;
  url: string | null;
  parent: string | null;
  kind: Draft['kind'];
};

/** An event whose subject nobody can name: any warning of its time belongs to it. */
export type FileEvent = { name: string; beganAt: number; peakAt: number | null; endedAt: number };

export type FileRun = { episodes: Episode[]; posts: number; from: number; to: number };

/** Which office it is does not matter: no other one is there. */
const OFFICE = 1;

/** Runs posts that were never stored through the steps, grouping and rules. */
export async function replayDrafts(
  posts: readonly FilePost[],
  rules: readonly StandingRule[],
  knowledge: Knowledge,
): Promise<FileRun> {
  const sorted = posts.toSorted((a, b) => a.at - b.at);
  const [from, to] = [sorted[0]?.at ?? 0, sorted.at(-1)?.at ?? 0];
  const replay = new Replay({ rules, from, titleOf: (subject) => titleOf(subject, undefined) });
  const outcomes = await runStepsOnMany(sorted.map(draftOf), {
    ...{
      now: to,
      officeId: OFFICE,
      above: [OFFICE],
      officePlace: null,
      sourcePlace: null,
      sourceKind: 'upload',
    },
    knowledge,
  });
  const ids = new Map(sorted.flatMap(({ url }, n) => (url === null ? [] : [[url, n] as const])));
  for (const [id, outcome] of outcomes.entries()) {
    const [given, post] = [sorted[id], 'post' in outcome ? outcome.post : null];
    if (!given || !post || post.withheld) continue;
    replay.post({
      ...{ id, at: given.at, negative: post.sentiment === 'negative', place: given.source },
      subjects: [
        `office:${OFFICE}`,
        ...(post.line === null ? [] : [`line:${post.line}`]),
        ...post.watches.map((watch) => `watch:${watch}`),
      ],
      words: post.relevance === 'relevant' ? topicWords(post.title, post.text, knowledge.segmenter) : null,
      copyOf: given.parent === null ? null : (ids.get(given.parent) ?? null),
    });
  }
  replay.until(to);
  return { episodes: replay.episodes, posts: sorted.length, from, to };
}

/** How that stands to events. @param range Unix ms */
export function replayed(
  { episodes, posts }: FileRun,
  events: readonly (MeasuredEvent | FileEvent)[],
  range: { from: number; to: number },
): ReplayResult {
  const named = episodes
    .filter(({ steps }) => (steps[0]?.at ?? 0) >= range.from && (steps[0]?.at ?? 0) < range.to)
    .map((one) => ({ ...one, key: one.subject.key }));
  const asked = events.map((event, n): MeasuredEvent => {
    // Numbers of concerns mean nothing outside of the hub: any concern of that time may be it.
    const any = { id: n + 1, kind: 'office', key: '' } as const;
    return 'id' in event && event.kind !== 'concern'
      ? event
      : { ...event, ...any, id: 'id' in event ? event.id : n + 1 };
  });
  return measure(named, asked, range, posts);
}

function draftOf({ at, text, title, source, url, parent, kind }: FilePost, n: number): Draft {
  return {
    ...{ kind, url, externalId: url === null ? `line-${n}` : null, parentUrl: parent, title, text },
    ...{ publishedAt: at, outlet: source === '' ? null : source },
    counts: { likes: null, comments: null, shares: null },
  } as Draft;
}
