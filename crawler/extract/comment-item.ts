import type { Element } from 'domhandler';
import { addNames, anonymous, isProfileLine } from './anonymous.ts';
import { findDate, readDate } from './dates.ts';
import { attribute, BLOCK, isElement, isText, SILENT, squeeze, textOf, walk } from './dom.ts';
import type { ExtractedComment } from './types.ts';

const AUTHOR =
  /(?:^|[^a-z])(?:author|authi|user|username|uname|userinfo|nick|nickname|name|avatar|uid|poster|member|vcard|fn|byline|handle|profile|account|signature|sign|ip|location|address|region|level|medal|yonghu|zuozhe)(?:[^a-z]|$)|user-?name|nick-?name|author/i;
const TIME =
  /(?:^|[^a-z])(?:time|date|datetime|timestamp|timeago|pubtime|posted|ctime|created|when)(?:[^a-z]|$)/i;
const BUTTON =
  /(?:^|[^a-z])(?:action|actions|toolbar|tools?|btn|button|op|ops|opt|operate|handle|digg|like|likes|zan|praise|vote|votes|up|agree|support|footer|report|share)(?:[^a-z]|$)/i;
const LIKE =
  /(?:^|[^a-z])(?:digg|like|likes|zan|praise|votes?|up|agree|support|ding|good|thumb)(?:[^a-z]|$)/i;
const LIKE_TEXT =
  /(?:赞|讚|顶|頂|支持|点赞|有用|likes?|👍)\s?[(（[:：]?\s?(\d{1,9})|(\d{1,9})\s?(?:个|人)?(?:赞|讚|点赞|支持|likes?)/i;
const BODY =
  /(?:^|[^a-z])(?:content|text|txt|body|message|msg|comment-?text|comment-?content|postbody|postmessage|t_f|words)(?:[^a-z]|$)/i;
const PROFILE =
  /\/(?:u|user|users|people|member|space|home|profile|author|uid|n)[/-]|[?&](?:uid|user_?id|mid|u)=|space-uid|weibo\.com\/(?:u\/)?\d|^\/@|\/@\w|javascript:/i;
/** One button or mark at the place where the search stands. */
const CHROME_WORD =
  /[\s\p{P}\p{S}]+|\d+|\p{L}\d+$|回复|回覆|回應|举报|檢舉|支持|反对|赞|顶|踩|点赞|分享|引用|转发|收藏|楼主|只看该作者|沙发|板凳|地板|第?\s?\d+\s?[楼樓层層#]|[来來]自[^\s|·，。]{0,12}|发表于|發表於|发布于|展开|收起|全文|查看[^\s|·，。]{0,8}|更多|reply|report|like|share|quote|(?:IP属地|积分|等级|帖子|精华|威望|注册|粉丝|主题|在线|级别)\s?[:：]?\s?[^\s|·，。！？]{0,10}/iuy;

/** Whether a line is nothing but buttons and marks. Word by word: as one pattern it would try every way to part them. */
export function isChromeLine(line: string): boolean {
  CHROME_WORD.lastIndex = 0;
  while (CHROME_WORD.lastIndex < line.length) if (!CHROME_WORD.test(line)) return false;
  return true;
}

/** A line and how many elements named as a comment's body it lies in. */
type Line = { text: string; depth: number };

/** The parts of one item: its own words, the names of who wrote, the time and the likes. */
type Parts = { lines: Line[]; names: Set<string>; publishedAt: number | null; likes: number | null };

const namesOf = (element: Element): string =>
  `${element.attribs['class'] ?? ''} ${element.attribs['id'] ?? ''}`;

function collect(item: Element, items: ReadonlyMap<Element, unknown>, now: number): Parts {
  const parts: Parts = { lines: [], names: new Set(), publishedAt: null, likes: null };
  let buffer = '';
  let bodies = 0;
  const inBody: Element[] = [];
  const flush = (): void => {
    const text = squeeze(buffer);
    if (text !== '') parts.lines.push({ text, depth: bodies });
    buffer = '';
  };
  walk(
    item,
    (node) => {
      if (isText(node)) {
        buffer += node.data;
        return true;
      }
      if (!isElement(node)) return true;
      if (items.has(node) || SILENT.has(node.name)) return false;
      const label = namesOf(node);
      const small = textOf(node, 80).length < 60;
      if (node.name === 'time' || (small && TIME.test(label) && bodies === 0)) {
        const at = ['datetime', 'data-time', 'data-timestamp', 'title']
          .map((key) => readDate(attribute(node, key), now))
          .find((one) => one !== null);
        const seen = at ?? readDate(textOf(node, 80), now);
        if (seen !== null) {
          parts.publishedAt ??= seen;
          // "网友 2026-11-03" in one element: what is left of it is the name.
          flush();
          return false;
        }
      }
      if (small && LIKE.test(label)) {
        const digits = /\d{1,9}/.exec(textOf(node, 80));
        if (digits) parts.likes ??= Number(digits[0]);
      }
      const isProfile = node.name === 'a' && PROFILE.test(attribute(node, 'href'));
      if (bodies === 0 && small && (AUTHOR.test(label) || isProfile)) {
        if (!readDated(node, now, parts)) addNames(parts.names, textOf(node, 80));
        return false;
      }
      // A mention inside the words names somebody else: out with it as well.
      if (isProfile && bodies > 0) {
        addNames(parts.names, textOf(node, 80));
        return false;
      }
      if (bodies === 0 && small && BUTTON.test(label)) return false;
      if (node.name === 'br' || BLOCK.has(node.name)) flush();
      if (BODY.test(label) && !AUTHOR.test(label)) {
        flush();
        bodies++;
        inBody.push(node);
      }
      return true;
    },
    (node) => {
      if (!isElement(node)) return;
      if (BLOCK.has(node.name)) flush();
      if (inBody.at(-1) === node) {
        flush();
        inBody.pop();
        bodies--;
      }
    },
  );
  flush();
  return parts;
}

/** An element named after its author may hold the time too; answers true when it holds a time. */
function readDated(element: Element, now: number, parts: Parts): boolean {
  const line = textOf(element).normalize('NFKC');
  const date = isProfileLine(line) ? null : findDate(line, now);
  if (date === null) return false;
  parts.publishedAt ??= date.at;
  addNames(parts.names, line.slice(0, date.index));
  return true;
}

/** One comment out of its element; `items` are the other comments, which may be nested in it. Null when it has no words. */
export function readComment(
  item: Element,
  items: ReadonlyMap<Element, unknown>,
  now: number,
): ExtractedComment | null {
  const parts = collect(item, items, now);
  const words: Line[] = [];
  const buttons: Line[] = [];
  let dateAt = -1;
  // Wrappers are named like bodies too: the innermost one holds the words.
  const innermost = parts.lines.reduce((deepest, line) => Math.max(deepest, line.depth), 0);
  const isBody = (line: Line): boolean => innermost > 0 && line.depth === innermost;
  for (const line of parts.lines) {
    if (isProfileLine(line.text) && !isBody(line)) continue;
    const likes = LIKE_TEXT.exec(line.text);
    if (likes && line.text.length < 40) parts.likes ??= Number(likes[1] ?? likes[2]);
    const date = line.text.length < 60 && !isBody(line) ? findDate(line.text, now) : null;
    if (date !== null) {
      parts.publishedAt ??= date.at;
      // "网友 11-20 08:05": what is left of the line is the name.
      addNames(parts.names, line.text.normalize('NFKC').slice(0, date.index));
      if (dateAt === -1) dateAt = words.length;
      continue;
    }
    if (!isChromeLine(line.text)) words.push(line);
    else if (isBody(line)) buttons.push(line);
  }
  const worded = words.filter(isBody);
  // "支持" is a button, unless it is all that somebody said.
  const bodies = worded.length === 0 && buttons.length === 1 ? buttons : worded;
  let kept = bodies;
  if (bodies.length === 0) {
    // Without a named body: the first short line, or all short lines before the time, name the writer.
    const isName = (line: Line): boolean => line.text.length <= 20 && !/[，。！？,!?…]/.test(line.text);
    // A lone short line is sooner a name than a comment: losing a "好" is the smaller harm.
    const lone = words.length === 1 && parts.names.size === 0;
    const beforeTime = dateAt > 0 && words.length > dateAt;
    const lead = lone ? 1 : beforeTime ? dateAt : words.length > 1 && parts.names.size === 0 ? 1 : 0;
    kept = words.filter((line, i) => i >= lead || !isName(line));
    for (const line of words.slice(0, lead)) if (isName(line)) addNames(parts.names, line.text);
  }
  const text = kept
    .map((line) => anonymous(line.text, parts.names))
    .filter((line) => line !== '')
    .join('\n');
  return text === '' ? null : { text, publishedAt: parts.publishedAt, likes: parts.likes };
}
