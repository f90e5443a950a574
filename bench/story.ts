import { levelRank } from '../config/warning-levels.ts';
import { shanghaiTime } from '../config/shanghai.ts';
import { highestOf } from '../indexer/warnings/replay.ts';
import { burstRate } from '../sample/story/streams.ts';
import { createWorld } from '../sample/story/world.ts';
import { replayStory, storylineOf, storyPosts } from '../tests/support/story.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Different stories, each with its own days of the week at its end. */
const STORIES = [
  { seed: 20_261_122, anchor: Date.parse('2026-11-22T12:00:00+08:00') },
  { seed: 7, anchor: Date.parse('2026-11-24T09:30:00+08:00') },
  { seed: 12, anchor: Date.parse('2026-11-20T03:40:00+08:00') },
  { seed: 42, anchor: Date.parse('2026-11-26T20:15:00+08:00') },
];

/**
 * Sixty days of the sample story through steps, grouping and the rules that ship, as if each post had just come. The burst counts
 * as one from ten times the rate that it begins with. Of several seeds the worst:
 *
 * - `burstMinutes`: from then to the first suggestion of orange or red.
 * - `slowDays`: by how many days the slow concern is suggested yellow before its height; below 0: never.
 * - `falseAboveBlue`: suggestions above blue that are of neither, in the sixty days.
 */
export function bench(): Promise<Record<string, number>> {
  const worst = { burstMinutes: -Infinity, slowDays: Infinity, falseAboveBlue: 0 };
  for (const { seed, anchor } of STORIES) {
    const world = createWorld({ seed, anchor });
    const until = anchor + 2 * HOUR;
    const { items, posts } = storyPosts(world, until);
    const episodes = replayStory(posts, world.start, until);
    console.log(`seed ${seed}: ${posts.length} posts`);
    for (const one of episodes) {
      const about = `${one.subject.kind} ${storylineOf(one, items) ?? one.subject.key}`;
      const steps = one.steps.map(({ at, level }) => `${shanghaiTime(new Date(at))} ${level}`);
      console.log(`  ${about}: ${steps.join(', ')}`);
    }
    const began = anchor - 5 * HOUR;
    let burst = began + 1;
    while (burstRate(burst, anchor) < 10 * burstRate(began + 1, anchor)) burst += 60_000;
    const above = episodes.filter((one) => levelRank(highestOf(one)) > levelRank('blue'));
    const times = (level: 'yellow' | 'orange', some: typeof episodes) =>
      some.flatMap((one) =>
        one.steps.flatMap((step) => (levelRank(step.level) >= levelRank(level) ? [step.at] : [])),
      );
    const warned = Math.min(...times('orange', episodes).filter((at) => at >= began));
    const slow = Math.min(
      ...times(
        'yellow',
        above.filter((one) => storylineOf(one, items) === 'slow'),
      ),
    );
    worst.burstMinutes = Math.max(worst.burstMinutes, Math.round((warned - burst) / 60_000));
    worst.slowDays = Math.min(
      worst.slowDays,
      Number.isFinite(slow) ? Math.round((10 * (anchor - slow)) / DAY) / 10 : -1,
    );
    const wrong = above.filter(
      (one) => one.steps[0]!.at < began && storylineOf(one, items) !== 'slow',
    ).length;
    worst.falseAboveBlue = Math.max(worst.falseAboveBlue, wrong);
  }
  return Promise.resolve(worst);
}
