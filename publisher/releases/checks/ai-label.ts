import { inParts } from './find-words.ts';
import { messages } from './messages.ts';
import type { Check } from './types.ts';

const MAKER =
  '(?:AI|ＡＩ|AIGC|人工智能|大模型|生成式人工智能|文心一言|豆包|通义千问|讯飞星火|DeepSeek|ChatGPT)';
const MADE = '(?:辅助)?(?:生成|创作|合成|制作|绘制|制图|绘图|作图|配图|撰写|写作)';
const THING =
  '(?:本文|本稿|本片|本视频|本海报|文中|文章|部分|以上|配图|插图|题图|封面|头图|图片|图|视频|音频|漫画|海报|内容|素材|画面)';
/** Said of the release itself: at the beginning of a line, a sentence or a bracket. Fraud by generated pictures is told otherwise. */
const SAID = new RegExp(
  `(?<=^|[。；，、：:（(【\\[\\n])${THING}{1,3}[^，。；\\n]{0,4}?(?:由|系|为|经|使用|利用|借助|采用|用)[^，。；\\n]{0,4}?${MAKER}[^，。；\\n]{0,4}?${MADE}`,
  'gimu',
);
const MARK = new RegExp(
  `[（(【\\[]${THING}{0,2}[：:]?(?:由)?${MAKER}${MADE}(?:内容|图片|图|视频)?[）)】\\]]`,
  'giu',
);

/** What was written by a machine says so to its readers (人工智能生成合成内容标识办法, in force since 2025-09-01). */
export const aiLabel: Check = {
  key: 'ai-label',
  run: ({ content, parts }) => {
    if (content.details.aiAssisted) return [];
    return inParts(parts, (text) =>
      [...text.matchAll(SAID), ...text.matchAll(MARK)].map(({ index, 0: quote }) => ({
        severity: 'block' as const,
        ...{ start: index, end: index + quote.length, quote, text: messages.notLabelled },
      })),
    );
  },
};
