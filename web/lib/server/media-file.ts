import { error } from '@sveltejs/kit';
import { readMediaFile } from '../../../config/media.ts';
import { mediaById, mediaBytes } from '../../../store/media.ts';
import type { Store } from '../../../store/pool.ts';
import { messages } from '../messages.ts';

/** As much of a file as is held at a time, for each reader. */
const PIECE = 256 * 1_024;

/** A file never changes under its name: it may be kept for a year, by whom says `who`. */
const kept = (who: 'public' | 'private') => `${who}, max-age=31536000, immutable`;

/**
 * A file, or the range of it that was asked for (RFC 9110, 14: a single one; of several the whole file is sent).
 * @param db what it may be read from decides who gets it
 * @throws 404 when there is no such file there, or it is another one than the name says
 */
export async function serveMedia(
  db: Store,
  file: string,
  request: Request,
  who: 'public' | 'private',
): Promise<Response> {
  const named = readMediaFile(file);
  const media = named && (await mediaById(db, named.id));
  if (!media?.sha256.startsWith(named?.start ?? '-')) error(404, messages.errors.notFound);
  const { id, mime, bytes: size, kind, name, sha256 } = media;
  const tag = `"${sha256.slice(0, 32)}"`;
  const headers: Record<string, string> = {
    'content-type': kind === 'captions' ? `${mime}; charset=utf-8` : mime,
    'cache-control': kept(who),
    etag: tag,
    'accept-ranges': 'bytes',
    ...(kind === 'attachment' && {
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`,
    }),
  };
  if (request.headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers });
  const condition = request.headers.get('if-range');
  const range =
    condition === null || condition === tag ? readRange(request.headers.get('range'), size) : null;
  if (range === 'none') {
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } });
  }
  const { from, to } = range ?? { from: 0, to: size - 1 };
  headers['content-length'] = String(to - from + 1);
  if (range) headers['content-range'] = `bytes ${from}-${to}/${size}`;
  return new Response(stream(db, id, from, to), { status: range ? 206 : 200, headers });
}

/** Read as the reader takes it: who watches a film slowly holds a piece of it, not the film. */
function stream(db: Store, id: number, from: number, to: number): ReadableStream<Uint8Array> {
  let at = from;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = await mediaBytes(db, id, at, Math.min(PIECE, to - at + 1));
      if (!piece || piece.length === 0) {
        controller.error(new Error(`file ${id} ended at ${at}`));
        return;
      }
      at += piece.length;
      controller.enqueue(piece);
      if (at > to) controller.close();
    },
  });
}

/** @returns null: the whole file; 'none': beyond its end */
export function readRange(header: string | null, size: number): { from: number; to: number } | 'none' | null {
  const read = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!read || (read[1] === '' && read[2] === '')) return null;
  if (read[1] === '') {
    const last = Number(read[2]);
    return last === 0 ? 'none' : { from: Math.max(0, size - last), to: size - 1 };
  }
  const from = Number(read[1]);
  const to = read[2] === '' ? size - 1 : Math.min(Number(read[2]), size - 1);
  if (from >= size) return 'none';
  return from <= to ? { from, to } : null;
}
