import { shanghaiDay } from '../../../config/shanghai.ts';
import type { Area } from '../platform.ts';
import { jsonOf, type WechatArticle, type WechatState } from './state.ts';

/** What the account has published, and the statistics of what it has sent. */
export function articles(state: WechatState): Area {
  const newsItem = (article: WechatArticle) => ({
    title: article.title,
    author: '宣传处',
    digest: '',
    content: '',
    content_source_url: '',
    thumb_media_id: 'thumb',
    show_cover_pic: 0,
    need_open_comment: article.commentable ? 1 : 0,
    only_fans_can_comment: 0,
    url: state.addressOf(article),
    thumb_url: 'http://mmbiz.qpic.cn/thumb',
    is_deleted: article.deleted,
  });
  return {
    'POST /cgi-bin/freepublish/batchget': (asked) => {
      const { offset = 0, count = 20 } = (jsonOf(asked) ?? {}) as { offset?: number; count?: number };
      if (count < 1 || count > 20) return state.refuse(40097, 'invalid args');
      const messages = [...new Set(state.articles.filter(({ sent }) => !sent).map(({ message }) => message))];
      const item = messages.slice(offset, offset + count).map((message) => {
        const parts = state.articles.filter((article) => article.message === message);
        const update_time = Math.floor(Math.max(...parts.map(({ at }) => at)) / 1000);
        const news_item = parts.toSorted((a, b) => a.place - b.place).map(newsItem);
        return {
          article_id: `article-${message}`,
          content: { news_item, create_time: update_time, update_time },
          update_time,
        };
      });
      return { body: { total_count: messages.length, item_count: item.length, item } };
    },
    'POST /datacube/getarticletotaldetail': (asked) => {
      const { begin_date = '', end_date = '' } = (jsonOf(asked) ?? {}) as Record<string, string>;
      if (!/^\d{4}-\d\d-\d\d$/.test(begin_date)) return state.refuse(61500, 'date format error');
      const today = shanghaiDay(new Date(state.now));
      if (begin_date !== end_date || end_date >= today) return state.refuse(61501, 'date range error');
      const yesterday = shanghaiDay(new Date(state.now - 86_400_000));
      if (end_date === yesterday && state.statisticsLate) return state.refuse(61503, 'data not ready');
      const list = state.articles
        .filter(({ at }) => shanghaiDay(new Date(at)) === begin_date)
        .map((article) => ({
          ref_date: begin_date,
          msgid: `${article.message}_${article.place}`,
          publish_type: article.sent ? 0 : 1,
          title: article.title,
          content_url: state.addressOf(article),
          detail_list: [{ stat_date: begin_date, read_user: 10, comment_count: article.comments.length }],
        }));
      return { body: { list, is_delay: false } };
    },
  };
}
