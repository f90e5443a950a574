import type { WeiboComment, WeiboState, WeiboStatus, WeiboUser } from './state.ts';
import { unitsOf } from './text.ts';

/** `Wed Oct 24 23:49:17 +0800 2012` */
export function weiboDate(at: number): string {
  const utc = new Date(at + 8 * 3_600_000).toUTCString();
  const [weekday, day, month, year, time] = utc.replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${time} +0800 ${year}`;
}

export const commentsOf = (state: WeiboState, status: WeiboStatus): WeiboComment[] =>
  state.comments.filter((comment) => comment.status === status);

/** Of a status: how often it was passed on. */
export const repostsOf = (state: WeiboState, status: WeiboStatus): number =>
  (status.reposts ?? 0) + state.statuses.filter(({ shares }) => shares === status).length;

/** A status as the interface tells it. */
export function statusBody(state: WeiboState, status: WeiboStatus): Record<string, unknown> {
  const common = {
    created_at: weiboDate(status.at),
    id: status.id,
    mid: String(status.id),
    idstr: String(status.id),
  };
  if (status.deleted) return { ...common, text: '抱歉，此微博已被作者删除。', deleted: '1' };
  const isPending = (status.pendingUntil ?? 0) > state.now;
  const picture = status.picture ? `http://wx1.sinaimg.cn/thumbnail/${status.picture}.jpg` : null;
  return {
    ...common,
    can_edit: false,
    text: status.text,
    textLength: unitsOf(status.text) * 2,
    source_type: 1,
    source:
      status.said === undefined
        ? '<a href="http://app.weibo.com/t/feed/1" rel="nofollow">某某手机</a>'
        : `<a href="http://open.weibo.com" rel="nofollow">${state.app.name}</a>`,
    favorited: false,
    truncated: false,
    in_reply_to_status_id: '',
    in_reply_to_user_id: '',
    in_reply_to_screen_name: '',
    pic_urls: picture ? [{ thumbnail_pic: picture }] : [],
    ...(picture && { thumbnail_pic: picture }),
    geo: status.said === undefined ? { type: 'Point', coordinates: [25.04, 102.71] } : null,
    is_paid: false,
    user: userBody(status.user),
    reposts_count: repostsOf(state, status),
    comments_count: commentsOf(state, status).length,
    attitudes_count: status.attitudes ?? 3,
    pending_approval_count: isPending ? 1 : 0,
    isLongText: false,
    visible: { type: 0, list_id: 0 },
    mlevel: 0,
    hide_flag: 0,
    comment_manage_info: { comment_permission_type: -1, approval_comment_type: 0 },
    pic_num: picture ? 1 : 0,
    ...(status.shares && { retweeted_status: statusBody(state, status.shares) }),
  };
}

export function commentBody(state: WeiboState, comment: WeiboComment): Record<string, unknown> {
  return {
    created_at: weiboDate(comment.at),
    id: comment.id,
    idstr: String(comment.id),
    mid: String(comment.id),
    text: comment.text,
    source: '来自云南',
    user: userBody(comment.user),
    status: statusBody(state, comment.status),
    ...(comment.answers && { reply_comment: { id: comment.answers.id, text: comment.answers.text } }),
  };
}

function userBody({ id, screen_name }: WeiboUser): Record<string, unknown> {
  return {
    id: BigInt(id),
    idstr: id,
    screen_name,
    name: screen_name,
    location: '云南 昆明',
    profile_image_url: `https://tvax1.sinaimg.cn/${id}.jpg`,
    profile_url: `u/${id}`,
  };
}
