/** What the field publishes (检务公开, 重要案件信息, 以案释法 …). */
export const releaseTypes = [
  'case-information',
  'legal-document',
  'notice',
  'work-report',
  'law-by-case',
  'typical-case',
  'press-conference',
  'open-day',
  'consultation',
  'response',
] as const;
export type ReleaseType = (typeof releaseTypes)[number];

export const channels = ['website', 'weibo', 'wechat'] as const;
export type Channel = (typeof channels)[number];
