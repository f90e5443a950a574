import { Chance } from '../support/chance.ts';
import type { Both } from './both.ts';

const EVERY_MS = 20_000;
/** What is older than this is not talked about any more. */
const FRESH_MS = 3 * 86_400_000;
/** Comments that one item gets at the most. */
const MOST_COMMENTS = 8;

/** What the made-up public says under what was published. */
const COMMENTS = [
  '支持依法办理，期待后续通报。',
  '请问这个案件什么时候开庭？',
  '通报太简短了，希望能把情况说清楚。',
  '转给家里老人看看，很有用。',
  '上次反映的问题还没有答复，什么时候能有结果？',
  '讲得很明白，点赞。',
  '希望以后多发这样的案例。',
  '为什么现在才公布？',
];
const NAMES = ['滇池边的某某', '青石来客', '白鹭小镇', '云州路人甲'];

/**
 * Readers of what was published: counts that grow, and a few comments, so that a newcomer sees what comes back.
 * @returns what ends it
 */
export function giveLife({ wechat, weibo }: Both, seed = 1): () => void {
  const chance = new Chance(seed);
  const some = (mean: number) => chance.poisson(mean);
  const one = (list: readonly string[]) => list[Math.floor(chance.next() * list.length)] ?? '';

  function turn(): void {
    const isFresh = ({ at }: { at: number }) => at > wechat.clock.now - FRESH_MS;
    for (const state of wechat.accounts) {
      for (const article of state.articles.filter(isFresh)) {
        if (article.deleted || article.blocked) continue;
        article.reads += some(4);
        article.shares += some(0.2);
        article.likes += some(0.3);
        const isHeard = article.commentable && article.comments.length < MOST_COMMENTS;
        if (isHeard && chance.next() < 0.06) state.comment(article, one(COMMENTS));
      }
    }
    for (const status of weibo.state.statuses.filter(isFresh)) {
      if (status.deleted) continue;
      status.attitudes = (status.attitudes ?? 0) + some(0.5);
      status.reposts = (status.reposts ?? 0) + some(0.1);
      const comments = weibo.state.comments.filter((comment) => comment.status === status).length;
      if (comments < MOST_COMMENTS && chance.next() < 0.06) {
        const id = String(1_000_000_001 + Math.floor(chance.next() * 1_000_000));
        weibo.state.comment(status, { id, screen_name: one(NAMES) }, one(COMMENTS));
      }
    }
  }

  const timer = setInterval(turn, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
