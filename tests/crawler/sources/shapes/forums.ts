/** One floor of a thread as a forum shows it. */
export type Floor = { who: string; when: string; words: string };

/** A page of a thread in the manner of some forum software; `next` is the address of the page after it. */
export type ThreadPage = (
  title: string,
  floors: readonly Floor[],
  next: string | null,
  first: number,
) => string;

const html = (title: string, head: string, body: string) =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${title} - 云州论坛</title>${head}</head><body>${body}</body></html>`;

/** Two columns: who on the left, the words on the right, each floor a table. */
const discuz: ThreadPage = (title, floors, next, first) =>
  html(
    title,
    '<meta name="generator" content="Discuz! X3.4">',
    `<div id="hd"><div id="nv"><ul><li><a href="forum.php">论坛</a></li><li><a href="group.php">群组</a></li></ul></div></div>
    <div id="pt"><a href="./">论坛</a> › <a href="forum-2-1.html">市民生活</a> › <a href="#">${title}</a></div>
    <div id="postlist" class="pl bm"><table><tr><td class="pls">查看: <span>158</span> 回复: <span>3</span></td>
    <td class="plc"><h1 class="ts"><span id="thread_subject">${title}</span></h1></td></tr></table>
    ${floors
      .map(
        (
          { who, when, words },
          at,
        ) => `<div id="post_${900 + first + at}"><table id="pid${900 + first + at}" class="plhin"><tr>
      <td class="pls" rowspan="2"><div class="pls favatar"><div class="pi"><div class="authi"><a href="space-uid-${7 + at}.html" class="xw1">${who}</a></div></div>
      <div class="avatar"><a href="space-uid-${7 + at}.html"><img src="/avatar/${7 + at}.jpg"></a></div><p><em>注册会员</em></p><dl class="pil cl"><dt>积分</dt><dd>120</dd></dl></div></td>
      <td class="plc"><div class="pi"><strong><a href="#">${first + at === 1 ? '楼主' : `${first + at}#`}</a></strong><div class="pti"><div class="authi"><em id="authorposton${at}">发表于 ${when}</em> | <a href="#">只看该作者</a></div></div></div>
      <div class="pct"><div class="pcb"><div class="t_fsz"><table><tr><td class="t_f" id="postmessage_${900 + first + at}">${words}</td></tr></table></div></div></div></td></tr>
      <tr><td class="plc plm"><div class="po"><a href="#">回复</a> <a href="#">举报</a></div></td></tr></table></div>`,
      )
      .join('')}</div>
    <div class="pgs"><div class="pg">${next === null ? '<a href="thread-88-1-1.html">1</a><strong>2</strong>' : `<strong>1</strong><a href="${next}">2</a><a class="nxt" href="${next}">下一页</a>`}</div></div>
    <div id="f_pst"><form method="post"><textarea name="message"></textarea></form></div>`,
  );

/** Who and when above the words, in divs. */
const phpbb: ThreadPage = (title, floors, next) =>
  html(
    title,
    '',
    `<div id="wrap"><ul class="nav"><li><a href="./index.php">论坛首页</a></li><li><a href="./viewforum.php?f=2">市民生活</a></li></ul>
    <h2 class="topic-title"><a href="./viewtopic.php?t=88">${title}</a></h2>
    <div class="pagination">${floors.length} 篇帖子 ${next === null ? '<a href="./viewtopic.php?t=88">1</a> <strong>2</strong>' : `<ul><li class="active"><span>1</span></li><li><a href="${next}">2</a></li><li class="next"><a href="${next}" rel="next">下一页</a></li></ul>`}</div>
    ${floors
      .map(
        ({ who, when, words }, at) => `<div id="p${at + 1}" class="post bg${(at % 2) + 1}"><div class="inner">
      <dl class="postprofile"><dt><a href="./memberlist.php?mode=viewprofile&u=${at + 3}" class="username">${who}</a></dt><dd class="profile-posts">帖子: 12</dd><dd class="profile-joined">注册: 2019-03-02 10:11</dd></dl>
      <div class="postbody"><h3><a href="#p${at + 1}">Re: ${title}</a></h3><p class="author">由 <a href="./memberlist.php?u=${at + 3}" class="username">${who}</a> » <time datetime="${when.replace(' ', 'T')}:00+08:00">${when}</time></p>
      <div class="content">${words}</div></div></div></div>`,
      )
      .join('')}</div>`,
  );

/** Rows of one table without a single class name. */
const tables: ThreadPage = (title, floors, next) =>
  html(
    title,
    '',
    `<table width="960"><tr><td><a href="/">首页</a> | <a href="/bbs/">论坛</a></td></tr></table><h3>${title}</h3>
    <table border="1" width="960">${floors
      .map(
        ({ who, when, words }) =>
          `<tr><td width="160"><b>${who}</b><br>等级：三级<br>发帖：88</td><td><div>发表于 ${when}</div><div>${words}</div><div align="right">引用 回复 举报</div></td></tr>`,
      )
      .join('')}</table><p>${next === null ? '' : `<a href="${next}">[下一页]</a>`}</p>`,
  );

/** The opening post in a box of its own, the replies in a list under it. */
const apart: ThreadPage = (title, [opening, ...replies], next, first) => {
  const reply = ({ who, when, words }: Floor) =>
    `<li class="reply-item"><img src="/a.png"><div class="reply-body"><span class="user-name"><a href="/member/9">${who}</a></span> <span class="ago">${when}</span><div class="reply-content">${words}</div></div></li>`;
  const box = opening
    ? `<div class="topic-content"><span class="user-name"><a href="/member/1">${opening.who}</a></span> <span class="ago">${opening.when}</span><div class="markdown">${opening.words}</div></div>`
    : '';
  return html(
    title,
    '',
    `<div class="topbar"><a href="/">社区首页</a></div><div class="main"><h1>${title}</h1>${first === 1 ? box : ''}
    <ul class="reply-list">${(first === 1 ? replies : [opening, ...replies]).map((each) => (each ? reply(each) : '')).join('')}</ul>
    ${next === null ? '' : `<div class="pager"><a href="${next}">2</a> <a href="${next}">下一页</a></div>`}</div>`,
  );
};

/** Name: manner, address of the first page and of the second. */
export const forums: readonly [name: string, page: ThreadPage, first: string, second: string][] = [
  ['Discuz', discuz, '/thread-88-1-1.html', '/thread-88-2-1.html'],
  ['phpBB', phpbb, '/viewtopic.php?t=88', '/viewtopic.php?t=88&start=10'],
  ['a table without names', tables, '/bbs/read.asp?id=88', '/bbs/read.asp?id=88&page=2'],
  ['a box and a list', apart, '/t/88', '/t/88?p=2'],
];
