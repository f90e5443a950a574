import { describe, expect, test } from 'vitest';
import { extractPage } from '../../crawler/extract/article.ts';

const now = Date.parse('2026-11-22T12:00:00+08:00');
const at = (clock: string): number => Date.parse(`2026-11-${clock}:00+08:00`);
const prose = `<p>${'检察机关依法办理此案，召开公开听证会，回应社会关切。'.repeat(5)}</p>`;
const article = (comments: string): string => `<html><head><title>某案公开听证-某某新闻网</title></head><body>
  <h1>某案公开听证</h1><div>2026-11-22 08:05 来源：某某日报</div><div>${prose}${prose}</div>${comments}</body></html>`;

describe('comments under an article', () => {
  const html = article(`<div class="comment-list">
    <div class="comment-item"><a class="user" href="/u/1">网友甲甲</a><span class="time">2026-11-22 09:00</span>
      <div class="content">支持依法办案。</div><span class="like">赞(12)</span><a>回复</a>
      <div class="replies"><div class="comment-item"><a class="user" href="/u/3">网友丙丙</a><span class="time">1小时前</span>
        <div class="content">回复 @网友甲甲：同意，公开是好事。</div></div></div></div>
    <div class="comment-item"><a class="user" href="/u/2">网友乙乙</a><span class="time">3小时前</span>
      <div class="content">希望公开更多细节！</div><span class="like">3</span></div></div>`);
  const found = extractPage(html, 'https://example.cn/1.html', now);

  test('are found with their times and likes, replies included', () => {
    expect(found.comments).toEqual([
      { text: '支持依法办案。', publishedAt: at('22T09:00'), likes: 12 },
      { text: '同意，公开是好事。', publishedAt: at('22T11:00'), likes: null },
      { text: '希望公开更多细节！', publishedAt: at('22T09:00'), likes: 3 },
    ]);
  });

  test('are no part of the text', () => {
    expect(found.text).toContain('公开听证会');
    expect(found.text).not.toContain('支持依法办案');
  });

  test('carry no name of who wrote them or whom they answer', () => {
    expect(JSON.stringify(found)).not.toMatch(/网友[甲乙丙]/);
  });
});

test('class names are not needed: repeated items with a name, a time and words are comments', () => {
  const items = ['太慢了，希望快点。', '说得好，支持！', '张某某说：我是张某某，我也遇到过。'].map(
    (words, i) => `<li><b>张某某</b> <i>11-2${i} 08:05</i><br>${words}</li>`,
  );
  const found = extractPage(article(`<ul>${items.join('')}</ul>`), 'https://example.cn/1.html', now);
  expect(found.comments.map((comment) => comment.publishedAt)).toEqual([
    at('20T08:05'),
    at('21T08:05'),
    at('22T08:05'),
  ]);
  expect(found.comments[0]?.text).toBe('太慢了，希望快点。');
  expect(JSON.stringify(found.comments)).not.toContain('张某某');
});

test('a thread’s first floor is the text, the others are replies', () => {
  const floor = (name: string, day: number, words: string): string =>
    `<tr><td><div>${name}</div><div>积分 100</div></td><td><div>发表于 2026-11-${day} 08:05</div><div>${words}</div><div>回复 举报</div></td></tr>`;
  const html = `<title>求助：楼里漏水怎么办</title><body><table>${floor('楼主甲某', 20, '楼里漏水，物业一直不管，想问问检察院能不能管。')}${floor('热心乙某', 21, '可以先打12309咨询一下。')}${floor('楼主甲某', 21, '谢谢，已经打了。')}</table></body>`;
  const found = extractPage(html, 'https://bbs.example.cn/t-1.html', now);
  expect(found.text).toBe('楼里漏水，物业一直不管，想问问检察院能不能管。');
  expect(found.comments.map((comment) => comment.text)).toEqual([
    '可以先打12309咨询一下。',
    '谢谢，已经打了。',
  ]);
  expect(JSON.stringify(found)).not.toMatch(/[甲乙]某/);
});

test('a list of other articles with dates is not a list of comments', () => {
  const list = `<ul>${[1, 2, 3, 4].map((i) => `<li><a href="/a/${i}.html">某地检察院召开新闻发布会通报情况</a><span>2026-11-2${i - 1}</span></li>`).join('')}</ul>`;
  expect(extractPage(article(list), 'https://example.cn/1.html', now).comments).toEqual([]);
});

test('comments whose name, words and time share one box come apart', () => {
  const item = (
    name: string,
    words: string,
    time: string,
  ): string => `<div class="list_li"><div class="list_con">
    <div class="WB_text"><a href="//weibo.com/u/1">${name}</a>：${words}</div>
    <div class="WB_func"><ul><li><a>举报</a></li><li><a>回复</a></li></ul><div class="WB_from">${time}</div></div></div></div>`;
  const html = article(
    `<div>${item('网友甲甲', '支持公开，希望越来越多。', '11月22日 09:00')}${item('网友乙乙', '回复@网友甲甲:同意', '11月22日 09:10')}${item('路人丙丙', '请说明理由。//@网友乙乙:同意', '10分钟前')}</div>`,
  );
  const { comments } = extractPage(html, 'https://example.cn/1.html', now);
  expect(comments).toEqual([
    { text: '支持公开，希望越来越多。', publishedAt: at('22T09:00'), likes: null },
    { text: '同意', publishedAt: at('22T09:10'), likes: null },
    { text: '请说明理由。同意', publishedAt: at('22T11:50'), likes: null },
  ]);
});

test('words that look like buttons, again and again, are read to their end', () => {
  const items = [1, 2, 3].map(
    (n) =>
      `<li class="comment"><b class="user">网友某某</b><i>11-2${n} 08:05</i><p>${'等级主题查看'.repeat(3000)}，说的是第${n}件。</p></li>`,
  );
  const { comments } = extractPage(article(`<ul>${items.join('')}</ul>`), 'https://example.cn/1.html', now);
  expect(comments).toHaveLength(3);
});

test('“支持” is a button beside a comment and may be all that a comment says', () => {
  const item = (words: string) =>
    `<li class="comment-item"><b class="user">网友某某</b><i class="time">11-20 08:05</i><p class="content">${words}</p><a>支持</a><a>回复</a></li>`;
  const list = `<ul class="comment-list">${item('支持')}${item('希望公开更多细节。')}</ul>`;
  const { comments } = extractPage(article(list), 'https://example.cn/1.html', now);
  expect(comments.map(({ text }) => text)).toEqual(['支持', '希望公开更多细节。']);
});
