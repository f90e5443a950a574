import { randomBytes } from 'node:crypto';
import { imageKind, partsOf, type ImageKind } from '../multipart.ts';
import type { Answered, Area, Asked } from '../platform.ts';
import type { Shelf } from '../shelf.ts';
import { jsonOf, OK, type Material, type MaterialKind, type WechatState } from './state.ts';

const MB = 1024 * 1024;
const KINDS: readonly MaterialKind[] = ['image', 'voice', 'video', 'thumb'];
const MOST_BYTES: Record<MaterialKind, number> = {
  image: 10 * MB,
  voice: 2 * MB,
  video: 10 * MB,
  thumb: 64 * 1024,
};
const IMAGES: readonly (ImageKind | null)[] = ['bmp', 'png', 'jpg', 'gif'];

/** Pictures of texts, permanent material and temporary media. */
export function media(state: WechatState, shelf: Shelf): Area {
  const uploaded = (asked: Asked) =>
    partsOf(asked.headers['content-type'], asked.bytes)?.find(({ name }) => name === 'media') ?? null;

  function keep(kind: MaterialKind, name: string, bytes: Buffer, permanent: boolean): Material {
    // The id that the platform gives is long; the first part of it finds the bytes.
    const id = randomBytes(12).toString('hex');
    shelf.keep(id, bytes);
    const form = imageKind(bytes) === 'png' ? 'png' : 'jpg';
    const url = kind === 'image' ? `http://mmbiz.qpic.cn/mmbiz_${form}/${id}/0?wx_fmt=${form}` : null;
    const mediaId = `${id}${randomBytes(24).toString('base64url')}`;
    const made = { mediaId, kind, name, at: state.now, url, permanent, video: null };
    return made;
  }

  /** What is wrong with a file of a kind; null: nothing. */
  function wrong(kind: MaterialKind, bytes: Buffer): Answered | null {
    const image = imageKind(bytes);
    if (kind === 'image' && !IMAGES.includes(image)) {
      return state.refuse(40137, 'invalid image format', true);
    }
    if (kind === 'thumb' && image !== 'jpg') return state.refuse(40005, 'invalid file type', true);
    if (bytes.length <= MOST_BYTES[kind]) return null;
    return kind === 'image' || kind === 'thumb'
      ? state.refuse(40009, 'invalid image size', true)
      : state.refuse(40006, 'invalid meida size', true);
  }

  function kindOf(asked: Asked): MaterialKind | null {
    const type = asked.query.get('type') as MaterialKind | null;
    return type !== null && KINDS.includes(type) ? type : null;
  }

  const permanent = () => [...state.materials.values()].filter((one) => one.permanent);
  const secondsOf = ({ at }: Material) => Math.floor(at / 1000);

  return {
    'POST /cgi-bin/media/uploadimg': (asked) => {
      const file = uploaded(asked);
      if (!file) return state.refuse(41005, 'media data missing');
      const kind = imageKind(file.bytes);
      if (kind !== 'jpg' && kind !== 'png') return state.refuse(40005, 'invalid file type', true);
      if (file.bytes.length >= MB) return state.refuse(40009, 'invalid image size', true);
      return { body: { url: keep('image', file.filename ?? '', file.bytes, false).url } };
    },
    'POST /cgi-bin/material/add_material': (asked) => {
      const kind = kindOf(asked);
      if (!kind) return state.refuse(40004, 'invalid media type');
      const parts = partsOf(asked.headers['content-type'], asked.bytes);
      const file = uploaded(asked);
      if (!parts || !file) return state.refuse(41005, 'media data missing');
      const no = wrong(kind, file.bytes);
      if (no) return no;
      const most = kind === 'image' ? 100_000 : 1_000;
      if (permanent().filter((one) => one.kind === kind).length >= most) {
        return state.refuse(45007, 'media count out of limit');
      }
      const made = { ...keep(kind, file.filename ?? '', file.bytes, true) };
      if (kind === 'video') {
        const told = readDescription(parts.find(({ name }) => name === 'description')?.bytes);
        if (!told) return state.refuse(47001, 'data format error');
        made.video = told;
      }
      state.materials.set(made.mediaId, made);
      return { body: { media_id: made.mediaId, ...(made.url !== null && { url: made.url }), item: [] } };
    },
    'POST /cgi-bin/media/upload': (asked) => {
      const kind = kindOf(asked);
      if (!kind) return state.refuse(40004, 'invalid media type');
      const file = uploaded(asked);
      if (!file) return state.refuse(41005, 'media data missing');
      const no = wrong(kind, file.bytes);
      if (no) return no;
      const made = keep(kind, file.filename ?? '', file.bytes, false);
      state.materials.set(made.mediaId, made);
      const id = kind === 'thumb' ? { thumb_media_id: made.mediaId } : { media_id: made.mediaId };
      return { body: { type: kind, ...id, created_at: secondsOf(made), item: [] } };
    },
    'POST /cgi-bin/material/get_material': (asked) => {
      const found = state.materials.get(String(jsonOf(asked)?.['media_id']));
      if (!found?.permanent) return state.refuse(40007, 'invalid media_id', true);
      if (found.video) {
        return { body: { ...found.video, down_url: `${state.pages}/video/${found.mediaId.slice(0, 24)}` } };
      }
      const bytes = shelf.bytes(found.mediaId.slice(0, 24));
      if (!bytes) return state.refuse(-1, 'system error');
      return { body: bytes, headers: { 'content-type': 'application/octet-stream' } };
    },
    'GET /cgi-bin/material/get_materialcount': () => {
      const of = (kind: MaterialKind) => permanent().filter((one) => one.kind === kind).length;
      const counts = { voice_count: of('voice'), video_count: of('video') };
      return { body: { ...counts, image_count: of('image') + of('thumb'), news_count: 0 } };
    },
    'POST /cgi-bin/material/batchget_material': (asked) => {
      const { type, offset = 0, count = 20 } = (jsonOf(asked) ?? {}) as Record<string, never>;
      if (count < 1 || count > 20) return state.refuse(40097, 'invalid args');
      const all = permanent().filter(({ kind }) => kind === type);
      const item = all.slice(offset, offset + count).map((one) => ({
        media_id: one.mediaId,
        name: one.name,
        update_time: secondsOf(one),
        ...(one.url !== null && { url: one.url }),
      }));
      return { body: { total_count: all.length, item_count: item.length, item } };
    },
    'POST /cgi-bin/material/del_material': (asked) => {
      const id = String(jsonOf(asked)?.['media_id']);
      if (!state.materials.get(id)?.permanent) return state.refuse(40007, 'invalid media_id', true);
      state.materials.delete(id);
      return OK;
    },
    'POST /cgi-bin/material/add_news': () => state.refuse(45103, 'This API has been unsupported'),
  };
}

function readDescription(bytes: Buffer | undefined): Material['video'] {
  try {
    const { title, introduction } = JSON.parse(bytes?.toString('utf8') ?? '') as Record<string, unknown>;
    return typeof title === 'string' && title !== ''
      ? { title, description: String(introduction ?? '') }
      : null;
  } catch {
    return null;
  }
}
