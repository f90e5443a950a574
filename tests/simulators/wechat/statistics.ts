import { shanghaiDay } from '../../../config/shanghai.ts';
import type { Answered, Area, Asked } from '../platform.ts';
import { jsonOf, type WechatArticle, type WechatState } from './state.ts';

const DAY_MS = 86_400_000;

/** The statistics, a day late: the newer calls, and those of the older ones that are still answered. */
export function statistics(state: WechatState): Area {
  const dayOf = (at: number) => shanghaiDay(new Date(at));

  /** A call about some days. @param most days that it may ask for at once */
  function about(most: number, list: (days: string[]) => unknown[]): (asked: Asked) => Answered {
    return (asked) => {
      const { begin_date = '', end_date = '' } = (jsonOf(asked) ?? {}) as Record<string, string>;
      const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text);
      if (!isDay(begin_date) || !isDay(end_date)) return state.refuse(61500, 'date format error');
      const days: string[] = [];
      for (let at = Date.parse(begin_date); at <= Date.parse(end_date) && days.length <= most; at += DAY_MS) {
        days.push(new Date(at).toISOString().slice(0, 10));
      }
      const isAsked = days.length > 0 && days.length <= most;
      if (!isAsked || end_date >= dayOf(state.now)) return state.refuse(61501, 'date range error');
      const yesterday = dayOf(state.now - DAY_MS);
      if (end_date === yesterday && state.statisticsLate) return state.refuse(61503, 'data not ready');
      return { body: { list: list(days), is_delay: false } };
    };
  }

  const of = (day: string) => state.articles.filter(({ at }) => dayOf(at) === day);
  const msgid = ({ message, place }: WechatArticle) => `${message}_${place}`;
  const source = (user_count: number) => [{ user_count, scene_desc: '全部' }];
  const sum = (articles: WechatArticle[], key: 'reads' | 'shares' | 'likes') =>
    articles.reduce((total, article) => total + article[key], 0);

  return {
    'POST /datacube/getarticleread': about(1, (days) =>
      days.flatMap((ref_date) =>
        of(ref_date).map((article) => ({
          ref_date,
          msgid: msgid(article),
          detail: { read_user: article.reads, read_user_source: source(article.reads) },
        })),
      ),
    ),
    'POST /datacube/getarticleshare': about(1, (days) =>
      days.flatMap((ref_date) =>
        of(ref_date).map((article) => ({
          ref_date,
          msgid: msgid(article),
          detail: { share_user: article.shares },
        })),
      ),
    ),
    'POST /datacube/getarticletotaldetail': about(1, (days) =>
      days.flatMap((ref_date) =>
        of(ref_date).map((article) => ({
          ref_date,
          msgid: msgid(article),
          publish_type: article.sent ? 0 : 1,
          title: article.title,
          content_url: state.addressOf(article),
          detail_list: [
            {
              stat_date: ref_date,
              read_user: article.reads,
              read_user_source: source(article.reads),
              share_user: article.shares,
              zaikan_user: 0,
              like_user: article.likes,
              comment_count: article.comments.length,
              collection_user: 0,
              praise_money: 0,
              read_subscribe_user: 0,
              read_delivery_rate: 0,
              read_finish_rate: 0.5,
              read_avg_activetime: 30,
              read_jump_position: [],
            },
          ],
        })),
      ),
    ),
    'POST /datacube/getbizsummary': about(30, (days) =>
      days.map((ref_date) => ({
        ref_date,
        detail: {
          read_user: sum(of(ref_date), 'reads'),
          read_user_source: source(sum(of(ref_date), 'reads')),
          share_user: sum(of(ref_date), 'shares'),
          zaikan_user: 0,
          like_user: sum(of(ref_date), 'likes'),
          comment_count: of(ref_date).reduce((total, { comments }) => total + comments.length, 0),
          collection_user: 0,
          redirect_ori_page_user: 0,
          send_page_count: of(ref_date).length,
        },
      })),
    ),
    'POST /datacube/getusersummary': about(7, (days) =>
      days.map((ref_date) => ({ ref_date, user_source: 0, new_user: 5, cancel_user: 1 })),
    ),
    'POST /datacube/getusercumulate': about(7, (days) =>
      days.map((ref_date) => ({ ref_date, cumulate_user: 12_000 })),
    ),
  };
}
