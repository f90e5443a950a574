import { chosenChannels } from '../../../config/release-content.ts';
import type { Channel } from '../../../config/release-types.ts';
import type { PartName } from '../plain.ts';
import { limitsOf } from '../limits.ts';
import { messages } from './messages.ts';
import type { Check, Found } from './types.ts';

/** What each platform takes, counted as it counts; and what it asks for besides. */
export const limits: Check = {
  key: 'limits',
  run: ({ content }) => {
    const { details } = content;
    const found: Found[] = limitsOf(content).flatMap(({ key, channel, used, most, warnAbove, state }) => {
      if (state === 'fine') return [];
      const text =
        state === 'over' ? messages.limits[key](used, most) : messages.limitWarn(used, warnAbove ?? most);
      const severity = state === 'over' ? 'block' : 'warn';
      return [{ ...whole(channel, messages.limitNames[key]), severity, text }];
    });
    if (chosenChannels(content).length === 0)
      found.push({
        ...whole('website', messages.labels.channels),
        severity: 'block',
        text: messages.noChannel,
      });
    if (details.weibo.on && !details.website.on)
      found.push({
        ...whole('weibo', messages.labels.channels),
        severity: 'block',
        text: messages.weiboAlone,
      });
    if (details.wechat.on && details.wechat.coverId === null && details.coverId === null)
      found.push({ ...whole('wechat', messages.labels.cover), severity: 'block', text: messages.noCover });
    return found;
  },
};

const partOf: Record<Channel, PartName> = { website: 'details', weibo: 'weibo', wechat: 'wechat' };
const whole = (channel: Channel, quote: string) => ({
  ...{ part: partOf[channel], start: null, end: null, quote },
});
