import type { ReleaseContent } from '../../config/release-content.ts';
import { WEIBO_LINK_UNITS, WEIBO_MOST, weiboUnits } from './weibo-units.ts';

/**
 * What is posted on Weibo, without the link that is put behind it: what was written for it, else title and summary, as much
 * of them as fits.
 */
export function weiboText({ title, summary, details }: ReleaseContent): string {
  if (details.weibo.text !== null) return details.weibo.text;
  const whole = `【${title}】${summary}`;
  const most = WEIBO_MOST - WEIBO_LINK_UNITS;
  if (weiboUnits(whole) <= most) return whole;
  const letters = [...whole];
  while (letters.length > 0 && weiboUnits(`${letters.join('')}…`) > most) letters.pop();
  return `${letters.join('')}…`;
}
