/** Word and WPS name their styles in the language of the program: what each becomes, as mammoth reads it. */
import styleMap from '../../../config/defaults/word-styles.json' with { type: 'json' };
import { cleanHtml, type Left } from './clean.ts';

export const MOST_DOCX_BYTES = 20 * 1024 * 1024;

export type Imported = {
  /** The document's title by its style, if it has one; it is not in the text then. */
  title: string | null;
  html: string;
  /** `uploads`: pictures of the document that did not reach the hub. */
  left: Left & { uploads: number };
};

/**
 * Reads a document of Word. It is read in the browser and never reaches the hub; its pictures do, one after the other.
 * @param send puts a picture into the hub; null: it did not arrive
 * @throws when it is no document of Word, is broken or has a password
 */
export async function readDocx(
  file: File,
  send: (picture: File) => Promise<number | null>,
): Promise<Imported> {
  const { default: mammoth } = await import('mammoth');
  let uploads = 0;
  let count = 0;
  const convertImage = mammoth.images.imgElement(async (image) => {
    const type = image.contentType;
    count += 1;
    const name = `${file.name.replace(/\.docx$/i, '')}-${count}.${type.split('/')[1] ?? 'img'}`;
    const id = /^image\/(?:jpeg|png|gif|webp)$/.test(type)
      ? await send(new File([await image.readAsArrayBuffer()], name, { type }))
      : null;
    if (id === null) uploads += 1;
    return { src: id === null ? '' : `medium:${id}` };
  });
  const read = await mammoth.convertToHtml(
    { arrayBuffer: await file.arrayBuffer() },
    { styleMap, convertImage },
  );
  const { title, rest } = titled(read.value);
  const { html, left } = cleanHtml(rest, true);
  return { title, html, left: { ...left, uploads } };
}

/** The text without its title, which a release has beside it. */
function titled(html: string): { title: string | null; rest: string } {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const first = body.firstElementChild;
  const title = first?.tagName === 'H1' ? (first.textContent ?? '').trim() : '';
  if (title === '') return { title: null, rest: html };
  first?.remove();
  return { title, rest: body.innerHTML };
}
