import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tidy } from '../../../indexer/cleaning/characters.ts';
import { readable } from '../../../indexer/cleaning/readable.ts';
import { runSteps } from '../../../indexer/steps/index.ts';
import { clean, MAX_TEXT } from '../../../indexer/steps/clean.ts';
import { context, draft, working } from '../working.ts';

const cleaned = (text: string) => readable(text, MAX_TEXT);
const titled = (title: string) => clean(working({ draft: draft({ title }) }), context).title;

describe('what no reader sees is taken out', () => {
  test.each([
    ['NUL', '检\0察', '检察'],
    ['an unpaired high surrogate', '检\ud83d察', '检察'],
    ['an unpaired low surrogate', '检\ude00察', '检察'],
    ['zero-width spaces and joiners', '1\u200b3\u200c8\u200d\u2060', '138'],
    ['marks of direction', '\u202e检察\u202c', '检察'],
    ['the marks of search hits', '\ue000检察\ue001院', '检察院'],
    ['byte order marks', '\ufeff检察', '检察'],
    ['soft hyphens', '检\u00ad察', '检察'],
    ['control characters', '检\u0007\u001b察\u0085', '检察'],
    ['carriage returns', '第一行\r\n第二行', '第一行\n第二行'],
    ['replacement characters', '检\ufffd察', '检察'],
  ])('%s', (_, text, expected) => {
    expect(cleaned(text)).toBe(expected);
  });
});

describe('what a reader sees stays', () => {
  test.each(['😀检察👍', '〇㐀𠮷𪚥', 'Ａ１，。！', 'é ü ñ', '←→①②㈠', '[怒]'])('%s', (text) => {
    expect(cleaned(text)).toBe(text);
  });
});

describe('spaces are folded', () => {
  test.each([
    ['runs of spaces', '检察  \t 机关', '检察 机关'],
    ['wide and unbreakable ones', '检察\u3000\u00a0机关', '检察 机关'],
    ['thin ones, between which numbers hide', '138\u20030013\u20098000', '138 0013 8000'],
    ['at the ends of lines', '  甲 \n\u3000\u3000乙  ', '甲\n乙'],
    ['empty lines', '甲\n\n \n\u200b\n乙\n', '甲\n乙'],
    ['line and paragraph separators', '甲\u2028乙\u2029丙', '甲\n乙\n丙'],
    ['nothing but space', ' \n\u3000\t\u200b ', ''],
  ])('%s', (_, text, expected) => {
    expect(cleaned(text)).toBe(expected);
  });
});

describe('long texts are cut', () => {
  test('to the limit', () => {
    expect(cleaned('检'.repeat(MAX_TEXT + 5))).toHaveLength(MAX_TEXT);
  });

  test('never inside a character', () => {
    expect(tidy('甲乙😀', 3)).toBe('甲乙');
    expect(tidy('甲乙😀', 4)).toBe('甲乙😀');
  });

  test('titles much earlier, in one line', () => {
    const post = clean(working({ draft: draft({ title: `甲\n乙${'丙'.repeat(900)}` }) }), context);
    expect(post.title).toMatch(/^甲 乙丙+$/);
    expect(post.title).toHaveLength(500);
  });
});

test('a title of nothing visible is no title', () => {
  expect(clean(working({ draft: draft({ title: ' \u200b\n' }) }), context).title).toBeNull();
  expect(clean(working({ draft: draft({ title: null }) }), context).title).toBeNull();
});

describe('references of HTML are what they stand for', () => {
  test.each([
    ['named', '检察&nbsp;机关&ldquo;通报&rdquo;&hellip;', '检察 机关“通报”…'],
    ['numbered', '&#26816;&#x5BDF;&#38498;', '检察院'],
    ['of references', '检察&amp;nbsp;机关 A&amp;amp;B', '检察 机关 A&B'],
    ['of references by number', '&#38;lt;3&#x26;gt;', '<3>'],
    ['by which a number hides', '&#49;38&#48;0138000', '13800138000'],
    ['to what breaks an engine', '检&#0;察&#xD800;院&#8203;', '检察院'],
    ['unknown ones stay', 'AT&T；R&D;&unknown;', 'AT&T；R&D;&unknown;'],
  ])('%s', (_, text, expected) => {
    expect(cleaned(text)).toBe(expected);
  });

  test('tags that a page showed as text go', () => {
    expect(cleaned('第一段&lt;br/&gt;第二段<p class="a">第三段</p><b>重点</b>')).toBe(
      '第一段\n第二段\n第三段\n重点',
    );
    expect(cleaned('案值<5000元，a < b > c')).toBe('案值<5000元，a < b > c');
  });
});

describe('a title that is none is left out', () => {
  test.each([
    '010-12309',
    '12309',
    '010-12309（检察服务热线）',
    '举报电话：0000-1234567',
    '正文',
    '首页',
    '无标题',
  ])('%s', (title) => {
    expect(titled(title)).toBeNull();
  });
  test.each(['12309检察服务中心揭牌', '三个“零”', '2026年工作报告', '首页改版了', '热线'])(
    'but not %s',
    (title) => {
      expect(titled(title)).toBe(title);
    },
  );
});

test('a post of nothing but furniture is refused, and does not become an empty post', () => {
  for (const text of ['转发微博', '分享到：微信 微博', 'http://t.cn/A6abc1D', '//@云州小小:', '&nbsp;&nbsp;'])
    expect(runSteps(draft({ text }), context)).toBeNull();
});

const pieces = fc.constantFrom(
  ...[
    '//@',
    '@',
    '云州小小',
    ':',
    '：',
    '回复',
    ' ',
    '\n',
    '&amp;',
    '&',
    '#38;',
    'lt;',
    ';',
    '<br>',
    '<',
    'b',
    '>',
  ],
  ...[
    '(jī)',
    '（guan）',
    '机',
    '半岛真人',
    '官网',
    '亚博体育',
    '同比上升',
    '%',
    '累计',
    '件',
    '201511月',
    '2015',
    '11月',
  ],
  ...[
    'http://t.cn/a',
    '责任编辑：',
    '甲乙丙',
    '（',
    '）',
    '阅读',
    '12',
    '展开全文',
    '转发微博',
    'IP属地：',
    '云南',
  ],
  ...['锟斤拷', 'â€œ', '\u200b', '\ud83d', '\0', '\u3000', '第', '条规定', '》', '网页链接', '||', 'rt '],
);
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join('')),
);

test('whatever comes in, what comes out is well-formed, bounded and already clean', () => {
  fc.assert(
    fc.property(anything, fc.nat(60), (text, max) => {
      for (const form of [tidy, readable]) {
        const once = form(text, max);
        expect(once.isWellFormed()).toBe(true);
        expect(once.length).toBeLessThanOrEqual(max);
        expect(once).not.toMatch(/[\0\u200b\ue000-\uf8ff]|^\s|\s$|\n\n/u);
        expect(form(once, max)).toBe(once);
      }
    }),
    { numRuns: 1000 },
  );
});

test('hostile texts end', () => {
  const hostile = [
    '&#38;',
    '&amp;',
    '//@',
    '<b',
    '(jī)',
    '分享到微信',
    '微信好友',
    '赞 ',
    '责任编辑：甲乙 ',
    '阅读 1 ',
    '大 中 小 ',
    '半岛真人',
    '·',
    '同比上升',
    '扫一扫',
    '二维码',
    '@',
    '回复@',
    'http://',
    '版权所有',
    '全文',
    '（记者 甲乙 ',
    '浏览器',
  ];
  for (const part of hostile) {
    const text = part.repeat(Math.floor(MAX_TEXT / part.length));
    expect(cleaned(text).length).toBeLessThanOrEqual(MAX_TEXT);
    expect(cleaned(`分享到：${text.slice(0, 300)}。`).length).toBeLessThanOrEqual(400);
  }
});
