import { z } from 'zod';
import type { Media, Tools } from '../contract.ts';
import { PlatformFault } from '../fault.ts';
import { paths, type WechatInterface } from './interface.ts';
import { messages } from './messages.ts';

const MB = 1024 * 1024;
/** The platform's own bounds (素材管理): pictures of a text, covers. */
const PICTURE = { kinds: ['image/jpeg', 'image/png'], under: MB };
const COVER = { kinds: ['image/jpeg', 'image/png', 'image/gif', 'image/bmp'], most: 10 * MB };

const uploaded = z.object({ url: z.string().min(1) });
const added = z.object({ media_id: z.string().min(1) });

/**
 * Uploads the pictures of a text, each once for the account: the platform keeps them, under addresses that are remembered by what the
 * pictures are.
 * @returns media id → the platform's address
 * @throws PlatformFault `content` for a picture that the platform would not take
 */
export async function uploadPictures(
  ids: readonly number[],
  wechat: WechatInterface,
  tools: Tools,
): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  if (ids.length === 0) return found;
  for (const id of ids) {
    const media = await mediaOf(id, tools);
    const name = `picture:${media.sha256}`;
    const known = await remembered(name, tools);
    if (known !== undefined) {
      found.set(id, known);
      continue;
    }
    const label = media.alt || media.name;
    if (!PICTURE.kinds.includes(media.mime)) throw unfit(messages.pictureKind(label));
    if (media.bytes.length >= PICTURE.under) throw unfit(messages.pictureSize(label, megabytes(media)));
    const { url } = await wechat.call({ path: paths.uploadImage, parts: [fileOf(media)], schema: uploaded });
    await tools.mark(name, url);
    found.set(id, url);
  }
  return found;
}

/**
 * The cover as a permanent material, uploaded once for the account.
 * @param anew the platform does not know the one that was uploaded before
 */
export async function uploadCover(
  id: number,
  wechat: WechatInterface,
  tools: Tools,
  anew = false,
): Promise<string> {
  const media = await mediaOf(id, tools);
  const name = `cover:${media.sha256}`;
  const known = await remembered(name, tools);
  if (known !== undefined && !anew) return known;
  const label = media.alt || media.name;
  if (!COVER.kinds.includes(media.mime)) throw unfit(messages.coverKind(label));
  if (media.bytes.length > COVER.most) throw unfit(messages.coverSize(label, megabytes(media)));
  const { media_id } = await wechat.call({
    path: paths.addMaterial,
    query: { type: 'image' },
    parts: [fileOf(media)],
    schema: added,
  });
  await tools.mark(name, media_id);
  return media_id;
}

async function remembered(name: string, tools: Pick<Tools, 'marks'>): Promise<string | undefined> {
  return z.string().safeParse((await tools.marks(name)).get(name)).data;
}

async function mediaOf(id: number, tools: Pick<Tools, 'media'>): Promise<Media> {
  const media = await tools.media(id);
  if (!media) throw unfit(messages.mediaGone(''));
  return media;
}

const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/bmp': 'bmp',
};

/** The platform goes by the ending of the name. */
function fileOf({ bytes, mime, sha256 }: Media) {
  const filename = `${sha256.slice(0, 16)}.${ENDINGS[mime] ?? 'bin'}`;
  return { name: 'media', filename, mime, bytes };
}

const megabytes = ({ bytes }: Media) => (bytes.length / MB).toFixed(1);
const unfit = (why: string) => new PlatformFault('content', { code: 'picture', why });
