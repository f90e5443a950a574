import type { Element } from 'domhandler';

// Words in class names and ids, after splitting at every border between words.
const NOISE_WORDS =
  /^(?:comments?|cmts?|commentlist|comment(?:form|box|area|respond)|respond|pinglun|reply|replies|disqus|share|sharing|sharebar|social|bdshare\w*|bshare\w*|jiathis\w*|related|relate|relatedposts?|relevant|recommend\w*|sidebar|rightbar|leftbar|sideright|footer|foot|ft|pagebottom|nav|navi|navigation|menu|submenu|breadcrumbs?|crumbs?|copyright|ads?|adv|advert\w*|sponsor\w*|promo\w*|newsletters?|subscri\w*|signup|tags|keywords|pager|paging|pagination|login|register|rank\w*|top10|toplist|toolbar|tools|widgets?|author|byline|bio|trending|popular|outbrain|taboola|cookies?|consent|privacy|legal|disclaimer|modal|dialog|popup|popover|tips|caption|credit|zebian|survey|qrcode|topbar|banner|header|weather|notice|postform|postbox|truncated|mostread|youmaylike|infobox)$/;
const NOISE_TAGS = new Set(['nav', 'aside', 'footer', 'figcaption', 'header', 'form', 'dialog']);

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
    .some(
      (word, i, words) =>
        NOISE_WORDS.test(word) && !(word === 'social' && words.includes('embed')) && words[i - 1] !== 'with',
    );
}

const COMMENTS =
  /(?:^|[^a-z])(?:comments|commentlist|comment-?(?:list|area|box|wrap)|pinglun|gentie|cmt-?list|replies)(?:[^a-z]|$)/i;
const COMMENTER =
  /(?:^|[^a-z])(?:user|username|uname|nick|nickname|avatar|commenter|comment-?author|poster|uid|yonghu)(?:[^a-z]|$)/i;
/** So many elements of a section are looked at for somebody who comments. */
const LOOKED_AT = 60;

/** True for a list of comments that shows who wrote them: nothing of it is the main text, however long the comments are. */
export function isCommentSection(element: Element): boolean {
  const names = (each: Element) => `${each.attribs['class'] ?? ''} ${each.attribs['id'] ?? ''}`;
  if (!COMMENTS.test(names(element))) return false;
  const ahead = [...element.children];
  for (let seen = 0; ahead.length > 0 && seen < LOOKED_AT; seen += 1) {
    const node = ahead.shift();
    if (node?.type !== 'tag') continue;
    if (COMMENTER.test(names(node))) return true;
    ahead.push(...node.children);
  }
  return false;
}

const CHROME =
  /^[\s\p{P}\p{S}]{0,6}(?:\d+\s?人参与|已有[帐账]号|本篇新闻热门|字[级級][设設]定|image \d+ of \d+|back to gallery|我要评论|我要評論|我来说两句|发表评论|發表評論|网友评论|網友評論|查看评论|登[录入錄]|昵称|同步到|分享到?|分享至|分享給|转发|转播到|收藏|打印|列印|友善列印|字号|字號|字體|字体|大 ?中 ?小|繁体|关闭|關閉|上一[篇页頁]|下一[篇页頁]|返回|回到?顶部|顶部|更多|举报|点赞|點擊|点击(?:进入|查看|图片|此处|阅读)|責任編輯|责任编辑|责编|(?:相关|相關|更多|精彩|热门|熱門|最新)(?:新闻|新聞|阅读|閱讀|报道|報導|链接|連結|专题|專題|文章|推荐|推薦|图片|圖片|评论|内容|主题|搜索)|延伸閱讀|延伸阅读|推荐阅读|编辑推荐|热点|今日推荐|本周热点|猜你喜欢|扫一扫|扫码|关注我们|跟贴|跟帖|免责|免責|特别声明|声明[:：]|版权(?:所有|声明|与)|版權|copyright|©|all rights reserved|advert(?:isement)?$|comments$|tell us what|share this|read more|related (?:articles|stories|posts|topics)|follow us|sign up|subscribe|click here|newsletter|see also|watch:|more from|recommended|have a tip|most (?:read|popular))/iu;
const NOTICE =
  /^[^。]{0,4}免[责責][声聲]明|本文所[载載]资料|(?:facebook|臉書|脸书).{0,6}(?:專頁|专页|粉絲)|^\W{0,3}(?:see more|don['’]t miss|read (?:more|also|next)|also read|explore further|citation)\b|subject to copyright|\((?:image|photo|picture|pic|credit|source)s?:? [^)]{2,40}\)$|未经(?:书面)?授权|未經授權|禁止转载|不得转载|請勿轉載|转载(?:请注明|自其他|目的)|轉載(?:稿|請註)|并不(?:代表|表明|意味)|並不代表|不代表本[网網站]|凡(?:本网|本網|注明|註明)|(?:文责|文責)自[负負]|本网站所刊|版权均?属|版權均?屬|法律责任。?$|违法和不良信息|ICP[备证]|all rights reserved|may not be (?:published|reproduced)|(?:get|sign up|subscribe).{0,40}(?:inbox|newsletter)|uses cookies|(?:getty images|AP photo|shutterstock)\W{0,2}$|粉[丝絲][团團]|follow (?:us|him|her|me) on|can be reached at|may be reached at|contributed to this (?:report|story)/iu;

const STOP =
  /^[\s\p{P}\p{S}]{0,4}(?:(?:相关|相關|更多|热门|最新|延伸|推荐|推薦)(?:新闻|新聞|阅读|閱讀|报道|報導|链接|連結|专题|文章|推荐)|网友评论|網友評論|猜你喜欢|.{0,8}(?:版权|版權|免[责責]).{0,2}(?:免[责責]|[声聲]明)|要了解更多|more (?:great|from|on|news|stories|in)\b|related\b|recommended\b|you (?:may|might) (?:also )?(?:like|enjoy)|most (?:read|popular)\b|read more\b|(?:leave|post) a (?:comment|reply)|about the author)/iu;

/** True for a short line after which, once most of the text has gone by, only other pages are announced. */
export function isStop(text: string): boolean {
  return text.length < 40 && STOP.test(text);
}

/** True for a line that belongs to the page's machinery wherever it stands. */
export function isChrome(text: string): boolean {
  return (text.length < 60 && CHROME.test(text)) || (text.length < 240 && NOTICE.test(text));
}

const SOURCE_LINE =
  /(?:来源|來源|出处|稿源|source)\s?[:：]|\d{4}\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d/i;

/** True for a line before the text proper that tells date or source. */
export function isSourceLine(text: string): boolean {
  return text.length < 80 && SOURCE_LINE.test(text) && !/[。！？]|[a-z]{3}\.$/.test(text);
}

/** True for a line before the text proper: the title again, the line of date and source. */
export function isLeadLine(text: string, title: string | null): boolean {
  if (title !== null && (text === title || (text.length > 6 && title.includes(text)))) return true;
  return isSourceLine(text) || isByline(text);
}

const BYLINE =
  /^[\s\p{P}\p{S}]{0,2}(?:(?:本[报報网網刊台]|特约|實習|实习|駐.{2,6}|驻.{2,6}|文|图|圖|圖文|图文|攝影|摄影|撰文)[/／:：]?\s?){0,2}(?:记者|記者|通讯员|通訊員|作者|撰文|文[/／]|攝影[/／:：])[^，。！？]{1,24}$|^[\p{Script=Han}、 ]{2,12}[/／].{2,8}(?:报道|報導|报导|電|电|攝影|摄影)[\s\p{P}]{0,2}$|^by\s[^.!?]{3,40}$/iu;

/** True for a line that is nothing but the name of who wrote or photographed. */
export function isByline(text: string): boolean {
  return text.length < 40 && BYLINE.test(text);
}

const CREDIT =
  /[（(【[][^（()）【】[\]]{0,12}(?:记者|記者|通讯员|通訊員|实习生|摄影|攝影)(?!注|按|问|問|从|從|获悉|了解)[^（()）【】[\]]{0,30}[）)】\]]|[（(]\s?[\p{Script=Han}·]{2,4}\s?[摄攝]\s?[)）]/gu;

/** A line without the names of who wrote or photographed, where these stand in brackets in its midst. */
export function withoutCredits(text: string): string {
  return text.includes('记者') || /記者|通[讯訊][员員]|实习生|[摄攝]/.test(text)
    ? text.replace(CREDIT, '').trim()
    : text;
}

const CLOSING =
  /^[(（【[]?\s?(?:责任编辑|責任編輯|发布时间|發布時間|实习编辑|责编|编辑|編輯|文字编辑|审核|校对|来源|來源|作者|记者|記者|原标题|标签|标簽|关键词|關鍵[詞字]|本文引用地址|資料來源|资料来源|tags?)\s?[:：]|^(?:tags?|topics?|back to gallery|close|caption)$/iu;

const EDITOR_MARK =
  /^[(（【[].{0,14}(?:编辑|編輯|责编|校对|来源|來源|编译|撰稿|文[/／]|文图)[^)）】\]]{0,20}[)）】\]]$/;

// A bare date at the end signs an official notice and stays; with a clock or in a page's English it is the page's.
const CLOSING_DATE =
  /^[^。！？]{0,20}\d{4}.{1,8}\d{1,2}.{1,4}\d{1,2}:\d{2}|^(?:first |last )?(?:published|updated|posted)\b/i;

/** True for a line after the text proper: editors, tags, sources. */
export function isClosingLine(text: string): boolean {
  return (
    text.length < 60 &&
    (CLOSING.test(text) || EDITOR_MARK.test(text) || isByline(text) || CLOSING_DATE.test(text))
  );
}
