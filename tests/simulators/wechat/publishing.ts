import type { Area, Asked } from '../platform.ts';
import { newsItem } from './drafts.ts';
import type { Teller } from './events.ts';
import { jsonOf, OK, type WechatArticle, type WechatJob, type WechatState } from './state.ts';

const SUBMIT_REFUSALS: Record<number, string> = {
  53503: 'draft did not pass the pre-publish check',
  53504: 'draft can only be published at the web console',
  53505: 'draft has to be saved by hand first',
};

/** 发布能力: from a draft to an article that can be read, and what may become of it later. */
export function publishing(state: WechatState, tell: Teller): Area {
  const seconds = (at: number) => Math.floor(at / 1000);
  const articlesOf = (message: number) =>
    state.articles.filter((one) => one.message === message).toSorted((a, b) => a.place - b.place);

  function finish(job: WechatJob): void {
    if (job.status !== 1) return;
    job.status = job.outcome;
    if (job.outcome === 0) {
      state.drafts.delete(job.mediaId);
      job.items.forEach((item, index) => {
        const commentable = item.need_open_comment === 1;
        state.publish(job.message, item.title, { place: index + 1, commentable, item });
      });
    }
    tell.event(state.event.name, eventDetails(job));
  }

  function detailOf(job: WechatJob): { idx: number; article_url: string }[] {
    return job.items.map((_, index) => ({
      idx: index + 1,
      article_url: state.addressOf({ message: job.message, place: index + 1 }),
    }));
  }

  function eventDetails(job: WechatJob): string {
    const items = detailOf(job).map(
      ({ idx, article_url }) =>
        `<item><idx>${idx}</idx><article_url><![CDATA[${article_url}]]></article_url></item>`,
    );
    const done = `<article_id><![CDATA[${state.articleId(job.message)}]]></article_id>
<article_detail><count>${items.length}</count>${items.join('')}</article_detail>`;
    const failed = job.items.map((_, index) => `<fail_idx>${index + 1}</fail_idx>`).join('');
    return `<PublishEventInfo><publish_id>${job.publishId}</publish_id>
<publish_status>${job.status}</publish_status>
${job.status === 0 ? done : failed}</PublishEventInfo>
`;
  }

  function wait(job: WechatJob): void {
    state.clock.at(job.endsAt, () => finish(job));
  }

  const shown = (article: WechatArticle) => ({
    ...(article.item
      ? newsItem(article.item, state.addressOf(article))
      : newsItem(
          { ...BARE, title: article.title, need_open_comment: article.commentable ? 1 : 0 },
          state.addressOf(article),
        )),
    is_deleted: article.deleted || article.blocked,
  });
  const messageOf = (asked: Asked): number | null => {
    const id = String(jsonOf(asked)?.['article_id'] ?? '');
    const found = state.articles.find(({ message, sent }) => !sent && state.articleId(message) === id);
    return found?.message ?? null;
  };
  const unknownArticle = () => state.refuse(53600, 'Article ID 无效', true);

  for (const job of state.jobs) if (job.status === 1) wait(job);

  return {
    'POST /cgi-bin/freepublish/submit': (asked: Asked) => {
      const mediaId = String(jsonOf(asked)?.['media_id'] ?? '');
      const draft = state.drafts.get(mediaId);
      if (!draft) return state.refuse(40007, 'invalid media_id', true);
      const refusal = state.submitRefusals.shift();
      if (refusal !== undefined) return state.refuse(refusal, SUBMIT_REFUSALS[refusal] ?? 'refused', true);
      // While it is being published it cannot be submitted once more, wherever the draft is meanwhile.
      if (state.jobs.some((job) => job.mediaId === mediaId && job.status === 1)) {
        return state.refuse(53503, SUBMIT_REFUSALS[53503] ?? '', true);
      }
      if (state.draftLeaves === 'submitted') state.drafts.delete(mediaId);
      const outcome = state.sandbox ? 3 : (state.outcomes.shift() ?? 0);
      const job: WechatJob = {
        publishId: state.number(),
        message: state.number(),
        mediaId,
        items: structuredClone(draft.items),
        at: state.now,
        endsAt: state.now + state.publishingMs,
        outcome,
        status: 1,
      };
      state.jobs.push(job);
      wait(job);
      // Numbers, where the documentation has strings.
      const ids = { publish_id: job.publishId, msg_data_id: job.message };
      return { body: { errcode: 0, errmsg: 'ok', ...ids } };
    },
    'POST /cgi-bin/freepublish/get': (asked: Asked) => {
      const id = String(jsonOf(asked)?.['publish_id'] ?? '');
      const job = state.jobs.find(({ publishId }) => String(publishId) === id);
      if (!job) return state.refuse(40007, 'invalid publish_id', true);
      const base = { publish_id: job.publishId, publish_status: job.status };
      if (job.status === 1) return { body: { ...base, fail_idx: [] } };
      if (job.status === 2 || job.status === 3 || job.status === 4) {
        return { body: { ...base, fail_idx: job.items.map((_, index) => index + 1) } };
      }
      const item = detailOf(job);
      const detail = {
        article_id: state.articleId(job.message),
        article_detail: { count: item.length, item },
      };
      return { body: { ...base, ...detail, fail_idx: [] } };
    },
    'POST /cgi-bin/freepublish/delete': (asked: Asked) => {
      const message = messageOf(asked);
      if (message === null) return unknownArticle();
      const index = Number(jsonOf(asked)?.['index'] ?? 0);
      const parts = articlesOf(message).filter(({ place }) => index === 0 || place === index);
      if (parts.length === 0 || parts.every(({ deleted }) => deleted)) return unknownArticle();
      for (const part of parts) part.deleted = true;
      if (articlesOf(message).every(({ deleted }) => deleted)) state.takeDown(message, 5);
      return OK;
    },
    'POST /cgi-bin/freepublish/getarticle': (asked: Asked) => {
      const message = messageOf(asked);
      if (message === null) return unknownArticle();
      const parts = articlesOf(message);
      const time = seconds(Math.max(...parts.map(({ at }) => at)));
      return { body: { news_item: parts.map(shown), create_time: time, update_time: time } };
    },
    'POST /cgi-bin/freepublish/batchget': (asked: Asked) => {
      const { offset = 0, count = 20, no_content = 0 } = (jsonOf(asked) ?? {}) as Record<string, number>;
      if (count < 1 || count > 20) return state.refuse(40097, 'invalid args');
      const messages = [...new Set(state.articles.filter(({ sent }) => !sent).map(({ message }) => message))];
      const item = messages.slice(offset, offset + count).map((message) => {
        const parts = articlesOf(message);
        const update_time = seconds(Math.max(...parts.map(({ at }) => at)));
        const news_item = parts.map(shown).map((one) => (no_content === 1 ? { ...one, content: '' } : one));
        const content = { news_item, create_time: update_time, update_time };
        return { article_id: state.articleId(message), content, update_time };
      });
      return { body: { total_count: messages.length, item_count: item.length, item } };
    },
  };
}

/** What is told of an article of which a test has given no more than a title. */
const BARE = {
  article_type: 'news',
  title: '',
  author: '宣传处',
  digest: '',
  content: '',
  content_source_url: '',
  thumb_media_id: 'thumb',
  need_open_comment: 0,
  only_fans_can_comment: 0,
} as const;
