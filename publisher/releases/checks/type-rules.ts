import { messages } from './messages.ts';
import type { Check, Found } from './types.ts';

const whole = (severity: Found['severity'], part: Found['part'], quote: string, text: string): Found => ({
  ...{ severity, part, start: null, end: null, quote, text },
});
const { labels } = messages;
/** By when, and where to. */
const DEADLINE = /截止|截至|之前|以前|日前|期限|\d{1,2}月\d{1,2}日/u;
const WAY = /邮箱|电话|信函|来信|邮寄|网址|扫码|留言|联系|热线|@/u;
const TIME = /\d{1,2}月\d{1,2}日|\d{1,2}日|[上下]午|[时点]/u;

/** What each type of release has to have. */
export const typeRules: Check = {
  key: 'type-rules',
  run: ({ content, parts }) => {
    const { type, details, title } = content;
    const { caseStage } = details;
    const text = parts.get('document') ?? '';
    const found: Found[] = [];
    const say = (...args: Parameters<typeof whole>) => found.push(whole(...args));
    if (title.trim() === '') say('block', 'title', labels.title, messages.noTitle);
    if (text.trim() === '') say('block', 'document', labels.text, messages.noText);
    if (type === 'legal-document' && caseStage !== 'concluded')
      say('block', 'details', labels.stage, messages.documentNotConcluded);
    if (type === 'case-information' && caseStage === 'none')
      say('block', 'details', labels.stage, messages.noStage);
    if ((type === 'typical-case' || type === 'law-by-case') && caseStage === 'pending')
      say('block', 'details', labels.stage, messages.caseNotConcluded);
    if (text !== '' && type === 'consultation') {
      if (!DEADLINE.test(text)) say('warn', 'document', labels.deadline, messages.noDeadline);
      if (!WAY.test(text)) say('warn', 'document', labels.way, messages.noWay);
    }
    if (text !== '' && (type === 'open-day' || type === 'press-conference') && !TIME.test(text))
      say('warn', 'document', labels.time, messages.noTime);
    return found;
  },
};
