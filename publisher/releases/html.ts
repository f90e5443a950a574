import type { Cell, Inline, Mark } from '../../config/release-document.ts';

/** Words as they may stand in HTML, between tags and within quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** The attributes with which a cell of a table reaches over others. */
export function spans({ attrs }: Cell): string {
  const { colspan = 1, rowspan = 1 } = attrs ?? {};
  return `${colspan > 1 ? ` colspan="${colspan}"` : ''}${rowspan > 1 ? ` rowspan="${rowspan}"` : ''}`;
}

/** The marks of a word, each kind once: a link within a link would end the outer one. */
function distinct(marks: readonly Mark[] = []): readonly Mark[] {
  return marks.filter((mark, place) => marks.findIndex(({ type }) => type === mark.type) === place);
}

/** Words within a paragraph, escaped. @param marked what each mark is made of */
export function inlineHtml(
  content: readonly Inline[] = [],
  marked: (html: string, mark: Mark) => string,
): string {
  return content
    .map((inline) => {
      if (inline.type === 'hardBreak') return '<br>';
      return distinct(inline.marks).reduceRight((html, mark) => marked(html, mark), escapeHtml(inline.text));
    })
    .join('');
}
