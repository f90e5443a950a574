import type { Answered } from '../platform.ts';
import { rewrite, wordsOf } from './rewrite.ts';
import type { NewsItem, WechatState } from './state.ts';

/** Of a text without a summary, the platform takes so many characters. */
const OWN_DIGEST = 54;
/** Four numbers from 0 to 1 with no more than six places. */
const CROP = /^(?:(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)_){3}(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/;

type Raw = Record<string, unknown>;

/** One article as it goes into the draft box. @returns what the platform refuses it with, or the article as it keeps it */
export function readArticle(
  state: WechatState,
  raw: unknown,
  isSingle: boolean,
): { item: NewsItem } | { refused: Answered } {
  const { limits } = state;
  const no = (errcode: number, errmsg: string, hint = true) => ({
    refused: state.refuse(errcode, errmsg, hint),
  });
  const length = (text: string) => (limits.unit === 'bytes' ? Buffer.byteLength(text) : [...text].length);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return no(47001, 'data format error');
  const given = raw as Raw;
  const texts = ['title', 'author', 'digest', 'content', 'content_source_url', 'thumb_media_id'] as const;
  for (const name of texts) {
    if (given[name] !== undefined && typeof given[name] !== 'string') return no(47001, 'data format error');
  }
  const text = (name: (typeof texts)[number]) => (given[name] as string | undefined) ?? '';
  const type = given['article_type'] ?? 'news';
  if (type !== 'news' && type !== 'newspic') return no(40097, 'invalid args');

  if (text('title').trim() === '') return no(44003, 'empty news data');
  if (length(text('title')) > limits.title) return no(45003, 'title size out of limit');
  if (length(text('author')) > limits.author) return no(45110, 'author size out of limit');
  if (length(text('digest')) > limits.digest) return no(45004, 'description size out of limit');
  const content = text('content');
  if (content.trim() === '') return no(44003, 'empty news data');
  const source = text('content_source_url');
  if (Buffer.byteLength(source) > limits.sourceUrlBytes) return no(45005, 'url size out of limit');
  if (source !== '' && !/^https?:\/\//i.test(source)) return no(41039, 'invalid content_source_url');
  const comments = given['need_open_comment'] ?? 0;
  const fans = given['only_fans_can_comment'] ?? 0;
  if (!isFlag(comments) || !isFlag(fans)) return no(47001, 'data format error');
  if (comments === 1 && !state.commentsAllowed) {
    return no(88000, 'open comment without comment privilege', false);
  }
  for (const crop of ['pic_crop_235_1', 'pic_crop_1_1']) {
    const value = given[crop];
    if (value !== undefined && value !== '' && !(typeof value === 'string' && CROP.test(value))) {
      return no(40097, 'invalid args');
    }
  }
  const made = {
    title: text('title'),
    author: text('author'),
    content_source_url: source,
    need_open_comment: comments,
    only_fans_can_comment: fans,
  };
  if (type === 'newspic') return newspic(content);

  if (content.length >= limits.content || Buffer.byteLength(content) >= limits.contentBytes) {
    return no(45002, 'content size out of limit');
  }
  if (!isPermanent(state, text('thumb_media_id'))) return no(40007, 'invalid media_id');
  const { html, foreignLink } = rewrite(content);
  if (foreignLink && state.foreignLinks === 'refused') return no(45166, 'invalid content');
  // Only a single article has a summary of its own; what is left out is taken from the text.
  const digest = isSingle ? text('digest') || [...wordsOf(html)].slice(0, OWN_DIGEST).join('') : '';
  const thumb_media_id = text('thumb_media_id');
  return { item: { ...made, article_type: 'news', digest, content: html, thumb_media_id } };

  function newspic(plain: string): { item: NewsItem } | { refused: Answered } {
    if ([...plain].length > limits.newspicText) return no(45166, 'invalid content');
    const info = given['image_info'] as { image_list?: { image_media_id?: unknown }[] } | undefined;
    const ids = (info?.image_list ?? []).map(({ image_media_id }) => String(image_media_id));
    const isRight = ids.length > 0 && ids.length <= limits.newspicImages;
    if (!isRight || !ids.every((id) => isPermanent(state, id))) return no(40007, 'invalid media_id');
    const image_info = { image_list: ids.map((id) => ({ image_media_id: id })) };
    const kept = { digest: '', content: wordsOf(plain), thumb_media_id: ids[0] ?? '', image_info };
    return { item: { ...made, ...kept, article_type: 'newspic' } };
  }
}

/** Chinese that comes as `\u4e2d` is counted letter by letter, and the whole call is refused. */
export function isEscaped(body: string): boolean {
  return /\\u[4-9][0-9a-f]{3}/i.test(body);
}

function isPermanent(state: WechatState, mediaId: string): boolean {
  const found = state.materials.get(mediaId);
  return found !== undefined && found.permanent && (found.kind === 'image' || found.kind === 'thumb');
}

const isFlag = (value: unknown): value is 0 | 1 => value === 0 || value === 1;
