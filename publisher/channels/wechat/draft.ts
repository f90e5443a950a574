import { z } from 'zod';
import type { OpenAccount, Outgoing, Prepared, Tools } from '../contract.ts';
import { attempt, PlatformFault } from '../fault.ts';
import { articleOf, coverIdOf, picturesOf, type Article } from './article.ts';
import { uploadCover, uploadPictures } from './assets.ts';
import { openWechat, paths, type WechatInterface } from './interface.ts';
import { messages } from './messages.ts';
import { wechatProgress } from './progress.ts';

const added = z.object({ media_id: z.string().min(1) });
const text = z.string().default('');
const newsItem = z.object({ title: text, author: text, digest: text, content: text });
const got = z.object({ news_item: z.array(newsItem).min(1) });

/**
 * Brings an article into the draft box: pictures, cover, draft; then reads it back, since the platform drops what it does not like
 * without saying so. Nothing of it can be seen by readers. Called again, it goes on where it ended.
 */
export function prepare(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Prepared> {
  return attempt(tools.now, async () => {
    const wechat = openWechat(account, tools);
    const known = wechatProgress(delivery.progress);
    if (known.mediaId !== undefined && known.changes !== undefined) return { kind: 'ready' };
    const article = await assemble(delivery, wechat, tools);
    let { mediaId } = known;
    if (mediaId === undefined) {
      mediaId = await addDraft(article, delivery, wechat, tools);
      await tools.keep({ mediaId });
    }
    const { news_item } = await wechat.call({
      path: paths.draftGet,
      body: { media_id: mediaId },
      schema: got,
    });
    // Only needed here, and not small: the publisher starts without it.
    const { changesIn } = await import('./read-back.ts');
    await tools.keep({ changes: changesIn(article, news_item[0] as z.infer<typeof newsItem>) });
    return { kind: 'ready' };
  });
}

async function assemble(delivery: Outgoing, wechat: WechatInterface, tools: Tools): Promise<Article> {
  const coverId = coverIdOf(delivery.content);
  if (coverId === null) throw new PlatformFault('content', { code: 'no-cover', why: messages.noCover });
  const pictures = await uploadPictures(picturesOf(delivery.content), wechat, tools);
  const cover = await uploadCover(coverId, wechat, tools);
  return articleOf(delivery, (id) => pictures.get(id) ?? '', cover);
}

async function addDraft(
  article: Article,
  { content }: Outgoing,
  wechat: WechatInterface,
  tools: Tools,
): Promise<string> {
  const add = async () => {
    const body = { articles: [article] };
    return (await wechat.call({ path: paths.draftAdd, body, schema: added })).media_id;
  };
  try {
    return await add();
  } catch (error) {
    if (!(error instanceof PlatformFault && error.class === 'stale')) throw error;
    // The cover that was uploaded once is not there any more: somebody has tidied up at the platform's console.
    article.thumb_media_id = await uploadCover(coverIdOf(content) as number, wechat, tools, true);
    return add();
  }
}
