import type { ReleaseContent } from '../../../config/release-content.ts';
import type { Channel } from '../../../config/release-types.ts';

/** What of a channel can differ from the master. */
export type Difference = 'title' | 'author' | 'digest' | 'text' | 'document' | 'picture' | 'cover';

/** What differs from the master on a channel, in the order in which it is read. */
export function differencesOf({ details }: ReleaseContent, channel: Channel): Difference[] {
  const { website, weibo, wechat } = details;
  const differs: Record<Channel, [Difference, boolean][]> = {
    website: [['title', website.title !== null]],
    weibo: [
      ['text', weibo.text !== null],
      ['picture', weibo.imageId !== null && weibo.imageId !== details.coverId],
    ],
    wechat: [
      ['title', wechat.title !== null],
      ['author', wechat.author !== null],
      ['digest', wechat.digest !== null],
      ['document', wechat.document !== null],
      ['cover', wechat.coverId !== null && wechat.coverId !== details.coverId],
    ],
  };
  return differs[channel].filter(([, differs]) => differs).map(([what]) => what);
}

/** The field's own text, or null where it says just what the master says. */
export function ownText(typed: string, master: string): string | null {
  return typed === master ? null : typed;
}
