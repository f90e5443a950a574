import type { Channel } from './release-types.ts';

/**
 * Hours of the day in Asia/Shanghai at which one publishes where too little is known of one's own readers: the hours in which
 * people look at each channel by custom (the start of work and before its end on a website; noon and evening on platforms).
 */
export const usualHours: Record<Channel, readonly number[]> = {
  website: [9, 15, 17],
  weibo: [9, 12, 18],
  wechat: [8, 12, 20],
};
