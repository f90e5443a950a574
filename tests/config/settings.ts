/** The smallest settings that are right, and one source of each kind; tests change what they are about. */
export const office = { code: '530000', name: '云州市人民检察院', level: 'municipal' };

export const crawler = { contact: '云州市人民检察院办公室 0000-12309' };

const common = {
  url: 'https://news.example.com/list/1.html',
  legalBasis: '履行检察职责所必需',
  impactNote: '每小时一次请求',
  approvedBy: '办公室',
};

export const feedSource = { key: 'city-daily', name: '云州日报', kind: 'feed', ...common };

export const siteSource = { key: 'city-news', name: '云州新闻网', kind: 'site', ...common, settings: {} };

export const apiSource = {
  key: 'city-posts',
  name: '云州微议',
  kind: 'api',
  ...common,
  settings: {
    items: 'data.list',
    fields: { id: 'id', text: 'text' },
    urlTemplate: 'https://api.example.com/status/{id}',
  },
};
