import type { Area } from '../platform.ts';
import { jsonOf, type WechatComment, type WechatState } from './state.ts';

/** Comments of an article, the newest first. */
export function comments(state: WechatState): Area {
  const body = ({ id, openid, at, text, elected, reply }: WechatComment) => ({
    user_comment_id: id,
    openid,
    create_time: Math.floor(at / 1000),
    content: text,
    comment_type: elected ? 1 : 0,
    ...(reply && { reply: state.repliesAsList ? { reply_list: [reply] } : reply }),
  });
  return {
    'POST /cgi-bin/comment/list': (asked) => {
      const sent = (jsonOf(asked) ?? {}) as Record<string, number | undefined>;
      const { msg_data_id, index = 0, begin = 0, count = 0 } = sent;
      if (count >= 50 || count < 1) return state.refuse(88010, 'count range error. cout <= 0 or count > 50');
      const article = state.articles.find(
        ({ message, place, deleted }) => message === msg_data_id && place === index + 1 && !deleted,
      );
      if (!article) return state.refuse(88001, 'msg_data is not exists');
      if (!article.commentable) return state.refuse(88000, 'open comment without comment privilege');
      const comment = article.comments.slice(begin, begin + count).map(body);
      const total = article.comments.length;
      const totals = state.truthfulTotal ? { total } : { total: comment.length, comment_cnt: total };
      return { body: { errcode: 0, errmsg: 'ok', ...totals, comment } };
    },
  };
}
