import type { Align, Block, Cell, Inline, Mark, ReleaseDocument } from '../../config/release-document.ts';
import { escapeHtml, inlineHtml, spans } from './html.ts';
import { messages } from './messages.ts';

/**
 * Colours as `rgb(r, g, b)`: the platform rewrites every other form, and what is read back would differ from what was sent.
 */
const STYLES = {
  paragraph: 'margin: 0 0 1em; line-height: 1.75; font-size: 16px; text-align: justify',
  2: 'margin: 1.6em 0 0.8em; line-height: 1.5; font-size: 19px; font-weight: bold',
  3: 'margin: 1.4em 0 0.7em; line-height: 1.5; font-size: 17px; font-weight: bold',
  4: 'margin: 1.2em 0 0.6em; line-height: 1.5; font-size: 16px; font-weight: bold',
  item: 'margin: 0 0 0.5em; line-height: 1.75; font-size: 16px',
  quote:
    'margin: 0 0 1em; padding: 0.6em 1em 0.1em; border-left: 3px solid rgb(200, 200, 200); color: rgb(90, 90, 90)',
  rule: 'margin: 1.6em 0; border: none; border-top: 1px solid rgb(220, 220, 220)',
  picture: 'margin: 0 0 0.4em; text-align: center',
  image: 'max-width: 100%; height: auto',
  caption: 'margin: 0 0 1em; text-align: center; font-size: 14px; color: rgb(130, 130, 130)',
  aside: 'margin: 0 0 1em; font-size: 14px; color: rgb(130, 130, 130)',
  table: 'width: 100%; margin: 0 0 1em; border-collapse: collapse; font-size: 14px',
  cell: 'padding: 6px 8px; border: 1px solid rgb(210, 210, 210); text-align: left',
} as const;

/** Articles of official accounts may be linked to; any other link is refused (45166) or dropped. */
const OWN_LINK = /^https:\/\/mp\.weixin\.qq\.com\//;

/** What is told below the text because the platform cannot show it. */
export type WechatNotes = { attachments?: boolean; aiAssisted?: boolean };

/**
 * The text of a release as an article of an official account: styles on every tag, since the platform knows no style sheets;
 * lists as marked paragraphs, since it renders them unevenly; links as words; videos and audios told with the link to the
 * website that stands below every article ("阅读原文").
 * @param imageUrl the address that uploadimg gave for a picture: others are dropped by the platform
 */
export function wechatHtml(
  document: ReleaseDocument,
  imageUrl: (mediaId: number) => string,
  notes: WechatNotes = {},
): string {
  const blocks = (content: readonly Block[]): string => content.map((inner) => block(inner)).join('');

  /** @param mark what stands before the first line of a list's item; @param depth of the list */
  function block(given: Block, mark = '', depth = 0): string {
    switch (given.type) {
      case 'paragraph': {
        const style = depth > 0 ? `${STYLES.item}; ${indented(depth)}` : STYLES.paragraph;
        return tag('p', aligned(style, given.attrs?.textAlign), mark + (inlines(given.content) || '<br>'));
      }
      case 'heading': {
        const { level, textAlign } = given.attrs;
        return tag(`h${level}`, aligned(STYLES[level], textAlign), mark + inlines(given.content));
      }
      case 'bulletList':
        return given.content.map((item) => listed(item, '• ', depth + 1)).join('');
      case 'orderedList': {
        const first = given.attrs?.start ?? 1;
        return given.content.map((item, n) => listed(item, `${first + n}. `, depth + 1)).join('');
      }
      case 'listItem':
        return listed(given, mark, depth);
      case 'blockquote':
        return tag('blockquote', STYLES.quote, blocks(given.content));
      case 'horizontalRule':
        return `<hr style="${STYLES.rule}">`;
      case 'image': {
        const { mediaId, alt, caption } = given.attrs;
        const image = `<img src="${escapeHtml(imageUrl(mediaId))}" alt="${escapeHtml(alt)}" style="${STYLES.image}">`;
        return tag('p', STYLES.picture, image) + said(STYLES.caption, caption);
      }
      case 'video':
        return said(STYLES.aside, messages.video(given.attrs.title));
      case 'audio':
        return said(STYLES.aside, messages.audio(given.attrs.title));
      case 'table': {
        const rows = given.content.map((row) => `<tr>${row.content.map(cell).join('')}</tr>`).join('');
        return tag('table', STYLES.table, `<tbody>${rows}</tbody>`);
      }
    }
  }

  function listed(item: Block, mark: string, depth: number): string {
    const inner = item.type === 'listItem' ? item.content : [item];
    return inner.map((each, n) => block(each, n === 0 ? mark : '', depth)).join('');
  }

  function cell(given: Cell): string {
    const name = given.type === 'tableHeader' ? 'th' : 'td';
    // The paragraph of a plain cell would only add a margin.
    const [only] = given.content;
    const plain = given.content.length === 1 && only?.type === 'paragraph';
    const inner = plain ? inlines(only.content) : blocks(given.content);
    return `<${name}${spans(given)} style="${STYLES.cell}">${inner}</${name}>`;
  }

  return [
    blocks(document.content),
    notes.attachments ? said(STYLES.aside, messages.attachments) : '',
    notes.aiAssisted ? said(STYLES.aside, messages.aiAssisted) : '',
  ].join('');
}

const inlines = (content?: readonly Inline[]) => inlineHtml(content, marked);

function marked(html: string, mark: Mark): string {
  switch (mark.type) {
    case 'bold':
      return `<strong>${html}</strong>`;
    case 'italic':
      return `<em>${html}</em>`;
    case 'underline':
      return `<span style="text-decoration: underline">${html}</span>`;
    case 'link':
      return OWN_LINK.test(mark.attrs.href) ? `<a href="${escapeHtml(mark.attrs.href)}">${html}</a>` : html;
  }
}

const tag = (name: string, style: string, inner: string) => `<${name} style="${style}">${inner}</${name}>`;
const said = (style: string, text: string) => (text === '' ? '' : tag('p', style, escapeHtml(text)));
const indented = (depth: number) => `padding-left: ${depth * 1.2}em`;

function aligned(style: string, align: Align | null | undefined): string {
  return align === 'center' || align === 'right'
    ? `${style.replace('; text-align: justify', '')}; text-align: ${align}`
    : style;
}
