import { randomBytes } from 'node:crypto';
import type { Answered, Area, Asked } from '../platform.ts';
import { isEscaped, readArticle } from './draft-rules.ts';
import { jsonOf, OK, type NewsItem, type WechatDraft, type WechatState } from './state.ts';

/** An article as the interface reads it back. @param url of the preview, or of the published article */
export function newsItem(item: NewsItem, url: string): Record<string, unknown> {
  const { article_type, image_info, ...texts } = item;
  return {
    ...texts,
    ...(article_type === 'newspic' && { article_type, image_info }),
    show_cover_pic: 0,
    url,
    thumb_url: `http://mmbiz.qpic.cn/mmbiz_jpg/${item.thumb_media_id.slice(0, 24)}/0?wx_fmt=jpeg`,
  };
}

/** The draft box. */
export function drafts(state: WechatState): Area {
  const seconds = (at: number) => Math.floor(at / 1000);
  const contentOf = ({ items, mediaId, createdAt, updatedAt }: WechatDraft, noContent = false) => ({
    news_item: items.map((item, place) => {
      const preview = `${state.pages}/s?__biz=MzA5NTA0&tempkey=${mediaId.slice(0, 16)}&idx=${place + 1}`;
      const shown = newsItem(item, preview);
      return noContent ? { ...shown, content: '' } : shown;
    }),
    create_time: seconds(createdAt),
    update_time: seconds(updatedAt),
  });
  const draftOf = (asked: Asked) => state.drafts.get(String(jsonOf(asked)?.['media_id']));
  const unknown = () => state.refuse(40007, 'invalid media_id', true);

  /** What is wrong before the articles themselves are looked at. */
  function malformed(asked: Asked): Answered | null {
    if (!jsonOf(asked)) return state.refuse(47001, 'data format error');
    if (!isEscaped(asked.body)) return null;
    return state.refuse(
      40033,
      'invalid charset. please check your request, if include \\uxxxx will create fail!',
    );
  }

  return {
    'POST /cgi-bin/draft/add': (asked) => {
      const no = malformed(asked);
      if (no) return no;
      const articles = jsonOf(asked)?.['articles'];
      if (articles !== undefined && !Array.isArray(articles)) return state.refuse(47001, 'data format error');
      if (!articles || articles.length === 0) return state.refuse(44003, 'empty news data', true);
      if (articles.length > state.limits.articles)
        return state.refuse(45008, 'article size out of limit', true);
      const items: NewsItem[] = [];
      for (const article of articles as unknown[]) {
        const read = readArticle(state, article, articles.length === 1);
        if ('refused' in read) return read.refused;
        items.push(read.item);
      }
      const mediaId = randomBytes(48).toString('base64url');
      state.drafts.set(mediaId, { mediaId, items, createdAt: state.now, updatedAt: state.now });
      // Not documented, and in every recorded answer.
      return { body: { media_id: mediaId, item: [] } };
    },
    'POST /cgi-bin/draft/update': (asked) => {
      const no = malformed(asked);
      if (no) return no;
      const { index = 0, articles } = jsonOf(asked) ?? {};
      const draft = draftOf(asked);
      if (!draft) return unknown();
      if (Array.isArray(articles)) return state.refuse(47001, 'data format error');
      const place = Number(index);
      if (!(place in draft.items)) return state.refuse(40114, 'invalid index value', true);
      const read = readArticle(state, articles, draft.items.length === 1);
      if ('refused' in read) return read.refused;
      draft.items[place] = read.item;
      draft.updatedAt = state.now;
      return OK;
    },
    'POST /cgi-bin/draft/get': (asked) => {
      const draft = draftOf(asked);
      return draft ? { body: contentOf(draft) } : unknown();
    },
    'POST /cgi-bin/draft/delete': (asked) => {
      const draft = draftOf(asked);
      if (!draft) return unknown();
      state.drafts.delete(draft.mediaId);
      return OK;
    },
    'GET /cgi-bin/draft/count': () => ({ body: { total_count: state.drafts.size } }),
    'POST /cgi-bin/draft/batchget': (asked) => {
      const { offset = 0, count = 20, no_content = 0 } = (jsonOf(asked) ?? {}) as Record<string, number>;
      if (count < 1 || count > 20) return state.refuse(40097, 'invalid args');
      const all = [...state.drafts.values()].toSorted((a, b) => b.updatedAt - a.updatedAt);
      const item = all.slice(offset, offset + count).map((draft) => ({
        media_id: draft.mediaId,
        content: contentOf(draft, no_content === 1),
        update_time: seconds(draft.updatedAt),
      }));
      return { body: { total_count: all.length, item_count: item.length, item } };
    },
    'POST /cgi-bin/draft/switch': () => ({ body: { errcode: 0, errmsg: 'ok', is_open: 1 } }),
  };
}
