import { setImmediate as others } from 'node:timers/promises';
import { listMarkedEvents, type MarkedEvent } from '../../store/marked-events.ts';
import type { Queryable } from '../../store/pool.ts';
import { postsForReplay } from '../../store/replay-posts.ts';
import type { ReplayResult } from '../../store/replays.ts';
import { activeRules } from '../../store/warning-rules.ts';
import { gapsWithParts, subjectFacts } from '../../store/warning-series.ts';
import type { Segmenter } from '../text/segmenter.ts';
import { topicWords } from '../topics/words.ts';
import { measure, type MeasuredEvent, type NamedEpisode } from './measure.ts';
import { movedTo } from './moved.ts';
import { Replay, type Episode } from './replay.ts';
import { titleOf } from './titles.ts';

const DAY_MS = 86_400_000;
/** What is usual is learnt from so many days before, where their posts are still there. */
const LEARNT_DAYS = 28;
const PAGE = 500;

/**
 * Runs the stored past of an office through grouping and its present rules, as if live, and measures them against the events
 * that people have marked. Writes nothing.
 * @param onProgress gets 0 to 1 now and then
 */
export async function replayOffice(
  db: Queryable,
  officeId: number,
  { from, to }: { from: Date; to: Date },
  segmenter: Segmenter,
  onProgress: (progress: number) => Promise<void> = async () => {},
): Promise<ReplayResult> {
  const start = new Date(from.getTime() - LEARNT_DAYS * DAY_MS);
  const replay = await Past.of(db, officeId, start, to);
  let posts = 0;
  for (let after = { cursor: start.toISOString(), id: 0 }; ;) {
    const page = await postsForReplay(db, officeId, after, to, PAGE);
    for (const post of page) {
      const { id, at, negative, place, line, watches, copyOf } = post;
      replay.concerns.set(id, post.concern);
      posts += at >= from ? 1 : 0;
      replay.run.post({
        ...{ id, at: at.getTime(), negative, place, copyOf },
        subjects: [
          `office:${officeId}`,
          ...(line === null ? [] : [`line:${line}`]),
          ...watches.map((watch) => `watch:${watch}`),
        ],
        words: post.grouped ? topicWords(post.title, post.text, segmenter) : null,
      });
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    after = last;
    await onProgress((last.at.getTime() - start.getTime()) / (to.getTime() - start.getTime()));
    await others();
  }
  replay.run.until(to.getTime());
  const episodes = replay.run.episodes.filter(({ steps }) => (steps[0]?.at ?? 0) >= from.getTime());
  const named = await namesOf(db, officeId, episodes, replay.concerns);
  const events = await listMarkedEvents(db, [officeId], { from, to });
  return measure(named, events.map(measured), { from: from.getTime(), to: to.getTime() }, posts);
}

class Past {
  readonly run: Replay;
  /** In which concern each post is now. */
  readonly concerns = new Map<number, number | null>();

  private constructor(run: Replay) {
    this.run = run;
  }

  static async of(db: Queryable, officeId: number, from: Date, to: Date): Promise<Past> {
    const rules = await activeRules(db, officeId);
    const gaps = await gapsWithParts(db, officeId, from, to);
    return new Past(new Replay({ rules, from: from.getTime(), gaps }));
  }
}

/** A concern of the replay goes by the name of the stored one that most of its posts are in. */
async function namesOf(
  db: Queryable,
  officeId: number,
  episodes: readonly Episode[],
  concerns: ReadonlyMap<number, number | null>,
): Promise<NamedEpisode[]> {
  const keyed = episodes.map((one) => {
    if (one.subject.kind !== 'concern') return { ...one, key: one.subject.key };
    const now = movedTo<number | null>(
      null,
      one.posts.map((id) => concerns.get(id) ?? null),
    );
    return { ...one, key: now === null ? '' : String(now) };
  });
  const subjects = keyed
    .filter(({ key }) => key !== '')
    .map(({ subject, key }) => ({ kind: subject.kind, key }));
  const facts = await subjectFacts(db, officeId, subjects);
  return keyed.map((one) => {
    const subject = { kind: one.subject.kind, key: one.key };
    return { ...one, title: titleOf(subject, facts.get(`${subject.kind}:${subject.key}`)) };
  });
}

/** As rules are measured against it. */
export function measured({
  id,
  name,
  subjectKind,
  subjectKey,
  beganAt,
  peakAt,
  endedAt,
}: MarkedEvent): MeasuredEvent {
  return {
    ...{ id, name, kind: subjectKind, key: subjectKey },
    ...{ beganAt: beganAt.getTime(), peakAt: peakAt?.getTime() ?? null, endedAt: endedAt.getTime() },
  };
}
