import { lineNames, relevanceNames, voiceNames } from '../../../config/class-names.ts';

/** What pages say about what a post is: business line, kind of voice, and whether it has to do with the work. */
export const classes = {
  line: '业务条线',
  voice: '声音类型',
  relevance: '相关性',
  place: '地区',
  /** Where nothing speaks for one. */
  noLine: '未分条线',
  noVoice: '未分类型',
  noPlace: '地区不详',
  lines: lineNames,
  voices: voiceNames,
  relevances: relevanceNames,
  hints: {
    line: '按词表从文字判断，可人工更正。',
    voice: '说话的人想要什么：提问、投诉、建议、表扬、传言或者新闻报道。',
    relevance: '广告和无关内容仍然入库计数，默认不出现在列表里；符合监测方案的不会判为无关。',
    place: '文字所说的事在哪里，按国家标准行政区划；从不使用发帖人的所在地。',
  },
} as const;
