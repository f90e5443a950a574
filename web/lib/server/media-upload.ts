import { randomUUID } from 'node:crypto';
import { json } from '@sveltejs/kit';
import { z } from 'zod';
import {
  deskMediaAddress,
  mediaFile,
  mediaMost,
  MEDIA_PART,
  MEDIA_PARTS_MOST,
  type Crop,
  type MediaInfo,
} from '../../../config/media.ts';
import { blankOf, tracesOf, type Reader } from '../../../publisher/media/film.ts';
import { cleanPicture, PIXELS_MOST } from '../../../publisher/media/picture.ts';
import { recognise } from '../../../publisher/media/recognise.ts';
import {
  addMedia,
  dropParts,
  keepPart,
  mediaById,
  partsBytes,
  partsKept,
  type MediaRow,
  type NewMedia,
} from '../../../store/media.ts';
import { writingMessages } from '../messages/writing.ts';
import { readBytes } from './body.ts';
import type { Desk } from './desk.ts';

const words = writingMessages.media;

/** A file may come in one piece as far as the server takes it at all (hub/roles/web.ts). */
const WHOLE = mediaMost.attachment;

/** What an address says of the piece that comes with it; the body is nothing but the piece. */
const asked = z
  .object({
    upload: z.uuid().default(() => randomUUID()),
    part: z.coerce.number().int().min(0).default(0),
    parts: z.coerce.number().int().min(1).max(MEDIA_PARTS_MOST).default(1),
    name: z.string().trim().max(300).default(''),
    alt: z.string().trim().max(200).default(''),
    of: z.coerce.number().int().positive().optional(),
    crop: z.string().max(200).optional(),
  })
  .refine(({ part, parts }) => part < parts);

const share = z.number().min(0).max(1);
const crop = z
  .object({ ratio: z.string().max(20), x1: share, y1: share, x2: share, y2: share })
  .refine(({ x1, y1, x2, y2 }) => x1 < x2 && y1 < y2);

/** A file as the editor gets it; `address` is for the desk. */
export function mediaInfo(row: MediaRow): MediaInfo {
  const { id, kind, name, mime, bytes, width, height, alt, cropOf, crop: cut } = row;
  const address = deskMediaAddress(mediaFile(row));
  return { id, kind, name, mime, bytes, width, height, alt, cropOf, crop: cut, address };
}

/**
 * Takes a piece of a file; with the last one the file is looked at and kept. The answer to a piece is 202, to the last one 201
 * with the file, to what cannot be taken 4xx with a `message`.
 */
export async function takeMediaPart(
  desk: Desk,
  officeId: number,
  request: Request,
  url: URL,
): Promise<Response> {
  const refuse = (status: number, message: string) => json({ message }, { status });
  const read = asked.safeParse(Object.fromEntries(url.searchParams));
  if (!read.success) return refuse(400, words.request);
  const { upload, part, parts } = read.data;
  const cut = readCrop(read.data.of, read.data.crop);
  if (cut === 'wrong') return refuse(400, words.request);
  const piece = await readBytes(request, parts === 1 ? WHOLE : MEDIA_PART);
  if (piece === null) return refuse(413, words.tooMany(Math.max(...Object.values(mediaMost))));
  if (piece.length === 0) return refuse(400, words.empty);
  if (part + 1 < parts && piece.length !== MEDIA_PART) return refuse(400, words.request);
  await keepPart(desk.db, desk.actor, officeId, upload, part, Buffer.from(piece));
  const kept = await partsKept(desk.db, desk.actor, upload);
  if (kept.parts < parts) return json({ parts: kept.parts }, { status: 202 });
  const made = await look(desk, { upload, size: kept.bytes, piece: parts === 1 ? WHOLE : MEDIA_PART }, cut);
  if (typeof made === 'string') {
    await dropParts(desk.db, desk.actor, upload);
    return refuse(422, made);
  }
  const name = [...read.data.name.toWellFormed().replace(/[\0-\x1f\x7f/\\]/g, '')].slice(0, 120).join('');
  const row = await addMedia(desk.db, desk.actor, officeId, {
    ...made,
    ...{ name: name || words.unnamed, alt: read.data.alt.toWellFormed().replaceAll('\0', ''), cropOf: cut },
  });
  if (Buffer.isBuffer(made.data)) await dropParts(desk.db, desk.actor, upload);
  return json(mediaInfo(row), { status: 201 });
}

/** Archives say only at their end what they hold; everything else is known by its beginning. */
const HEAD = 1_024;

/** What a file is. @returns a sentence when it cannot be taken */
async function look(
  { db, actor }: Desk,
  { upload, size, piece }: { upload: string; size: number; piece: number },
  cut: NewMedia['cropOf'],
): Promise<Pick<NewMedia, 'kind' | 'mime' | 'width' | 'height' | 'data'> | string> {
  const read: Reader = (at, length) => partsBytes(db, actor, upload, piece, at, length);
  const whole = () => read(0, size);
  const first = await read(0, HEAD);
  const archive = first.toString('latin1', 0, 4) === 'PK\x03\x04' && size <= mediaMost.attachment;
  const found = recognise(archive ? await whole() : first);
  if ('refused' in found) return words.refusals[found.refused];
  const { kind, mime } = found;
  if (size > mediaMost[kind]) return words.tooLarge(kind, mediaMost[kind]);
  if (cut && (kind !== 'image' || (await mediaById(db, cut.id))?.kind !== 'image')) return words.cropOf;
  if (kind === 'image') {
    const picture = cleanPicture(await whole(), mime);
    if (!picture) return words.broken;
    if (picture.width * picture.height > PIXELS_MOST) return words.tooManyPixels;
    return { kind, mime, width: picture.width, height: picture.height, data: picture.bytes };
  }
  if (kind === 'captions' && !isUtf8(await whole())) return words.captions;
  const traces = mime.endsWith('/mp4') ? await tracesOf(read, size) : [];
  const blanks = traces.map((trace) => ({ at: trace.at, bytes: blankOf(trace) }));
  return { kind, mime, width: null, height: null, data: { upload, blanks } };
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function readCrop(of: number | undefined, text: string | undefined): NewMedia['cropOf'] | 'wrong' {
  if (of === undefined && text === undefined) return null;
  try {
    const read: Crop = crop.parse(JSON.parse(text ?? ''));
    return of === undefined ? 'wrong' : { id: of, crop: read };
  } catch {
    return 'wrong';
  }
}
