import type { Page, Range } from './page.ts';
import { shanghaiParts } from './calendar.ts';
import { findDate } from './dates.ts';
import { isElement, isText, walk } from './dom.ts';

type Candidate = { at: number; hasTime: boolean; points: number };

const META_NAMES = [
  'article:published_time',
  'og:article:published_time',
  'og:published_time',
  'og:release_date',
  'bytedance:published_time',
  'datepublished',
  'publishdate',
  'pubdate',
  'publish-date',
  'publish_time',
  'publishtime',
  'publication_date',
  'dc.date.issued',
  'dcterms.issued',
  'dcterms.created',
  'sailthru.date',
  'parsely-pub-date',
  'cxenseparse:recs:publishtime',
  'weibo:article:create_at',
  'weibo: article:create_at',
  'firstpublishedtime',
  'og:time',
  'dc.date',
  'date',
  'article.published',
];
const LABEL =
  /(?:发布|發布|發佈|发表|發表|时间|時間|日期|来源|來源|出处|更新|稿源|published|posted|updated)/i;
// Below SURE a date in the address is the better witness, below LEAST a date in sight is no witness at all.
const SURE = 20;
const LEAST = 8;
const DAY = 86_400_000;
// Where a date in prose would be mistaken for the page's own.
const LONGEST_DATE_LINE = 90;

function consider(list: Candidate[], text: string, now: number, points: number): void {
  const found = findDate(text, now);
  // A clock may run ahead by a day; a later date is an event's, not the page's.
  if (found === null || found.at > now + DAY) return;
  list.push({ at: found.at, hasTime: found.hasTime, points: points + (found.hasTime ? 6 : 0) });
}

const publishedIn = (json: string): string | undefined =>
  /"(?:datePublished|pubDate|upDate)"\s*:\s*"([^"]{4,40})"/.exec(json)?.[1];

function fromData(page: Page, now: number): Candidate[] {
  const list: Candidate[] = [];
  META_NAMES.forEach((name, i) => consider(list, page.metas.get(name) ?? '', now, 100 - i * 0.1));
  for (const json of page.ldJson) {
    const value = publishedIn(json);
    if (value !== undefined) consider(list, value, now, 101);
  }
  for (const time of page.times) if (time.published) consider(list, time.value, now, 90);
  return list;
}

/** Dates that a reader sees, judged by their place relative to headline and text. */
function visible(page: Page, main: Range, titleAt: number, now: number): Candidate[] {
  const list: Candidate[] = [];
  const top = titleAt === -1 ? Math.max(0, main.from - 8) : titleAt;
  const nearness = (at: number): number => {
    if (at >= top && at <= main.from + 2) return 50 - Math.min(Math.abs(at - top), 20);
    if (at < top) return 34 - Math.min((top - at) * 1.5, 30);
    if (at >= main.to - 1) return 22 - Math.min(at - main.to, 20);
    return 4;
  };
  for (const time of page.times) consider(list, time.value, now, nearness(time.at) + 10);
  const last = Math.min(page.blocks.length, main.to + 12);
  for (let at = Math.max(0, top - 25); at < last; at++) {
    // The inside of the text tells of events; only its first and last lines speak of the page.
    if (at > main.from + 3 && at < main.to - 3) continue;
    const block = page.blocks[at];
    if (!block || !/\d/.test(block.text)) continue;
    const label = LABEL.test(block.text);
    const found = findDate(block.text, now);
    if (found === null || (block.size > LONGEST_DATE_LINE && found.index > 40)) continue;
    // "今天表示", "1月9日电": prose, unless the line is little else than the date.
    if (!found.complete && (found.hasTime ? block.size > 60 : block.text.length > found.length + 6)) continue;
    if (/^今[日天]$/.test(block.text.slice(found.index, found.index + found.length))) continue;
    if (block.linkSize > block.size * 0.7) continue;
    let points = nearness(at) + (label ? 10 : 0) - (block.points > 2 ? 12 : 0) - (found.index > 30 ? 8 : 0);
    // A page header shows today's date with the weekday and without a time.
    if (at < top && !found.hasTime && /星期|周[一二三四五六日]|農曆|农历/.test(block.text)) points -= 30;
    if (block.size > LONGEST_DATE_LINE) points -= 10;
    consider(list, block.text, now, points);
  }
  return list;
}

/** A date in the path: /2026/11/22/, /2026-11/22/, /20261122/, t20261122_. The last resort. */
function fromPath(url: string, now: number): number | null {
  const path = URL.parse(url)?.pathname ?? '';
  const match =
    /(?<!\d)((?:19|20)\d{2})[-/_]?(\d{2})[-/_]?(\d{2})(?!\d)/.exec(path) ??
    /(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})\d*/.exec(path);
  const found = match ? findDate(`${match[1]}-${match[2]}-${match[3]}`, now) : null;
  return found === null || found.at > now + DAY ? null : found.at;
}

const SCRIPT_TIME =
  /\b(?:createTime|publish_?time|publish_?date|pub_?date|pub_?time|release_?time)["']?\s{0,3}[:=]\s{0,3}["']?([\d][\d\sT:.+Z/-]{7,30})/i;
const LONGEST_SCRIPT = 200_000;

/** A time that a script writes into the page: where no other is to be seen, as on pages of public accounts. */
function fromScripts(page: Page, now: number): number | null {
  let at: number | null = null;
  walk(page.root, (node) => {
    if (at !== null) return null;
    const inner = isElement(node) && node.name === 'script' ? node.children[0] : undefined;
    const told = isText(inner) ? SCRIPT_TIME.exec(inner.data.slice(0, LONGEST_SCRIPT))?.[1] : undefined;
    const found = told === undefined ? null : findDate(told, now);
    if (found !== null && found.at <= now + DAY) at = found.at;
    return true;
  });
  return at;
}

/**
 * Where a page tells a time that was read from it, for people who ask why: a meta element by its name, `json-ld`, `time`,
 * the `address`, a `script`, or the `text` that a reader sees.
 */
export function toldBy(page: Page, at: number, now: number): string {
  const tells = (text: string) => findDate(text, now)?.at === at;
  const name = META_NAMES.find((each) => tells(page.metas.get(each) ?? ''));
  if (name !== undefined) return `meta ${name}`;
  if (page.ldJson.some((json) => tells(publishedIn(json) ?? ''))) return 'json-ld';
  if (page.times.some((time) => tells(time.value))) return 'time';
  if (page.blocks.some((block) => tells(block.text))) return 'text';
  if (fromPath(page.url, now) === at) return 'address';
  return fromScripts(page, now) === at ? 'script' : 'text';
}

/**
 * When the page was published, Unix ms UTC; null when it does not say. Machine-readable statements first, then dates in
 * sight near headline and text, then the address, then scripts. Of two that name the same day the one with an hour wins.
 */
export function publishedAt(page: Page, main: Range, titleAt: number, now: number): number | null {
  const list = [...fromData(page, now), ...visible(page, main, titleAt, now)];
  const best = list.reduce<Candidate | null>((a, b) => (a === null || b.points > a.points ? b : a), null);
  if (best === null || best.points < SURE)
    return (
      fromPath(page.url, now) ?? fromScripts(page, now) ?? (best && best.points >= LEAST ? best.at : null)
    );
  if (best.hasTime) return best.at;
  const sameDay = (at: number): boolean => {
    const [a, b] = [shanghaiParts(at), shanghaiParts(best.at)];
    return a.year === b.year && a.month === b.month && a.day === b.day;
  };
  return list.find((other) => other.hasTime && other.points > 20 && sameDay(other.at))?.at ?? best.at;
}
