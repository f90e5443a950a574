import { describe, expect, test } from 'vitest';
import { feedEntries } from '../../crawler/extract/feed-document.ts';
import { plainText } from '../../crawler/extract/plain-text.ts';

const atom = (inside: string, attributes = '') =>
  `<feed xmlns="http://www.w3.org/2005/Atom" ${attributes}>${inside}</feed>`;
const rss = (inside: string) =>
  `<rss version="2.0"><channel><title>云州日报</title>${inside}</channel></rss>`;
const texts = (feed: string) => feedEntries(feed).map((entry) => plainText(entry.content ?? ''));

test.each([
  [
    'RSS 0.90',
    '<rdf:RDF xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel/><item><title>甲</title></item></rdf:RDF>',
  ],
  [
    'RSS 0.91 with its items beside the channel',
    '<rss version="0.91"><channel/><item><title>甲</title></item></rss>',
  ],
  [
    'RSS 1.1',
    '<Channel xmlns="http://purl.org/net/rss1.1#"><items><item><title>甲</title></item></items></Channel>',
  ],
  [
    'RSS in a namespace',
    '<rss xmlns="http://backend.userland.com/rss2"><channel><item><title>甲</title></item></channel></rss>',
  ],
  [
    'Atom 0.3',
    '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>甲</title></entry></feed>',
  ],
  [
    'Atom with a prefix',
    '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>甲</a:title></a:entry></a:feed>',
  ],
  ['one entry of Atom alone', '<entry xmlns="http://www.w3.org/2005/Atom"><title>甲</title></entry>'],
  ['JSON Feed 1', '{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"title":"甲"}]}'],
  [
    'a message of the server in front',
    `<b>Warning</b>: cannot modify header\n<?xml version="1.0"?>${rss('<item><title>甲</title></item>')}`,
  ],
  ['a document that breaks off', '<rss><channel><item><title>甲</title><description>正'],
  [
    'tags closed in the wrong order',
    rss('<item><title>甲</title><description><b>正</description></b></item>'),
  ],
])('reads %s', (_name, feed) => {
  expect(feedEntries(feed)).toMatchObject([{ title: '甲' }]);
});

test.each([
  ['a page', '<!doctype html><html><head><title>甲</title></head><body><item>乙</item></body></html>'],
  ['an outline', '<opml version="2.0"><body><outline text="甲"/></body></opml>'],
  ['nothing', ''],
  ['JSON of another kind', '{"items":[{"id":1}]}'],
  ['broken JSON', '{"version":"https://jsonfeed.org/version/1",'],
])('%s is no feed', (_name, text) => {
  expect(() => feedEntries(text)).toThrow(expect.objectContaining({ code: 'not-a-feed' }));
});

test('a feed without entries is empty, not unknown', () => {
  expect(feedEntries(rss(''))).toEqual([]);
});

describe('Atom content is read by its type', () => {
  test.each([
    ['text', '<content>1 &lt; 2 &amp;amp; 3</content>', '1 < 2 &amp; 3'],
    ['escaped HTML', '<content type="html">&lt;p&gt;甲&lt;/p&gt;乙</content>', '甲\n乙'],
    [
      'XHTML',
      '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>1 &lt; 2</p>乙</div></content>',
      '1 < 2\n乙',
    ],
    ['base64 of Atom 0.3', '<content type="text/html" mode="base64">PHA+55SyPC9wPg==</content>', '甲'],
    ['a picture', '<content type="image/png">iVBORw0KGgo=</content><summary>乙</summary>', '乙'],
    ['an address only', '<content type="text/html" src="/x.html"/><summary>乙</summary>', '乙'],
  ])('%s', (_name, inside, text) => {
    expect(texts(atom(`<entry>${inside}</entry>`))).toEqual([text]);
  });
});

test('markup written into RSS without escaping keeps its text and its paragraphs', () => {
  const items = '<item><description>甲<p>乙&nbsp;丙</p><br>丁</description></item>';
  expect(texts(rss(items))).toEqual(['甲\n乙 丙\n丁']);
});

test('the whole text is told from a summary', () => {
  const both = '<description>短</description><content:encoded><![CDATA[<p>长</p>]]></content:encoded>';
  const items = `<item>${both}</item><item><description>短</description></item>`;
  expect(feedEntries(rss(items))).toMatchObject([
    { content: '<p>长</p>', whole: true },
    { content: '短', whole: false },
  ]);
});

test('links count from the xml:base around them, which may count from the document', () => {
  const entry = '<entry xml:base="b/"><link rel="self" href="1"/><link href="2"/></entry>';
  const link = (feed: string, url?: string) => feedEntries(feed, url)[0]?.link;
  expect(link(atom(entry, 'xml:base="https://daily.example/a/"'))).toBe('https://daily.example/a/b/2');
  expect(link(atom(entry), 'https://daily.example/feeds/x.xml')).toBe('https://daily.example/feeds/b/2');
  expect(link(atom('<entry><link href="2"/></entry>'), 'https://daily.example/feeds/x.xml')).toBe('2');
});

test('what another vocabulary calls title, link or id is not the entry’s', () => {
  const inside = `<media:title xmlns:media="http://search.yahoo.com/mrss/">图</media:title>
    <source><title>别处</title></source><link>https://daily.example/1</link><title>甲</title>`;
  expect(feedEntries(rss(`<item>${inside}</item>`))).toMatchObject([{ title: '甲', id: null }]);
});

describe('a document built to hurt is refused or read, and does not grow', () => {
  const laughs = Array.from({ length: 30 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
    '',
  );
  test('a billion laughs', () => {
    const feed = `<!DOCTYPE rss [<!ENTITY l0 "ha">${laughs}]>${rss('<item><title>&l30;</title></item>')}`;
    expect(feedEntries(feed)).toMatchObject([{ title: '&l30;' }]);
  });

  test('one long entity many times', () => {
    const declared = `<!DOCTYPE rss [<!ENTITY a "${'x'.repeat(100_000)}">]>`;
    const feed = declared + rss(`<item><title>${'&a;'.repeat(100_000)}</title></item>`);
    expect(feedEntries(feed)[0]?.title).toHaveLength(300_000);
  });

  test('an entity from a file or an address', () => {
    const declared = '<!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd">]>';
    expect(feedEntries(declared + rss('<item><title>&file;</title></item>'))[0]?.title).toBe('&file;');
  });

  test('nesting without end', () => {
    expect(() => feedEntries(`<rss>${'<channel>'.repeat(500_000)}`)).toThrow(
      expect.objectContaining({ code: 'not-a-feed' }),
    );
  });

  test('names of a prototype', () => {
    const items =
      '<item __proto__="1" xmlns:constructor="x"><constructor:title>乙</constructor:title><__proto__/></item>';
    expect(feedEntries(rss(items))).toMatchObject([{ title: null }]);
  });
});

test('characters that JSON can write and no text has are left out', () => {
  const item = { id: 'a\0b', title: '\0', content_text: 'x\ud800\0y' };
  const feed = JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', items: [item] });
  expect(feedEntries(feed)).toMatchObject([{ id: 'ab', title: null, content: 'x\ufffdy' }]);
});
