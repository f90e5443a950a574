import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import type { Block, ReleaseDocument } from '../../../config/release-document.ts';
import { documentOfText, leavesOf, mediaOf, partsOf, plainText } from '../../../publisher/releases/plain.ts';
import { siteHtml, wechatHtml } from '../../../publisher/releases/render.ts';
import { contentOf } from '../../../config/release-content.ts';
import { anyDocument } from '../../support/documents.ts';

/** What a parser makes of a text: its tags with their attributes, and its words. */
function read(html: string) {
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  const strays: string[] = [];
  let words = '';
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        tags.push({ name, attributes });
        open.push(name);
      },
      onclosetag(name, implied) {
        open.pop();
        if (implied && !['br', 'hr', 'img', 'track'].includes(name)) strays.push(name);
      },
      ontext: (text) => (words += text),
      oncomment: () => strays.push('comment'),
      onprocessinginstruction: (name) => strays.push(name),
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return { tags, words, strays };
}

/** Words without blanks: where a blank stands in a page is the layout's business. */
const bare = (text: string) => text.replace(/[\s•\0]/gu, '');
const isOfSite = (id: number) => `/media/${id}`;
const isOfWechat = (id: number) => `https://mmbiz.qpic.cn/${id}`;

const siteTags: Record<string, string[]> = {
  ...Object.fromEntries(['p', 'h2', 'h3', 'h4'].map((name) => [name, ['class']])),
  ...Object.fromEntries(
    [
      ...['ul', 'li', 'blockquote', 'hr', 'br', 'strong', 'em', 'u', 'figure', 'figcaption'],
      ...['table', 'tbody', 'tr'],
    ].map((name) => [name, []]),
  ),
  ol: ['start'],
  a: ['href'],
  img: ['src', 'alt', 'loading'],
  video: ['controls', 'preload', 'src', 'aria-label'],
  audio: ['controls', 'preload', 'src', 'aria-label'],
  track: ['kind', 'srclang', 'src', 'default'],
  div: ['class'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan'],
};
const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:|\/(?![/\\]))/i;

describe('the page on the website', () => {
  test('has no tag, attribute or link but those that are meant, whatever somebody writes', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const { tags, strays } = read(siteHtml(document, isOfSite));
        expect(strays).toEqual([]);
        for (const { name, attributes } of tags) {
          expect(Object.keys(siteTags)).toContain(name);
          expect(siteTags[name]).toEqual(expect.arrayContaining(Object.keys(attributes)));
          if (attributes['href'] !== undefined) expect(attributes['href']).toMatch(SAFE_LINK);
          if (attributes['src'] !== undefined) expect(attributes['src']).toMatch(/^\/media\/\d+$/);
          if (attributes['class'] !== undefined)
            expect(['center', 'right', 'table-wrap', 'transcript']).toContain(attributes['class']);
        }
      }),
    );
  });

  test('has all words of the text, each as it was written', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const html = siteHtml(document, isOfSite);
        const { words, tags } = read(html);
        const alts = tags.map(({ attributes }) => attributes['alt'] ?? '').join('');
        const known = bare(words + alts);
        for (const { text } of leavesOf(document)) {
          for (const line of text.split('\n')) expect(known).toContain(bare(line));
        }
      }),
    );
  });

  test('shows each kind of block as a page does', () => {
    const html = siteHtml(
      {
        type: 'doc',
        content: [
          {
            type: 'heading',
            attrs: { level: 2, textAlign: 'center' },
            content: [{ type: 'text', text: '一' }],
          },
          {
            type: 'paragraph',
            content: [
              { type: 'text', text: '见', marks: [{ type: 'bold' }] },
              {
                type: 'text',
                text: '公告',
                marks: [{ type: 'link', attrs: { href: '/news/1' } }, { type: 'italic' }],
              },
              { type: 'hardBreak' },
            ],
          },
          { type: 'orderedList', attrs: { start: 3 }, content: [item('三')] },
          { type: 'image', attrs: { mediaId: 4, alt: '大厅', caption: '' } },
          { type: 'video', attrs: { mediaId: 5, title: '庭审', captionsId: 6 } },
        ],
      },
      isOfSite,
    );
    expect(html).toBe(
      [
        '<h2 class="center">一</h2>',
        '<p><strong>见</strong><a href="/news/1"><em>公告</em></a><br></p>',
        '<ol start="3"><li><p>三</p></li></ol>',
        '<figure><img src="/media/4" alt="大厅" loading="lazy"></figure>',
        '<figure><video controls preload="metadata" src="/media/5" aria-label="庭审">',
        '<track kind="captions" srclang="zh" src="/media/6" default></video><figcaption>庭审</figcaption></figure>',
      ].join(''),
    );
  });
});

const item = (text: string): Block => ({
  type: 'listItem',
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

describe('the article for WeChat', () => {
  test('has only what the platform keeps, whatever somebody writes', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const { tags, strays } = read(
          wechatHtml(document, isOfWechat, { attachments: true, aiAssisted: true }),
        );
        expect(strays).toEqual([]);
        for (const { name, attributes } of tags) {
          expect(['ul', 'ol', 'li', 'video', 'audio', 'iframe', 'script', 'form']).not.toContain(name);
          for (const [attribute, value] of Object.entries(attributes)) {
            expect(['style', 'src', 'alt', 'href', 'colspan', 'rowspan']).toContain(attribute);
            if (attribute === 'src') expect(value).toMatch(/^https:\/\/mmbiz\.qpic\.cn\/\d+$/);
            if (attribute === 'href') expect(value).toMatch(/^https:\/\/mp\.weixin\.qq\.com\//);
            // Every other form of a colour is rewritten by the platform.
            if (attribute === 'style') expect(value).not.toMatch(/#|rgba|url|expression/i);
          }
        }
      }),
    );
  });

  test('tells lists by their numbers, a link by its words, and a film by where it is to be seen', () => {
    const html = wechatHtml(
      {
        type: 'doc',
        content: [
          { type: 'orderedList', attrs: { start: 2 }, content: [item('甲'), item('乙')] },
          { type: 'bulletList', content: [item('丙')] },
          {
            type: 'paragraph',
            content: [
              {
                type: 'text',
                text: '外链',
                marks: [{ type: 'link', attrs: { href: 'https://x.example/' } }],
              },
            ],
          },
          { type: 'video', attrs: { mediaId: 5, title: '庭审', captionsId: null } },
        ],
      },
      isOfWechat,
    );
    expect(read(html).words).toBe('2. 甲3. 乙• 丙外链（视频《庭审》：请点击文末“阅读原文”观看）');
    expect(html).not.toContain('x.example');
  });
});

describe('the plain text', () => {
  test('says of every line where it begins and in which block it stands', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const whole = plainText(document);
        for (const { start, text, path } of leavesOf(document)) {
          expect(whole.slice(start, start + text.length)).toBe(text);
          expect(blockAt(document, path)).toBeDefined();
        }
      }),
    );
  });

  test('of plain paragraphs becomes the same document again', () => {
    const text = '第一段\n第二段 <b>';
    expect(plainText(documentOfText(`${text}\r\n\n`))).toBe(text);
  });

  test('of the parts has only what a channel has of its own, and only where it goes', () => {
    const details = {
      source: '云州市检察院',
      weibo: { on: false, text: '微博文字' },
      wechat: { on: true, title: '微信标题', document: documentOfText('微信正文') },
    };
    expect(partsOf(contentOf({ title: '题', document: documentOfText('文'), details }))).toEqual({
      title: '题',
      summary: '',
      document: '文',
      weibo: '',
      wechat: '微信标题\n微信正文',
      details: '云州市检察院',
    });
  });

  test('every file that is shown anywhere is named once', () => {
    const image = (mediaId: number): Block => ({ type: 'image', attrs: { mediaId, alt: '', caption: '' } });
    const document: ReleaseDocument = {
      type: 'doc',
      content: [
        { type: 'blockquote', content: [image(3)] },
        {
          type: 'table',
          content: [{ type: 'tableRow', content: [{ type: 'tableCell', content: [image(4)] }] }],
        },
        { type: 'video', attrs: { mediaId: 5, title: '', captionsId: 6 } },
      ],
    };
    const details = { coverId: 3, attachmentIds: [9], wechat: { coverId: 7 } };
    expect(mediaOf(contentOf({ document, details })).toSorted()).toEqual([3, 4, 5, 6, 7, 9]);
  });
});

function blockAt(document: ReleaseDocument, path: readonly number[]): unknown {
  let at: { content?: readonly unknown[] } | undefined = document as { content: readonly unknown[] };
  for (const place of path) at = at?.content?.[place] as typeof at;
  return at;
}
