import { shippedRules } from '../../config/warning-rules.ts';
import { watches } from '../../config/defaults.ts';
import { defaultKnowledge, Knowledge } from '../../indexer/knowledge.ts';
import { runSteps } from '../../indexer/steps/index.ts';
import type { StepContext } from '../../indexer/steps/types.ts';
import { topicWords } from '../../indexer/topics/words.ts';
import { Replay, type Episode, type ReplayPost } from '../../indexer/warnings/replay.ts';
import { siteKeys, type Item, type Storyline, type World } from '../../sample/story/types.ts';
import type { Draft } from '../../store/drafts.ts';

const OFFICE = 1;

/** The sample story as it would be crawled: every item up to a time, through the steps. The id of a post is its place in `items`. */
export function storyPosts(world: World, until: number): { items: Item[]; posts: ReplayPost[] } {
  const items = siteKeys.flatMap((site) => [...world.items(site, until)]);
  items.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const ids = new Map(items.map(({ id }, n) => [id, n]));
  const knowledge = knowledgeWithWatches();
  const posts: ReplayPost[] = [];
  for (const [id, item] of items.entries()) {
    const post = runSteps(draftOf(item), { ...CONTEXT, now: item.at, knowledge });
    if (!post || post.withheld) continue;
    posts.push({
      id,
      at: item.at,
      negative: post.sentiment === 'negative',
      place: item.site,
      subjects: [
        `office:${OFFICE}`,
        ...(post.line === null ? [] : [`line:${post.line}`]),
        ...post.watches.map((watch) => `watch:${watch}`),
      ],
      words: post.relevance === 'relevant' ? topicWords(post.title, post.text, knowledge.segmenter) : null,
      // What stands under something belongs to it, as in the store.
      copyOf: item.threadId === undefined ? null : (ids.get(item.threadId) ?? null),
    });
  }
  return { items, posts };
}

/** Runs posts through grouping and the rules that ship. */
export function replayStory(posts: readonly ReplayPost[], from: number, until: number): Episode[] {
  const rules = shippedRules.map((one, n) => ({ ...one, id: n + 1, version: 1 }));
  const replay = new Replay({ rules, from });
  for (const post of posts) if (post.at <= until) replay.post(post);
  replay.until(until);
  return replay.episodes;
}

/** The storyline that most posts of the concern were of when it was suggested; null: another subject. */
export function storylineOf({ posts }: Episode, items: readonly Item[]): Storyline | null {
  const counts = new Map<Storyline, number>();
  for (const id of posts) {
    const { storyline } = items[id] as Item;
    counts.set(storyline, (counts.get(storyline) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? null;
}

const CONTEXT: Omit<StepContext, 'knowledge'> = {
  ...{ now: 0, officeId: OFFICE, above: [OFFICE], officePlace: null, sourcePlace: null, sourceKind: 'api' },
};

function knowledgeWithWatches(): Knowledge {
  const asked = watches.map(({ query }, n) => ({ id: n + 1, officeId: OFFICE, query }));
  return new Knowledge('story', { ...defaultKnowledge().edits, watches: asked });
}

function draftOf(item: Item): Draft {
  const { id, kind, title, text, at, likes, comments, shares } = item;
  return {
    kind: kind === 'reply' ? 'comment' : kind === 'article' ? 'article' : 'post',
    url: `http://${item.site}.example/${id}`,
    externalId: null,
    parentUrl: null,
    title: title ?? null,
    text,
    publishedAt: at,
    outlet: item.site,
    counts: { likes, comments, shares },
  };
}
