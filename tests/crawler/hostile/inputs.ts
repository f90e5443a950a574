import fc from 'fast-check';
import iconv from 'iconv-lite';

/** What a server might send. */
export type HostileInput = { bytes: Uint8Array; contentType: string | null };

const WORDS = [
  '云州市人民检察院召开新闻发布会',
  '网友 2026-11-20 08:05',
  '昨天 22:10',
  '3小时前',
  '下一页',
  '查看全部评论',
  '来源：云州日报',
  'Tue, 31 Feb 2026 25:61:61 +9999',
  '<',
  '>',
  '&',
  '&amp;',
  '&#0;',
  '&#xD800;',
  '&#x110000;',
  '&nosuch;',
  '&lol9;',
  ']]>',
  '<![CDATA[',
  '-->',
  '<!--',
  '<!',
  '</',
  '/>',
  '\0',
  '\ud800',
  '\udfff',
  '\u202e',
  '\ufeff',
  '\r\n',
  '\u3000',
  '。',
  '"',
  "'",
  '=',
  '{',
  '[',
  ']',
  '}',
  ',',
  ':',
  '\\u0000',
  '\\ud800',
  '1e999',
  '-0',
  '99999999999999999999',
];
const TAGS = [
  'div',
  'p',
  'a',
  'li',
  'ul',
  'table',
  'tr',
  'td',
  'script',
  'style',
  'title',
  'textarea',
  'plaintext',
  'svg',
  'math',
  'template',
  'form',
  'select',
  'option',
  'iframe',
  'noscript',
  'time',
  'meta',
  'link',
  'base',
  'h1',
  'article',
  'br',
  'frameset',
  'image',
  'x:y',
  '__proto__',
  'constructor',
  'p'.repeat(300),
];
const ATTRIBUTES = [
  'class="comment-item"',
  'class=nav',
  'id="comments"',
  'hidden',
  'style="display:none"',
  'href="/2026/1122/1.html"',
  'href="javascript:alert(1)"',
  'href="//[::1"',
  'href="http://a:99999/"',
  'href="?page=2"',
  'href=" "',
  'rel=next',
  'rel="canonical" href="data:,x"',
  'datetime="2026-13-45T99:99"',
  'property="og:title" content="题"',
  'property="article:published_time" content="0000-00-00"',
  '__proto__="x"',
  'constructor=y',
  'xmlns:a="b"',
  'xml:base="http://["',
  'type="application/ld+json"',
  `title="${'长'.repeat(500)}"`,
  'a b c d e=f g"h',
  '"',
  '=',
];
const TYPES = [
  null,
  '',
  'text/html',
  'text/html; charset=utf-8',
  'text/html; charset=gb2312',
  'text/html; charset="big5',
  'text/html;charset=utf-16',
  'text/html; charset=nosuch',
  'text/html; charset=utf-7',
  'application/xml; charset=iso-2022-jp',
  'application/json',
  'application/rss+xml',
  ';;;',
  'text/html; charset='.repeat(200),
];

const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 12 }));
const words = fc.array(word, { maxLength: 8 }).map((all) => all.join(''));
const contentType = fc.constantFrom(...TYPES);
const encoding = fc.constantFrom(
  'utf8',
  'gb18030',
  'big5',
  'utf16le',
  'utf16be',
  'shift_jis',
  'latin1',
  'utf7',
);
/** Mostly a few, at times thousands. */
const times = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 500 }) },
);

const text = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<HostileInput> =>
  fc
    .tuple(arbitrary, encoding, contentType)
    .map(([all, name, type]) => ({ bytes: iconv.encode(all, name), contentType: type }));

const tag = fc
  .tuple(
    fc.constantFrom(...TAGS),
    fc.array(fc.constantFrom(...ATTRIBUTES), { maxLength: 4 }),
    fc.constantFrom('', '/', '>', ' '),
  )
  .map(([name, attributes, end]) => `<${[name, ...attributes].join(' ')}${end}>`);
const piece = fc.oneof(
  tag,
  fc.constantFrom(...TAGS).map((name) => `</${name}>`),
  words,
);
const repeated = fc
  .tuple(fc.array(piece, { maxLength: 6 }), times)
  .map(([all, count]) => all.join('').repeat(count));
const html = fc.array(repeated, { minLength: 1, maxLength: 5 }).map((all) => all.join(''));

const link = fc
  .tuple(
    fc.oneof(fc.webUrl(), fc.constantFrom('', '#', '.', '?', '//', '/'), fc.string({ maxLength: 30 })),
    words,
  )
  .map(([href, label]) => `<li><a href="${href}">${label}</a><span>${label}</span></li>`);
const listPage = fc
  .tuple(fc.array(link, { maxLength: 30 }), times, words)
  .map(([links, count, rest]) => `<base href="${rest}"><ul>${links.join('').repeat(count)}</ul>${rest}`);

const FEED_TAGS = [
  'item',
  'entry',
  'title',
  'link',
  'guid',
  'id',
  'description',
  'content:encoded',
  'content',
  'summary',
  'pubDate',
  'updated',
  'dc:date',
  'channel',
  'feed',
  'rss',
  'rdf:RDF',
  'a:b',
];
const feedPiece = fc
  .tuple(
    fc.constantFrom(...FEED_TAGS),
    fc.array(
      fc.constantFrom(
        ...ATTRIBUTES,
        'type="xhtml"',
        'type="html"',
        'mode="base64"',
        'xmlns="http://www.w3.org/2005/Atom"',
      ),
      { maxLength: 2 },
    ),
    words,
    fc.boolean(),
  )
  .map(
    ([name, attributes, inside, closed]) =>
      `<${[name, ...attributes].join(' ')}>${inside}${closed ? `</${name}>` : ''}`,
  );
const dtd = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), words)
  .map(
    ([levels, wide, inside]) =>
      `<!DOCTYPE rss [<!ENTITY lol0 "${inside}">${Array.from({ length: levels }, (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n};`.repeat(wide)}">`).join('')}<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]>`,
  );
const feed = fc
  .tuple(
    fc.oneof(dtd, fc.constantFrom('', '<?xml version="1.0" encoding="gbk"?>', '<?xml version="9"?>')),
    fc.constantFrom('<rss><channel><item>', '<feed><entry>', '<rdf:RDF><item>', '<rss>', ''),
    fc.array(fc.tuple(feedPiece, times), { maxLength: 8 }),
  )
  .map(([head, start, pieces]) => head + start + pieces.map(([one, count]) => one.repeat(count)).join(''));

const jsonText = fc.oneof(
  fc.json({ maxDepth: 6 }),
  fc
    .array(
      fc.record({
        id: fc.oneof(fc.integer(), word, fc.double()),
        title: word,
        content_html: words,
        url: fc.oneof(fc.webUrl(), word),
        date_published: word,
        nested: fc.anything({ maxDepth: 2 }).map((any) => String(typeof any)),
      }),
      { maxLength: 20 },
    )
    .map((items) => JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', items, items2: items })),
  fc
    .tuple(
      fc.constantFrom('[', '{"a":', '[{"id":1,"text":"'),
      fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: 1, max: 500 }) },
        { weight: 1, arbitrary: fc.constant(50_000) },
      ),
    )
    .map(([open, count]) => open.repeat(count)),
  fc
    .tuple(fc.json(), word)
    .map(([one, other]) => `{"id":1,"id":2,"__proto__":{"id":3},"items":[${one},${other}]}`),
);

const number = fc.oneof(
  fc.integer({ min: 0, max: 99 }).map(String),
  fc.constantFrom(
    '0',
    '00',
    '29',
    '30',
    '31',
    '32',
    '60',
    '1900',
    '2100',
    '2000',
    '9999',
    '廿九',
    '卅',
    '二〇二六',
    '十二',
    '半',
    '几',
  ),
);
const DATE_PARTS = [
  '年',
  '月',
  '日',
  '号',
  '-',
  '/',
  '.',
  ':',
  ' ',
  'T',
  'Z',
  '+08:00',
  '-99:99',
  '点',
  '时',
  '分',
  '秒',
  '前',
  '昨天',
  '前天',
  '今天',
  '刚刚',
  '小时',
  '天',
  '周',
  '个月',
  '下午',
  '凌晨',
  'Feb',
  'Tue,',
  'GMT',
  'CST',
  'pm',
  '民國',
  '农历',
  '星期八',
  'ago',
  'yesterday',
];
const date = fc
  .array(fc.tuple(number, fc.constantFrom(...DATE_PARTS)), { minLength: 1, maxLength: 9 })
  .map((all) => all.flat().join(''));
const dated = fc
  .array(date, { minLength: 1, maxLength: 4 })
  .map((all) => all.map((one) => `<p class="time">${one}</p>`).join(''));

/** Every way of being hostile, by name. */
export const HOSTILE: Record<string, fc.Arbitrary<HostileInput>> = {
  bytes: fc.record({ bytes: fc.uint8Array({ maxLength: 2_000 }), contentType }),
  'wrong encodings': fc
    .tuple(
      fc.array(word, { maxLength: 40 }),
      encoding,
      fc.constantFrom('gbk', 'utf-8', 'utf-16', 'big5', 'x', ''),
      contentType,
    )
    .map(([all, name, declared, type]) => ({
      bytes: iconv.encode(`<meta charset="${declared}"><p>${all.join('')}</p>`, name),
      contentType: type,
    })),
  pages: text(html),
  lists: text(listPage),
  feeds: text(feed),
  json: text(jsonText),
  dates: text(dated),
};

/** The `count` inputs of one kind that come after `from`; the same for the same seed, always. */
export function hostileInputs(kind: string, seed: number, count: number): HostileInput[] {
  const arbitrary = HOSTILE[kind];
  if (!arbitrary) throw new Error(`no such kind: ${kind}`);
  return fc.sample(arbitrary, { seed, numRuns: count });
}
