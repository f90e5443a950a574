// One page of each shape that public commentary comes in, written for the tests: the data makes the length.
export type Shape = {
  name: string;
  url: string;
  html: string;
  want: {
    title?: string | RegExp;
    /** Unix ms. */
    at?: number;
    outlet?: RegExp;
    canonical?: string;
    /** Each stands in the text. */
    text: string[];
    /** None of them does. */
    notText?: string[];
    comments?: number;
  };
};

const P1 =
  '近日，青石县人民检察院联合县市场监督管理局开展食品安全专项检查，重点检查学校食堂、农贸市场和外卖商家。';
const P2 = '检察官现场查看了进货台账和留样记录，对发现的三处问题当场提出整改意见，并约定一个月后回访。';
const P3 = '该院有关负责人表示，将持续跟进整改情况，以检察公益诉讼守护群众“舌尖上的安全”。';

const at = (clock: string) => Date.parse(`${clock}+08:00`);

export const shapes: Shape[] = [];
const add = (name: string, url: string, html: string, want: Shape['want']) =>
  shapes.push({ name, url, html, want });

add(
  'a notice of a county government',
  'http://www.qingshan.gov.cn/zwgk/tzgg/202611/t20261120_123.html',
  `<!DOCTYPE html><html><head><meta name="SiteName" content="青石县人民政府"><meta name="ColumnName" content="通知公告"><meta name="ArticleTitle" content="青石县开展食品安全专项检查"><meta name="PubDate" content="2026-11-20 08:05"><meta name="ContentSource" content="县检察院"><title>青石县开展食品安全专项检查-青石县人民政府</title></head><body><div class="top"><span>今天是：2026年11月22日 星期日</span><a href=/>首页</a></div><div class="position">您现在的位置：<a href=/>首页</a> > <a href=/a>政务公开</a> > 通知公告</div><div class="article"><h1>青石县开展食品安全专项检查</h1><div class="info"><span>发布时间：2026-11-20 08:05</span><span>信息来源：县检察院</span><span>点击数：<script>document.write(3)</script>次</span><span>字体：【大 中 小】</span></div><div class="TRS_Editor"><style>.TRS_Editor P{line-height:2}</style><p>&emsp;&emsp;${P1}</p><p>&emsp;&emsp;${P2}</p><p>&emsp;&emsp;${P3}</p></div><div class="fj">附件：<a href="./P0.docx">检查方案.docx</a></div><div class="close">【打印本页】【关闭窗口】</div></div><div class="foot">主办：青石县人民政府办公室 备案号：云ICP备00000000号 网站标识码 5301210001</div></body></html>`,
  {
    title: '青石县开展食品安全专项检查',
    at: at('2026-11-20T08:05:00'),
    outlet: /检察院/,
    text: [P1, P2, P3],
  },
);
add(
  'an article of a public account',
  'https://mp.weixin.qq.com/s/abc',
  `<html><head><meta property="og:title" content="食品安全专项检查来了"><meta property="og:site_name" content="微信公众平台"></head><body><div id="js_article"><h1 class="rich_media_title" id="activity-name">食品安全专项检查来了</h1><div id="meta_content"><span class="rich_media_meta rich_media_meta_text">张某某</span><span class="rich_media_meta rich_media_meta_nickname" id="profileBt"><a id="js_name">青石检察</a></span><em id="publish_time" class="rich_media_meta rich_media_meta_text"></em></div><div class="rich_media_content" id="js_content" style="visibility:hidden"><section><section><span>${P1}</span></section></section><section><p><span>${P2}</span></p></section><p>${P3}</p><p>编辑 | 张某某</p><p>来源 | 第一检察部</p></div><script>var createTime = '2026-11-20 08:05';var ct = "1795133100";</script></div></body></html>`,
  { title: '食品安全专项检查来了', at: at('2026-11-20T08:05:00'), text: [P1, P2, P3] },
);
add(
  'a page that is empty but for its JSON-LD',
  'https://spa.example.cn/a/1',
  `<html><head><title>食品安全专项检查</title><script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"青石县开展食品安全专项检查","datePublished":"2026-11-20T08:05:00+08:00","publisher":{"@type":"Organization","name":"云州日报"},"articleBody":"${P1}\\n${P2}\\n${P3}"}</script></head><body><div id="app"></div><script src="/app.js"></script></body></html>`,
  {
    title: '青石县开展食品安全专项检查',
    at: at('2026-11-20T08:05:00'),
    outlet: /云州日报/,
    text: [P1, P2, P3],
  },
);
add(
  'a page for telephones',
  'https://m.news.example.cn/a/1.html',
  `<html><head><title>青石县开展食品安全专项检查_云州手机网</title><link rel="canonical" href="https://www.news.example.cn/a/1.html"></head><body><header class="m-header"><a>返回</a></header><section class="m-article"><h2 class="tit">青石县开展食品安全专项检查</h2><p class="src">云州日报 <time>11-20 08:05</time></p><div class="con"><div>${P1}</div><div>${P2}</div><div>${P3}</div></div><a class="unfold">展开全文</a></section><div class="open-app">打开客户端，阅读体验更佳</div><ul class="hot"><li><a href=/a/2.html>热点新闻标题一个很长的标题</a></li><li><a href=/a/3.html>热点新闻标题二个很长的标题</a></li></ul></body></html>`,
  {
    title: '青石县开展食品安全专项检查',
    at: at('2026-11-20T08:05:00'),
    outlet: /云州/,
    text: [P1, P2, P3],
    canonical: 'https://www.news.example.cn/a/1.html',
  },
);
add(
  'a question to the leaders, with its answer',
  'https://liuyan.example.cn/threads/content?tid=1',
  `<html><head><title>关于学校食堂卫生的问题-领导留言板</title></head><body><div class="nav"><a>首页</a><a>我要留言</a></div><div class="liuyan"><h1>关于学校食堂卫生的问题</h1><ul class="info"><li>留言编号：12345</li><li>留言时间：2026-11-18 09:30</li><li>留言类型：投诉</li><li>状态：已办理</li></ul><div class="content">孩子在县一小就读，近一个月食堂饭菜多次出现变质现象，希望有关部门能够重视并进行检查。</div></div><div class="reply"><h3>回复</h3><p class="unit">青石县人民检察院 2026-11-20 08:05</p><div class="reply-content"><p>网友您好：您反映的问题收悉。我院高度重视，现答复如下：</p><p>${P1}${P2}</p><p>感谢您对检察工作的关注与支持。</p></div></div></body></html>`,
  { title: '关于学校食堂卫生的问题', at: at('2026-11-18T09:30:00'), text: ['孩子在县一小就读'] },
);
add(
  'an encyclopedia with a box of facts',
  'https://baike.example.cn/item/1',
  `<html><head><title>青石县食品安全事件_百科</title></head><body><h1>青石县食品安全事件</h1><table class="infobox"><tr><th>时间</th><td>2026年11月</td></tr><tr><th>地点</th><td>青石县</td></tr><tr><th>起因</th><td>食堂卫生</td></tr></table><p>${P1}</p><h2>经过</h2><p>${P2}</p><h2>结果</h2><p>${P3}</p></body></html>`,
  { title: '青石县食品安全事件', text: [P1, P2, P3], notText: ['起因'] },
);
add(
  'tables and bold type, from before style sheets',
  'http://old.example.cn/show.asp?id=9',
  `<html><head><title>云州新闻</title></head><body><table width=980><tr><td><img></td></tr></table><table><tr><td width=200><ul><li><a href=1>要闻</a><li><a href=2>本地</a></ul></td><td><table><tr><td align=center><b><font size=4>青石县开展食品安全专项检查</font></b></td></tr><tr><td align=center>作者：佚名 来源：云州日报 点击：33 更新：2026-11-20 8:05:00</td></tr><tr><td><p>\u3000\u3000${P1}<br>\u3000\u3000${P2}<br>\u3000\u3000${P3}</p></td></tr><tr><td>上一篇：<a href=3>某条新闻</a><br>下一篇：没有了</td></tr></table></td></tr></table></body></html>`,
  {
    title: '青石县开展食品安全专项检查',
    at: at('2026-11-20T08:05:00'),
    outlet: /云州日报/,
    text: [P1, P2, P3],
    notText: ['上一篇'],
  },
);
add(
  'an article with comments under it',
  'https://news.example.cn/1.html',
  `<html><head><title>青石县开展食品安全专项检查 - 云州网</title></head><body><article><h1>青石县开展食品安全专项检查</h1><div class="meta">2026年11月20日 08:05\u3000|\u3000云州网</div><p>${P1}</p><p>${P2}</p><p>${P3}</p></article><div class="comments"><h3>网友评论（3）</h3><ul class="comment-list"><li class="comment-item"><span class="user">小张</span><span class="time">3小时前</span><p class="text">支持检察院，希望多查几所学校的食堂。</p><span class="like">赞 12</span></li><li class="comment-item"><span class="user">小李</span><span class="time">昨天 22:10</span><p class="text">回访结果要公布出来才好。</p><span class="like">赞 3</span></li><li class="comment-item"><span class="user">小王</span><span class="time">11-20 10:00</span><p class="text">早就该管管了！</p><span class="like">赞 0</span></li></ul></div></body></html>`,
  {
    title: '青石县开展食品安全专项检查',
    at: at('2026-11-20T08:05:00'),
    text: [P1, P2, P3],
    comments: 3,
    notText: ['早就该管管'],
  },
);
add(
  'a thread of a forum',
  'https://bbs.example.cn/thread-1-1-1.html',
  `<html><head><title>县一小食堂的饭菜有问题 - 民生杂谈 - 云州论坛 - Powered by Discuz!</title></head><body><div id="postlist"><h1><span id="thread_subject">县一小食堂的饭菜有问题</span></h1>${[
    [
      '楼主甲',
      '2026-11-18 09:30',
      '孩子回来说食堂的菜是酸的，有没有人管管？已经一个多月了，家长们都很着急。',
    ],
    ['路人乙', '2026-11-18 10:00', '我家孩子也这么说，应该向检察院反映，他们正在做公益诉讼。'],
    ['路人丙', '2026-11-19 08:00', '听说检察院已经去查了，等结果吧。'],
    ['路人丁', '2026-11-20 08:05', '官方通报出来了，整改三处问题。'],
  ]
    .map(
      ([u, t, x], i) =>
        `<div id="post_${i + 1}"><table class="plhin"><tr><td class="pls"><div class="authi"><a class="xw1">${u}</a></div><p>主题 12 | 帖子 345 | 积分 999</p></td><td class="plc"><div class="authi"><em id="authorposton${i}">发表于 ${t}</em><span>只看该作者</span></div><div class="t_fsz"><table><tr><td class="t_f" id="postmessage_${i}">${x}</td></tr></table></div><div class="po"><a>回复</a><a>举报</a></div></td></tr></table></div>`,
    )
    .join('')}</div></body></html>`,
  {
    title: '县一小食堂的饭菜有问题',
    at: at('2026-11-18T09:30:00'),
    text: ['孩子回来说食堂的菜是酸的'],
    comments: 3,
  },
);
add(
  'a statement whose head names the house twice',
  'http://www.jcy.example.gov.cn/jwgk/1.shtml',
  `<html><head><title>青石县人民检察院--检务公开</title></head><body><div class="detail"><div class="detail_tit">关于办理张某某涉嫌生产销售不合格食品案的情况通报</div><div class="detail_extend"><span>时间：2026-11-20</span><span>作者：</span><span>新闻来源：</span></div><div class="detail_con" id="fontzoom"><p>${P1}</p><p>${P2}</p><p style="text-align:right">青石县人民检察院</p><p style="text-align:right">2026年11月19日</p></div></div></body></html>`,
  {
    title: '关于办理张某某涉嫌生产销售不合格食品案的情况通报',
    at: at('2026-11-20T00:00:00'),
    text: [P1, P2, '青石县人民检察院', '2026年11月19日'],
  },
);
add(
  'a blog',
  'https://blog.example.cn/2026/11/20/food',
  `<html><head><title>食品安全这件小事 | 某人的博客</title><meta property="article:published_time" content="2026-11-20T00:05:00Z"></head><body><nav>首页 归档 关于</nav><main><article class="post"><header><h1 class="entry-title">食品安全这件小事</h1><time datetime="2026-11-20T00:05:00Z">11月20日</time></header><div class="entry-content"><p>${P1}</p><blockquote><p>${P2}</p></blockquote><ul><li>第一处问题：台账不全，缺少近三个月的进货凭证。</li><li>第二处问题：留样时间不足四十八小时。</li></ul><p>${P3}</p></div><footer>分类：生活 标签：食品</footer></article></main></body></html>`,
  { title: '食品安全这件小事', at: at('2026-11-20T08:05:00'), text: [P1, P2, '第一处问题', P3] },
);
add(
  'a newspaper in traditional characters',
  'https://news.example.hk/1',
  `<html lang=zh-HK><head><title>青石縣檢察院巡查食堂 - 每日新聞</title></head><body><h1>青石縣檢察院巡查食堂</h1><div class="date">2026年11月20日 上午8:05</div><div class="article-content"><p>青石縣人民檢察院聯同市場監管部門巡查學校食堂，重點檢查食材來源與留樣記錄，即場指出三項問題。</p><p>檢察官表示，將於一個月後再次到訪，並公布整改結果，讓家長安心。</p></div><div class="related">相關新聞</div></body></html>`,
  {
    title: '青石縣檢察院巡查食堂',
    at: at('2026-11-20T08:05:00'),
    text: ['青石縣人民檢察院聯同', '檢察官表示'],
  },
);
add(
  'a live report',
  'https://live.example.cn/1',
  `<html><head><title>直播：青石县食品安全听证会</title></head><body><h1>直播：青石县食品安全听证会</h1><div class="time">2026-11-20 09:00</div><div class="live-list"><div class="live-item"><span class="t">10:30</span><p>主持人宣布听证会结束，将择日公布听证意见。</p></div><div class="live-item"><span class="t">10:05</span><p>听证员就整改期限、回访方式向承办检察官提问。</p></div><div class="live-item"><span class="t">09:10</span><p>承办检察官介绍案件基本情况和拟处理意见。</p></div></div></body></html>`,
  { title: '直播：青石县食品安全听证会', at: at('2026-11-20T09:00:00'), text: ['主持人宣布听证会结束'] },
);
add(
  'a page of a printed paper',
  'https://paper.example.cn/a_1.html',
  `<html><head><title>青石县开展食品安全专项检查</title></head><body><div class="crumb">云州日报 > 法治</div><h2>青石县开展食品安全专项检查</h2><h3>——三处问题当场整改</h3><div class="info">云州日报 2026年11月20日 第3版</div><founder-content><P>${P1}</P><P>${P2}</P><P>${P3}</P></founder-content><div class="page"><a class=cur>1</a><a href=a_2.html>2</a><a href=a_2.html>下一页</a></div></body></html>`,
  { title: '青石县开展食品安全专项检查', at: at('2026-11-20T00:00:00'), text: [P1, P2, P3] },
);
add(
  'pictures with captions',
  'https://news.example.cn/p/1',
  `<html><head><title>组图：青石县检察院食品安全检查现场</title></head><body><h1>组图：青石县检察院食品安全检查现场</h1><div>2026-11-20 08:05 来源：云州日报</div><div class="pics"><p><img src=1.jpg></p><p>图为检察官在县一小食堂查看留样记录。（记者 张某某 摄）</p><p><img src=2.jpg></p><p>图为检察官在农贸市场向商户了解进货渠道。（记者 张某某 摄）</p></div></body></html>`,
  {
    title: '组图：青石县检察院食品安全检查现场',
    at: at('2026-11-20T08:05:00'),
    outlet: /云州日报/,
    text: ['图为检察官在县一小食堂'],
  },
);
add(
  'a notice of one sentence',
  'http://www.jcy.example.gov.cn/2.html',
  `<html><head><title>公告</title></head><body><div class="title">公告</div><div class="time">发布时间：2026-11-20 08:05:00</div><div class="cont"><p>本院定于11月25日上午9时公开听证，欢迎旁听。</p></div><div class="copy">版权所有：青石县人民检察院</div></body></html>`,
  { at: at('2026-11-20T08:05:00'), text: ['本院定于11月25日上午9时公开听证，欢迎旁听。'] },
);
add(
  'a microblog post',
  'https://weibo.example.cn/status/1',
  `<html><head><title>微博正文</title></head><body><div class="card"><header><a class="name">云州发布</a><span class="time">11-20 08:05</span><span class="from">来自 微博网页版</span></header><article class="weibo-text">【青石县开展食品安全专项检查】${P1}${P2}</article><footer><span>转发 12</span><span>评论 34</span><span>赞 56</span></footer></div><div class="comments"><div class="comment"><a class="name">小张</a><p class="text">支持，希望常态化检查。</p><span class="time">11-20 09:00</span></div><div class="comment"><a class="name">小李</a><p class="text">学校食堂最要紧，家长都看着呢。</p><span class="time">11-20 09:05</span></div></div></body></html>`,
  { at: at('2026-11-20T08:05:00'), text: ['青石县开展食品安全专项检查'], comments: 2 },
);
add(
  'a page built by a framework, with class names that say nothing',
  'https://next.example.cn/a/1',
  `<html><head><title>青石县开展食品安全专项检查</title><meta property="og:description" content="x"></head><body><div id="__next"><main><h1>青石县开展食品安全专项检查</h1><span>2026-11-20 08:05</span><div class="css-1x2y3z"><div class="css-aaa">${P1}</div><div class="css-aaa">${P2}</div><div class="css-aaa">${P3}</div></div></main></div><script id="__NEXT_DATA__" type="application/json">{"props":{"a":"${P1.repeat(5)}"}}</script></body></html>`,
  { title: '青石县开展食品安全专项检查', at: at('2026-11-20T08:05:00'), text: [P1, P2, P3] },
);
add(
  'a page in English',
  'https://en.example.cn/1',
  `<html><head><title>County procurators check school canteens | Yunzhou Daily</title></head><body><h1>County procurators check school canteens</h1><p class="byline">By Zhang Mou | Yunzhou Daily | Updated: 2026-11-20 08:05</p><p>Procurators in Qingshi county checked school canteens this week together with the market regulator, and found three problems that were put right at once.</p><p>The office said it would return in a month and publish what it found, as parents had asked for.</p></body></html>`,
  {
    title: 'County procurators check school canteens',
    at: at('2026-11-20T08:05:00'),
    text: ['Procurators in Qingshi', 'The office said'],
  },
);
add(
  'a page around a video',
  'https://tv.example.cn/v/1',
  `<html><head><title>[法治在线]青石县食品安全检查_云州网络电视台</title><meta name="description" content="本期节目主要内容：${P1}"></head><body><h1>[法治在线]青石县食品安全检查</h1><div class="info">来源：云州网络电视台 | 2026年11月20日 08:05</div><div class="player"></div><div class="brief"><p>本期节目主要内容：${P1}</p></div></body></html>`,
  { title: /青石县食品安全检查/, at: at('2026-11-20T08:05:00'), outlet: /云州网络电视台/, text: [P1] },
);
