import type { Element } from 'domhandler';

// Words in class names and ids, after splitting at every border between words.
const NOISE_WORDS =
  /^(?:comments?|commentlist|pinglun|reply|replies|disqus|share|sharing|social|bdshare\w*|bshare\w*|jiathis\w*|related|relate|relevant|recommend\w*|more|sidebar|side|rightbar|leftbar|footer|foot|bottom|nav|navi|navigation|menu|submenu|breadcrumbs?|crumbs?|copyright|ads?|adv|advert\w*|sponsor\w*|promo\w*|newsletter|subscri\w*|tags?|keywords?|page|pager|pages|paging|pagination|login|register|hot|hots|rank\w*|top10|toplist|tools?|toolbar|widget|author|byline|bio|trending|popular|outbrain|taboola|cookie\w*|consent|modal|popup|skip|caption|credit|print|editor|zebian|vote|survey|qrcode|weixin|app|download|search|banner|topbar|header|head)$/;
const NOISE_TAGS = new Set(['nav', 'aside', 'footer', 'figcaption', 'header']);

/** True when the tag or the names an author gave an element say that it is not the main text. */
export function namedNoise(element: Element): boolean {
  if (NOISE_TAGS.has(element.name)) return true;
  if (
    element.name === 'body' ||
    element.name === 'html' ||
    element.name === 'article' ||
    element.name === 'main'
  )
    return false;
  const names = `${element.attribs['class'] ?? ''} ${element.attribs['id'] ?? ''}`;
  if (names === ' ') return false;
  return names
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((word) => NOISE_WORDS.test(word));
}

const CHROME =
  /^[\s\p{P}\p{S}]{0,6}(?:我要评论|我要評論|发表评论|发表評論|分享到?|分享至|转发|收藏|打印|列印|字号|字體|字体|大 ?中 ?小|繁体|关闭|上一篇|下一篇|上一页|下一页|返回|顶部|更多|举报|点赞|責任編輯|责任编辑|责编|相关(?:新闻|阅读|报道|链接|专题|文章)|相關(?:新聞|閱讀|報導|連結|文章)|延伸閱讀|延伸阅读|热点(?:新闻|推荐)|推荐阅读|版权(?:所有|声明)|copyright|all rights reserved|advertisement|share this|read more|related)/iu;

/** True for a line that belongs to the page's machinery wherever it stands. */
export function isChrome(text: string): boolean {
  return text.length < 60 && CHROME.test(text);
}

const SOURCE_LINE = /(?:来源|來源|出处|稿源|source)\s?[:：]|\d{4}\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}/i;

/** True for a line before the text proper: the title again, the line of date and source. */
export function isLeadLine(text: string, title: string | null): boolean {
  if (title !== null && (text === title || (text.length > 6 && title.includes(text)))) return true;
  return text.length < 80 && SOURCE_LINE.test(text) && !/[。！？]/.test(text);
}

const CLOSING =
  /^[(（【[]?\s?(?:责任编辑|責任編輯|责编|编辑|編輯|审核|校对|来源|來源|作者|记者|原标题|标签|关键词|tags?)\s?[:：]/i;

/** True for a line after the text proper: editors, tags, sources. */
export function isClosingLine(text: string): boolean {
  return text.length < 60 && CLOSING.test(text);
}
