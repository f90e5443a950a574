/** What the platform makes of the HTML that it is given; `null` where it refuses it. */
export type Rewritten = { html: string; foreignLink: boolean };

/** Elements that go with all that is in them. */
const WITH_CONTENT =
  /<(script|style|form|object|embed|svg|math|template|noscript)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const IFRAME = /<iframe\b[^>]*>(?:[\s\S]*?<\/iframe\s*>)?/gi;
const OWN_PICTURE = /^https?:\/\/mmbiz\.q(?:pic|logo)\.cn\//i;
const OWN_VIDEO = /\b(?:data-)?src\s*=\s*["']?https?:\/\/(?:mp\.weixin|v)\.qq\.com\//i;
const OWN_LINK = /^https?:\/\/mp\.weixin\.qq\.com\//i;
const LINK = /<a\b([^>]*)>([\s\S]*?)<\/a\s*>/gi;

/**
 * A text as it is read back from the draft box: pictures of other places dropped, scripts, forms and frames removed, colours
 * written anew, styles of code gone, links to other places told (`foreignLink`) and their words kept.
 */
export function rewrite(html: string): Rewritten {
  let foreignLink = false;
  const text = html
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(WITH_CONTENT, '')
    .replaceAll(IFRAME, (frame) => (OWN_VIDEO.test(frame) ? frame : ''))
    .replaceAll(/<\/?(?:input|button|select|textarea|link|meta|base|html|head|body)\b[^>]*>/gi, '')
    .replaceAll(/<img\b[^>]*>/gi, (image) => {
      const source = attribute(image, 'src') ?? attribute(image, 'data-src');
      return source !== null && OWN_PICTURE.test(source) ? image : '';
    })
    .replaceAll(LINK, (whole, attributes: string, words: string) => {
      const href = attribute(attributes, 'href');
      if (href === null || href.startsWith('#') || OWN_LINK.test(href)) return whole;
      foreignLink = true;
      return words;
    })
    .replaceAll(/<code\b[^>]*>/gi, '<code>')
    .replaceAll(/<[a-z][^>]*>/gi, (tag) =>
      tag
        .replaceAll(/\son[a-z]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, '')
        .replaceAll(/#([0-9a-f]{6}|[0-9a-f]{3})\b(?=[^"']*["'])/gi, (_, hex: string) => rgb(hex)),
    );
  return { html: text, foreignLink };
}

/** The words of a text, as the platform makes a summary of it. */
export function wordsOf(html: string): string {
  return html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  return found ? (found[1] ?? found[2] ?? found[3] ?? '').trim() : null;
}

function rgb(hex: string): string {
  const long = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
  const parts = [0, 2, 4].map((at) => parseInt(long.slice(at, at + 2), 16));
  return `rgb(${parts.join(', ')})`;
}
