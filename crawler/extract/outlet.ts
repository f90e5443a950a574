import type { Element } from 'domhandler';
import type { Page, Range } from './page.ts';
import { findDate } from './dates.ts';
import { isText, squeeze, walk } from './dom.ts';
import { bare, type Title } from './title.ts';

// Endings and words that only institutions bear. A name without one may be a person's and is not taken.
const INSTITUTION =
  /(?:网|網|报|報|报社|社|台|電台|视|視|新闻|新聞|检察院|檢察院|检察|法院|公安|派出所|局|厅|廳|部|委|委员会|政府|办公室|办|院|中心|频道|頻道|客户端|杂志|雜誌|周刊|週刊|月刊|广播|廣播|在线|在線|線上|线上|发布|日讯|公司|集团|集團|大学|大學|协会|協會|学会|联合会|基金会|时报|時報|观察|观点|财经|財經|娱乐|科技|体育|门户|论坛|公众号|论坛报|半月谈|求是|人民|新华|腾讯|新浪|搜狐|网易|凤凰|澎湃|央视|中新|法制|法治|News|Times|Post|Press|Reuters|Media|TV|Daily|Journal|Network|Online|Agency|AFP|\.com|\.cn|\.net|\.org)(?:[)）】\]》]|内部版|海外版|讯|訊|综合|綜合|版)?$/i;
const PERSON = /记者|記者|作者|编辑|編輯|责编|校对|审核|通讯员|網友|网友|博主|撰文|摄影/;
const LABEL = /(?:来源|來源|稿源|出处|出處|信息来源|文章来源|新闻来源|Source)\s?[:：]\s?(.{1,60})/i;
const END =
  /\s(?:[(（【[|])|[|｜【[]|(?:作者|记者|記者|编辑|編輯|责任|责编|责任编辑|发布|發布|时间|時間|日期|字体|字号|字號|点击|浏览|阅读|阅读量|评论|評論|我要|分享|打印|有\d|\d{4}[-年/.])/;

// Only complete dates count here, which no clock is needed for.
const ANY_TIME = Date.UTC(2100, 0, 1);

/** A found name as an institution; null when it is empty, too long or may be a person's. */
function institution(found: string): string | null {
  const name = squeeze((found.split(END)[0] ?? '').replace(/[《》“”"]/g, ''))
    .replace(/^本?文?(?:来源于|來源於|摘自)[:：]?/, '')
    .replace(/^[\s:：、,，·(（【[-]+|[\s:：、,，。·(（)）】\]-]+$/g, '');
  if (
    name.length < 3 ||
    name.length > 30 ||
    name.startsWith('@') ||
    PERSON.test(name) ||
    /[。！？]/.test(name)
  )
    return null;
  if (name.includes('>') || /^(?:https?:|www\.)/i.test(name)) return null;
  // "羊城晚报 手机看新闻": of several Chinese words only one that is an institution by itself, lest a name slip in.
  if (/^[\u3400-\u9fff]/.test(name)) return name.split(/\s/).find((word) => INSTITUTION.test(word)) ?? null;
  return INSTITUTION.test(name) ? name : null;
}

/** The pieces of text inside an element as its markup parts them. */
function pieces(element: Element): string[] {
  const found: string[] = [];
  walk(element, (node) => {
    if (found.length > 40) return null;
    if (isText(node)) found.push(node.data);
    return true;
  });
  return found;
}

/** Names on the lines between headline and text, with a label or beside the date. */
function fromLines(page: Page, main: Range, title: Title | null): string | null {
  const titleAt = title?.at ?? -1;
  const from = Math.max(0, titleAt === -1 ? main.from - 6 : titleAt - 3);
  const near = page.blocks.slice(from, Math.min(main.from + 3, page.blocks.length));
  const end = page.blocks.slice(Math.max(main.from, main.to - 3), main.to + 3);
  for (const block of [...near, ...end]) {
    const labelled = block.size < 120 ? LABEL.exec(block.text)?.[1] : undefined;
    const name = labelled === undefined ? null : institution(labelled);
    if (name) return name;
  }
  for (const block of near) {
    if (block.size > 40 || block.points > 0 || findDate(block.text, ANY_TIME)?.complete !== true) continue;
    // Piece by piece: author and institution often stand side by side without so much as a space.
    for (const piece of pieces(block.holder)) {
      if (title && bare(title.text).includes(bare(piece))) continue;
      const text = piece.normalize('NFKC').replace(/\s+/g, ' ').trim();
      const date = findDate(text, ANY_TIME);
      const name = date
        ? (institution(text.slice(date.index + date.length)) ?? institution(text.slice(0, date.index)))
        : institution(text);
      if (name && name.length <= 10) return name;
    }
  }
  return null;
}

/** Where anybody publishes: the name of the platform, not of who speaks there. */
const PLATFORM = /^(?:微信公众平台|微信公众号|微博|新浪微博|百家号|头条号|搜狐号|网易号)$/;

function fromHead(page: Page): string | null {
  for (const json of page.ldJson) {
    const name = /"publisher"\s*:\s*\{[^{}]{0,400}?"name"\s*:\s*"([^"]{2,40})"/.exec(json)?.[1];
    if (name !== undefined && !PERSON.test(name)) return squeeze(name);
  }
  for (const key of [
    'og:site_name',
    'contentsource',
    'source',
    'mediaid',
    'publisher',
    'sitename',
    'application-name',
    'dc.publisher',
  ]) {
    const value = page.metas.get(key);
    // The site's own name needs no proof; a free "source" does.
    const name =
      value === undefined
        ? null
        : key === 'og:site_name' || key === 'sitename'
          ? value.replace(/^@.*/, '')
          : institution(value);
    if (name && name.length <= 40 && !PERSON.test(name) && !PLATFORM.test(name)) return name;
  }
  return null;
}

function fromSite(page: Page, title: string): string | null {
  const last = page.headTitle.split(/[-_|｜—–]/).at(-1) ?? '';
  // The last part of a headline with a dash in it is no site.
  const suffix = title.includes(last.trim()) || last.length > 14 ? null : institution(last);
  if (suffix) return suffix;
  for (const block of page.blocks.slice(-25)) {
    const owner =
      /(?:主办(?:单位)?|版权(?:所有)?|版權所有|copyright|©)\s?[:：©]?\s?(?:\d{4}(?:-\d{4})?)?\s?([^\s|,，。]{2,30})/i.exec(
        block.text,
      )?.[1];
    const name = owner === undefined ? null : institution(owner);
    if (name) return name;
  }
  return null;
}

/**
 * The institution that published the page, as the page names it: the source line, then the head, then title suffix and
 * copyright. Null when none is named. Never a person: a name that bears no institution's ending is left out.
 */
export function outletOf(page: Page, main: Range, title: Title | null): string | null {
  return fromLines(page, main, title) ?? fromHead(page) ?? fromSite(page, title?.text ?? '');
}
