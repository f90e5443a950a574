import { chance, pick, type Random } from './random.ts';
import type { Item, SiteKey } from './types.ts';

const outlets: Record<SiteKey, string> = {
  news: '云州新闻网',
  forum: '云州论坛',
  weibo: '云州微议',
  rss: '云州热线',
  atom: '云州市人民检察院',
  jsonfeed: '区县融媒',
};

/** What a portal makes of somebody else's article: another title, a third gone, or a source line added. */
export function rewrite(random: Random, source: Item): { title: string; text: string } {
  const title = source.title ?? '';
  const newTitle = pick(random, [
    title,
    `关注｜${title}`,
    `${title}（附详情）`,
    `云州：${title}`,
    `转发提醒！${title}`,
    title.includes(' ') ? title.split(' ').toReversed().join('：') : `【民生】${title}`,
  ]);
  const paragraphs = source.text.split('\n');
  const cut = chance(random, 0.45) && paragraphs.length > 2;
  const kept = cut ? paragraphs.slice(0, Math.ceil((paragraphs.length * 2) / 3)) : paragraphs;
  const credited = chance(random, 0.6) || newTitle === title;
  const line = pick(random, [
    `（来源：${outlets[source.site]}）`,
    `本文转载自${outlets[source.site]}，版权归原作者所有。`,
  ]);
  return { title: newTitle, text: [...kept, ...(credited ? [line] : [])].join('\n') };
}

/** The same words again on the microblog, with a remark in front. */
export function forward(random: Random, source: Item): string {
  const remark = pick(random, [
    '转发',
    '扩散',
    '转给大家看看',
    '说得对',
    '求关注',
    '转发微博',
    '这个必须转',
    '同问',
  ]);
  return `${remark}：${source.text}`;
}
