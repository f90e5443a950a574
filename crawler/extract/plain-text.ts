import { Parser } from 'htmlparser2';

/** Elements that begin a new paragraph. */
const BLOCKS = new Set(
  'address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' ',
  ),
);
const SILENT = new Set(['script', 'style', 'noscript', 'template', 'iframe']);

/**
 * The text of an HTML fragment: entities resolved, tags gone, paragraphs parted by `\n`, spaces folded. Text without
 * any tag comes back as it is, folded. Never a NUL, nor half a character.
 */
export function plainText(html: string): string {
  let text = '';
  let silent = 0;
  const parser = new Parser({
    onopentag(name) {
      if (SILENT.has(name)) silent += 1;
      if (BLOCKS.has(name)) text += '\n';
    },
    ontext(piece) {
      if (silent === 0) text += piece;
    },
    onclosetag(name) {
      if (SILENT.has(name)) silent -= 1;
      if (BLOCKS.has(name)) text += '\n';
    },
  });
  // What comes out of JSON may hold characters that no text has and no database takes.
  parser.end(html.replaceAll('\0', '').toWellFormed());
  return text
    .split('\n')
    .map((line) => line.replace(/[\s\u00a0\u3000]+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
