import type { SiteKey } from './story/types.ts';

/** CSS selectors of a site's pages. */
export interface SiteSettings {
  list: { link: string; next: string; maxPages: number; maxItems: number };
  article?: {
    title?: string;
    text?: string;
    publishedAt?: string;
    outlet?: string;
    remove?: string;
    comment?: { item: string; text: string; publishedAt?: string; likes?: string };
  };
  thread?: { item: string; text: string; publishedAt: string; next: string };
}

/** JMESPath into a JSON answer. */
export interface ApiSettings {
  items: string;
  next: string;
  nextParam: string;
  maxPages: number;
  fields: { id: string; text: string; publishedAt: string; likes: string; comments: string; shares: string };
  urlTemplate: string;
}

interface SourceBase {
  key: string;
  /** Code of the office below that listens here; absent: the hub's own. */
  office?: string;
  name: string;
  url: string;
  outlet: string;
  intervalSeconds: number;
  /** Bounds how seldom a site is visited that has nothing new: there is always something to see. */
  longestIntervalSeconds: number;
  legalBasis: string;
  impactNote: string;
  approvedBy: string;
}

export type SampleSource = SourceBase &
  (
    | { kind: 'feed'; settings: Record<string, never> }
    | { kind: 'site'; settings: SiteSettings }
    | { kind: 'api'; settings: ApiSettings }
  );

const approval = {
  legalBasis:
    '检察机关听取社会意见、接受群众监督的职责；只读取已公开内容（《网络数据安全管理条例》第十八条、第二十四条）',
  approvedBy: '示例',
};

/** The hub's source definitions for the sample sites. */
export function sampleSources(addresses: Record<SiteKey, string>): SampleSource[] {
  return [
    {
      ...approval,
      key: 'sample-news',
      name: '云州新闻网',
      kind: 'site',
      url: `${addresses.news}/list/1.html`,
      outlet: '云州新闻网',
      intervalSeconds: 30,
      longestIntervalSeconds: 60,
      impactNote:
        '示例站点。每半分钟读取列表页与新稿件，遵守 robots.txt；不保存评论者昵称、头像、主页与IP属地。',
      settings: {
        list: { link: 'ul.news-list li:not(.ad) > a', next: '.pages a.next', maxPages: 80, maxItems: 5000 },
        article: {
          title: 'h1.title',
          text: '#content',
          publishedAt: '.article .info',
          outlet: '.info .source',
          remove: '.ad-inline, script, .share, .related, .editor',
          comment: {
            item: '#comments li.comment',
            text: '.comment-text',
            publishedAt: '.meta time',
            likes: '.like .n',
          },
        },
      },
    },
    {
      ...approval,
      key: 'sample-forum',
      name: '云州论坛',
      kind: 'site',
      url: `${addresses.forum}/board-1.html`,
      outlet: '云州论坛',
      intervalSeconds: 30,
      longestIntervalSeconds: 60,
      impactNote: '示例站点（GBK 编码）。每半分钟读取版块页与有新回复的主题；不保存楼层作者信息。',
      settings: {
        list: { link: '#threadlist tbody.normal a.xst', next: '.pg a.nxt', maxPages: 60, maxItems: 5000 },
        thread: { item: '#postlist > .floor', text: '.t_f', publishedAt: '.authi em', next: '.pg a.nxt' },
      },
    },
    {
      ...approval,
      key: 'sample-weibo',
      name: '云州微议',
      kind: 'api',
      url: `${addresses.weibo}/api/timeline?count=50`,
      outlet: '云州微议',
      intervalSeconds: 15,
      longestIntervalSeconds: 30,
      impactNote: '示例接口。每十五秒读取公开时间线；不保存 user 与 region_name 字段。',
      settings: {
        items: 'data.list',
        next: 'data.next_cursor',
        nextParam: 'cursor',
        maxPages: 100,
        fields: {
          id: 'id',
          text: 'text',
          publishedAt: 'created_at',
          likes: 'attitudes_count',
          comments: 'comments_count',
          shares: 'reposts_count',
        },
        urlTemplate: `${addresses.weibo}/status/{id}`,
      },
    },
    feed(
      'rss',
      '云州热线',
      `${addresses.rss}/rss.xml`,
      '示例订阅（RSS 2.0）。转载站，稿件多与原发媒体近似重复。',
    ),
    feed(
      'atom',
      '云州市人民检察院',
      `${addresses.atom}/atom.xml`,
      '示例订阅（Atom）。本院自己发布的检务动态。',
    ),
    {
      ...feed(
        'jsonfeed',
        '区县融媒',
        `${addresses.jsonfeed}/feed.json`,
        '示例订阅（JSON Feed 1.1）。区县融媒体中心稿件。',
      ),
      office: 'sample-530121',
    },
  ];
}

function feed(site: SiteKey, name: string, url: string, impactNote: string): SampleSource {
  const times = { intervalSeconds: 60, longestIntervalSeconds: 120 };
  const base = { key: `sample-${site}`, name, url, outlet: name, ...times, impactNote };
  return { ...approval, ...base, kind: 'feed', settings: {} };
}
