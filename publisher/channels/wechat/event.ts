import type { PushFields } from '../../../config/wechat-push.ts';
import type { PublishEvent } from '../../../store/publish-events.ts';

/** The event's name in the documentation, in older samples, and as some accounts were sent it. */
const NAMES = new Set(['PUBLISHJOBFINISH', 'FREEPUBLISHJOBFINISH', 'MASSSENDJOBFINISH']);
const INFO = 'PublishEventInfo';

/**
 * What a push says about the end of a publication.
 * @param sealed it was encrypted
 * @param now Unix ms
 * @returns null when it speaks of something else; `event` null when one has ended and it is not said which
 */
export function publishEventOf(
  fields: PushFields,
  sealed: boolean,
  now: number,
): { event: PublishEvent | null } | null {
  if (fields.get('MsgType')?.trim() !== 'event' || !NAMES.has(fields.get('Event')?.trim() ?? '')) return null;
  const of = (name: string) => fields.get(`${INFO}/${name}`)?.trim() ?? '';
  const publishId = of('publish_id');
  if (!/^\d{1,20}$/.test(publishId) || !/^\d$/.test(of('publish_status'))) return { event: null };
  return {
    event: {
      publishId,
      status: Number(of('publish_status')),
      articleId: of('article_id') || null,
      url: of('article_detail/item/article_url') || null,
      sealed,
      at: now,
    },
  };
}
