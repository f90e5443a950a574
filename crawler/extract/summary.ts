import { sizeOf } from './page.ts';

/** A text that breaks off, or that ends with the way to its rest. */
const CUT =
  /(?:…|\.{3}|\[\s?(?:…|\.{3}|&hellip;)\s?\]|(?:阅读|查看|閱讀|繼續|继续)(?:全文|原文|更多|閱讀|阅读)|详细(?:内容|>>)|read (?:more|the rest)|continue reading)[\s\p{P}\p{S}]*$/iu;

/** Only the end is looked at: a text may be dots from its first character on. */
const isCut = (text: string): boolean => CUT.test(text.slice(-60));

/** In Chinese characters. A summary of two or three sentences is shorter; the place for the whole text holds shorter ones too. */
const LEAST_WHOLE = 60;
const LEAST_ANYWHERE = 300;

/**
 * Whether a feed's text of an article is only a summary: it breaks off, repeats the headline, or is short.
 * @param whole it stands in the place for the whole text
 */
export function isSummary(text: string, title: string | null, whole: boolean): boolean {
  if (text === '' || text === title || isCut(text)) return true;
  return sizeOf(text) < (whole ? LEAST_WHOLE : LEAST_ANYWHERE);
}

/** The feed's text, where the page has less to say; a text that breaks off is worth less than its length. */
export function fullerText(ofFeed: string, ofPage: string): string {
  return sizeOf(ofFeed) * (isCut(ofFeed) ? 0.4 : 1) > sizeOf(ofPage) ? ofFeed : ofPage;
}
