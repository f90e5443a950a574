import type { Answered, Area, Asked } from '../platform.ts';
import { jsonOf, OK, type WechatArticle, type WechatComment, type WechatState } from './state.ts';

/** Letters of an answer to a comment. */
const LONGEST_REPLY = 600;

/** Comments of an article, the newest first, and what the account does with them. */
export function comments(state: WechatState): Area {
  const body = ({ id, openid, at, text, elected, reply }: WechatComment) => ({
    user_comment_id: id,
    openid,
    create_time: Math.floor(at / 1000),
    content: text,
    comment_type: elected ? 1 : 0,
    ...(reply && { reply: state.repliesAsList ? { reply_list: [reply] } : reply }),
  });

  /** The call about an article that stands. @param closedToo also one whose comments are closed */
  function withArticle(
    asked: Asked,
    then: (article: WechatArticle, sent: Record<string, unknown>) => Answered,
    closedToo = false,
  ): Answered {
    const sent = jsonOf(asked) ?? {};
    const article = state.articleOf(sent['msg_data_id'], Number(sent['index'] ?? 0) + 1);
    if (!article || article.deleted || article.blocked) return state.refuse(88001, 'msg_data is not exists');
    if (!article.commentable && !closedToo) {
      return state.refuse(88000, 'open comment without comment privilege');
    }
    return then(article, sent);
  }

  const withComment = (
    asked: Asked,
    then: (comment: WechatComment, sent: Record<string, unknown>, article: WechatArticle) => Answered,
  ) =>
    withArticle(asked, (article, sent) => {
      const comment = article.comments.find(({ id }) => String(id) === String(sent['user_comment_id']));
      return comment ? then(comment, sent, article) : state.refuse(88008, 'comment is not exists');
    });
  const set = (change: (comment: WechatComment) => void) => (asked: Asked) =>
    withComment(asked, (comment) => {
      change(comment);
      return OK;
    });
  const open = (isOpen: boolean) => (asked: Asked) => {
    if (isOpen && !state.commentsAllowed)
      return state.refuse(88000, 'open comment without comment privilege');
    return withArticle(
      asked,
      (article) => {
        article.commentable = isOpen;
        return OK;
      },
      true,
    );
  };

  return {
    'POST /cgi-bin/comment/open': open(true),
    'POST /cgi-bin/comment/close': open(false),
    'POST /cgi-bin/comment/list': (asked) => {
      const { begin = 0, count = 0, type = 0 } = (jsonOf(asked) ?? {}) as Record<string, number | undefined>;
      if (count >= 50 || count < 1) {
        return state.refuse(88010, 'count range error. cout <= 0 or count > 50');
      }
      return withArticle(asked, (article) => {
        const meant = article.comments.filter(({ elected }) => type === 0 || elected === (type === 2));
        const comment = meant.slice(begin, begin + count).map(body);
        const total = meant.length;
        const totals = state.truthfulTotal ? { total } : { total: comment.length, comment_cnt: total };
        return { body: { errcode: 0, errmsg: 'ok', ...totals, comment } };
      });
    },
    'POST /cgi-bin/comment/markelect': set((comment) => {
      comment.elected = true;
    }),
    'POST /cgi-bin/comment/unmarkelect': set((comment) => {
      comment.elected = false;
    }),
    'POST /cgi-bin/comment/delete': (asked) =>
      withComment(asked, (comment, _, article) => {
        article.comments.splice(article.comments.indexOf(comment), 1);
        return OK;
      }),
    'POST /cgi-bin/comment/reply/add': (asked) =>
      withComment(asked, (comment, { content }) => {
        if (comment.reply) return state.refuse(88005, 'already reply');
        if (typeof content !== 'string' || content === '' || [...content].length > LONGEST_REPLY) {
          return state.refuse(88007, 'reply content beyond max len or content len is zero');
        }
        comment.reply = { content, create_time: Math.floor(state.now / 1000) };
        return OK;
      }),
    'POST /cgi-bin/comment/reply/delete': (asked) =>
      withComment(asked, (comment) => {
        if (!comment.reply) return state.refuse(88009, 'reply is not exists');
        comment.reply = null;
        return OK;
      }),
  };
}
