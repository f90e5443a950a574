import { beforeAll, describe, expect, test } from 'vitest';
import { levelRank } from '../../../config/warning-levels.ts';
import { highestOf, type Episode } from '../../../indexer/warnings/replay.ts';
import type { Item } from '../../../sample/story/types.ts';
import { anchor, DAY, HOUR, world } from '../../sample/world-helpers.ts';
import { burstRate } from '../../../sample/story/streams.ts';
import { replayStory, storylineOf, storyPosts } from '../../support/story.ts';

const UNTIL = anchor + 2 * HOUR;
const MINUTE = 60_000;

/** From when the story's burst is one: ten times as many posts an hour as it begins with. */
function burstBegins(): number {
  const rate = (at: number) => burstRate(at, anchor);
  let at = anchor - 6 * HOUR;
  while (rate(at) === 0) at += MINUTE;
  const first = rate(at);
  while (rate(at) < 10 * first) at += MINUTE;
  return at;
}

describe('sixty days of the sample story, run through grouping and the rules that ship', () => {
  let items: Item[];
  let episodes: Episode[];
  const about = (storyline: string) => episodes.filter((one) => storylineOf(one, items) === storyline);
  const steps = (some: readonly Episode[], least: 'yellow' | 'orange') =>
    some.flatMap((one) => one.steps.filter(({ level }) => levelRank(level) >= levelRank(least)));

  beforeAll(() => {
    const story = storyPosts(world, UNTIL);
    items = story.items;
    episodes = replayStory(story.posts, world.start, UNTIL);
  }, 600_000);

  test('the fast burst is suggested orange or red within thirty minutes after it has become one', () => {
    const began = anchor - 5 * HOUR;
    const warned = steps(episodes, 'orange').filter(({ at }) => at >= began);
    expect(warned[0]!.at).toBeLessThanOrEqual(burstBegins() + 30 * MINUTE);
    expect(steps(about('burst'), 'orange').length).toBeGreaterThan(0);
  });

  test('the slow concern is suggested at least yellow, days before it is at its height', () => {
    const [first] = steps(about('slow'), 'yellow');
    expect(first!.at).toBeLessThanOrEqual(anchor - 2 * DAY);
  });

  test('the campaign that is praised is never warned about', () => {
    expect(about('praised')).toEqual([]);
  });

  test('nights and weekends are no warning: before the burst begins nothing but the slow concern is above blue, twice at most', () => {
    const before = episodes.filter((one) => one.steps[0]!.at < anchor - 5 * HOUR);
    const wrong = before.filter(
      (one) => storylineOf(one, items) !== 'slow' && levelRank(highestOf(one)) > levelRank('blue'),
    );
    expect(wrong.length).toBeLessThanOrEqual(2);
    const broad = before.filter(({ subject }) => subject.kind !== 'concern');
    expect(broad).toEqual([]);
  });
});
