import type { Document, Element } from 'domhandler';
import { attribute, isElement, isText, textOf, walk } from './dom.ts';
import { baseOf, linkTarget, siteOf } from './link-targets.ts';
import { numberInSeries } from './page-series.ts';

/** Pages that continue the one they were found on. */
export type FurtherPages = {
  /** The next parts of the text, of the thread or of the comments under it. */
  next: string[];
  /** Where all comments are shown, when that is a page of its own. */
  comments: string | null;
};

/** Longer ones are made to trap programs. */
const LONGEST_ADDRESS = 2_000;
const NEXT =
  /^[\s[(（【]*(?:下[一1]?[页頁]|后一页|後一頁|next(?: page)?|older(?: (?:posts|comments))?|›|»|>|>>|→|余下全文|阅读剩余.{0,6})[\s\])）】›»>→]*$/iu;
const ALL_COMMENTS =
  /^[\s[(（【]*(?:(?:点击)?(?:查看|浏览|展开|阅读)?(?:全部|所有|更多|完整)(?:的)?[\d\s条个(（)）]*(?:网友)?(?:评论|評論|跟[贴帖]|回复|留言)|(?:查看|共有?)[\d\s]*条?(?:网友)?(?:评论|評論|跟[贴帖]|留言)|view all comments|all comments)/iu;
/** `createPageHTML(6, 0, "t20261122_1", "html")`: how the sites of many offices write their pagers. */
const PAGER_SCRIPT =
  /createPageHTML\w{0,12}\(\s*["']?(\d{1,5})["']?\s*,\s*["']?(\d{1,5})["']?\s*,\s*["']([\w./-]{1,120})["']\s*,\s*["'](\w{1,8})["']/u;

/**
 * The pages that continue this one: its next part, the next page of its thread or of its comments, and the page of all
 * comments. The next article (下一篇) is none of them, also where a pager calls it the next page.
 * @param first address of the first page of the whole
 * @param number which page this one is, from 1
 */
export function furtherPages(root: Document, url: string, first: string, number: number): FurtherPages {
  const start = URL.parse(first);
  const here = URL.parse(url);
  const found: FurtherPages = { next: [], comments: null };
  if (start === null || here === null) return found;
  // Most pages have no pager: what is dear, addresses above all, is worked out when something looks like one.
  let base: string | null = null;
  const targetOf = (link: Element) => linkTarget(link, (base ??= baseOf(root, url)));
  const current = numberInSeries(here, start) ?? Number.NEGATIVE_INFINITY;
  const isNext = (target: URL) => {
    const at = numberInSeries(target, start);
    return at !== null && at > current && target.href !== here.href;
  };
  const add = (target: URL) => {
    if (!found.next.includes(target.href)) found.next.push(target.href);
  };
  const numbered: URL[] = [];
  walk(root, (node) => {
    if (!isElement(node)) return;
    if (node.name === 'script') {
      const target = ofScript(node, here, (base ??= baseOf(root, url)));
      if (target !== null && isNext(target)) add(target);
      return false;
    }
    if (node.name !== 'a' && node.name !== 'link') return;
    if (/(?:^|\s)next(?:\s|$)/iu.test(node.attribs['rel'] ?? '')) {
      const target = targetOf(node);
      if (target !== null && isNext(target)) add(target);
      return;
    }
    if (node.name === 'link') return;
    const text = textOf(node, 40) || attribute(node, 'title');
    const kind = kindOf(text);
    if (kind === null || (kind === 'comments' && found.comments !== null)) return;
    const target = targetOf(node);
    if (target === null || target.href.length > LONGEST_ADDRESS) return;
    if (kind === 'next') {
      if (isNext(target)) add(target);
    } else if (kind === 'number') {
      if (Number(text.replace(/\D/gu, '')) === number + 1 && isNext(target)) numbered.push(target);
    } else if (isElsewhere(target, here)) {
      found.comments = target.href;
    }
    return;
  });
  // Each series has its own pager: what "next" names, the numbers beside it name too.
  if (found.next.length === 0) for (const target of numbered) add(target);
  return found;
}

/** What a link's text calls the page behind it. */
function kindOf(text: string): 'next' | 'number' | 'comments' | null {
  if (NEXT.test(text)) return 'next';
  if (/^[[(（]?\d{1,4}[\])）]?$/u.test(text)) return 'number';
  return ALL_COMMENTS.test(text) ? 'comments' : null;
}

const isElsewhere = (target: URL, here: URL): boolean =>
  siteOf(target.hostname) === siteOf(here.hostname) &&
  (target.pathname !== here.pathname || target.search !== here.search);

/** The next page by a pager's script, which counts from nought and has no number in the first address. */
export function ofScript(script: Element, here: URL, base: string): URL | null {
  const [text] = script.children;
  const call = isText(text) && text.data.length < 20_000 ? PAGER_SCRIPT.exec(text.data) : null;
  if (call === null) return null;
  const [, count, , name, extension] = call;
  // A page made for every number alike may state the first one: the address knows better.
  const own = /_(\d{1,5})\.\w+$/u.exec(here.pathname)?.[1];
  const isFirst = own === undefined || !here.pathname.includes(`${String(name)}_${own}.`);
  const next = (isFirst ? 0 : Number(own)) + 1;
  return next < Number(count) ? URL.parse(`${String(name)}_${next}.${String(extension)}`, base) : null;
}
