import {
  mayLead,
  type Align,
  type Block,
  type Cell,
  type Inline,
  type Mark,
  type ReleaseDocument,
} from '../../config/release-document.ts';
import { escapeHtml, inlineHtml, spans } from './html.ts';

/**
 * The text of a release as the website shows it. Every word is escaped and every tag is one of these, so that it may be put
 * into a page as it is; a link that leads anywhere but to the web, mail, telephone or the site itself becomes plain words.
 * No style attributes: the site's rules for the content do not allow them.
 * @param mediaAddress where a picture, video, audio or caption file is to be had
 */
export function siteHtml(document: ReleaseDocument, mediaAddress: (id: number) => string): string {
  const blocks = (content: readonly Block[]): string => content.map(block).join('');

  function block(given: Block): string {
    switch (given.type) {
      case 'paragraph':
        return `<p${aligned(given.attrs?.textAlign)}>${inlines(given.content)}</p>`;
      case 'heading': {
        // The title of the page is its h1; a document's own headings begin below it.
        const tag = `h${given.attrs.level}`;
        return `<${tag}${aligned(given.attrs.textAlign)}>${inlines(given.content)}</${tag}>`;
      }
      case 'bulletList':
        return `<ul>${blocks(given.content)}</ul>`;
      case 'orderedList': {
        const start = given.attrs?.start ?? 1;
        return `<ol${start === 1 ? '' : ` start="${start}"`}>${blocks(given.content)}</ol>`;
      }
      case 'listItem':
        return `<li>${blocks(given.content)}</li>`;
      case 'blockquote':
        return `<blockquote>${blocks(given.content)}</blockquote>`;
      case 'horizontalRule':
        return '<hr>';
      case 'image': {
        const { mediaId, alt, caption } = given.attrs;
        const source = escapeHtml(mediaAddress(mediaId));
        return `<figure><img src="${source}" alt="${escapeHtml(alt)}" loading="lazy">${captioned(caption)}</figure>`;
      }
      case 'video': {
        const { mediaId, title, captionsId } = given.attrs;
        const track =
          captionsId === null
            ? ''
            : `<track kind="captions" srclang="zh" src="${escapeHtml(mediaAddress(captionsId))}" default>`;
        return `<figure><video controls preload="metadata" src="${escapeHtml(mediaAddress(mediaId))}"${labelled(title)}>${track}</video>${captioned(title)}</figure>`;
      }
      case 'audio': {
        const { mediaId, title, transcript } = given.attrs;
        const said = transcript
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => `<p>${escapeHtml(line)}</p>`)
          .join('');
        return `<figure><audio controls preload="metadata" src="${escapeHtml(mediaAddress(mediaId))}"${labelled(title)}></audio>${captioned(title)}${said && `<div class="transcript">${said}</div>`}</figure>`;
      }
      case 'table':
        return `<div class="table-wrap"><table><tbody>${given.content
          .map((row) => `<tr>${row.content.map(cell).join('')}</tr>`)
          .join('')}</tbody></table></div>`;
    }
  }

  function cell(given: Cell): string {
    const tag = given.type === 'tableHeader' ? 'th' : 'td';
    return `<${tag}${spans(given)}>${blocks(given.content)}</${tag}>`;
  }

  return blocks(document.content);
}

const inlines = (content?: readonly Inline[]) => inlineHtml(content, marked);

function marked(html: string, mark: Mark): string {
  switch (mark.type) {
    case 'bold':
      return `<strong>${html}</strong>`;
    case 'italic':
      return `<em>${html}</em>`;
    case 'underline':
      return `<u>${html}</u>`;
    case 'link':
      return mayLead(mark.attrs.href) ? `<a href="${escapeHtml(mark.attrs.href)}">${html}</a>` : html;
  }
}

function aligned(align: Align | null | undefined): string {
  return align === 'center' || align === 'right' ? ` class="${align}"` : '';
}

const labelled = (title: string) => (title === '' ? '' : ` aria-label="${escapeHtml(title)}"`);
const captioned = (caption: string) =>
  caption === '' ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`;

export { escapeHtml };
export { wechatHtml, type WechatNotes } from './wechat-html.ts';
