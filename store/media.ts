import { createHash } from 'node:crypto';
import { mediaFile, type Crop, type MediaKind } from '../config/media.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** A file of an office without its bytes. */
export type MediaRow = {
  id: number;
  officeId: number;
  kind: MediaKind;
  name: string;
  mime: string;
  bytes: number;
  /** Hexadecimal digits. */
  sha256: string;
  width: number | null;
  height: number | null;
  alt: string;
  cropOf: number | null;
  crop: Crop | null;
};

const COLUMNS = `id, office_id as "officeId", kind, name, mime, bytes, sha256, width, height, alt, crop_of as "cropOf", crop`;

/** What is to be kept as a file: the bytes themselves, or the pieces that were put down before (`keepPart`). */
export type NewMedia = {
  kind: MediaKind;
  name: string;
  mime: string;
  width: number | null;
  height: number | null;
  alt: string;
  cropOf: { id: number; crop: Crop } | null;
  /** `blanks`: what is put over some of its bytes, without moving any. */
  data: Buffer | { upload: string; blanks: readonly { at: number; bytes: Buffer }[] };
};

/** Puts a piece of a file down until the others are there. The same piece again takes its place. */
export async function keepPart(
  db: Queryable,
  actor: Actor,
  officeId: number,
  upload: string,
  place: number,
  data: Buffer,
): Promise<void> {
  // Of others who broke off: nobody comes back for them.
  if (place === 0) await db.query(`delete from media_parts where made_at < now() - interval '1 day'`);
  await db.query(
    `insert into media_parts (office_id, upload, place, data, made_by) values ($1, $2, $3, $4, $5)
     on conflict (upload, place) do update set data = excluded.data where media_parts.made_by = excluded.made_by`,
    [officeId, upload, place, data, actor.id],
  );
}

/** How many pieces of a file its sender has put down, and how many bytes they are. */
export async function partsKept(
  db: Queryable,
  actor: Actor,
  upload: string,
): Promise<{ parts: number; bytes: number }> {
  const found = await db.query<{ parts: number; bytes: number }>(
    `select count(*)::int as parts, coalesce(sum(length(data)), 0)::int as bytes from media_parts
     where upload = $1 and made_by = $2`,
    [upload, actor.id],
  );
  return found.rows[0] ?? { parts: 0, bytes: 0 };
}

/** Some bytes of a file whose pieces were put down. @param size of a piece; the last one may be shorter */
export async function partsBytes(
  db: Queryable,
  actor: Actor,
  upload: string,
  size: number,
  from: number,
  length: number,
): Promise<Buffer> {
  const [first, last] = [Math.floor(from / size), Math.floor((from + length - 1) / size)];
  const found = await db.query<{ data: Buffer | null }>(
    `select substring(string_agg(data, ''::bytea order by place) from $5 for $6) as data from media_parts
     where upload = $1 and made_by = $2 and place between $3 and $4`,
    [upload, actor.id, first, last, from - first * size + 1, length],
  );
  return found.rows[0]?.data ?? Buffer.alloc(0);
}

export async function dropParts(db: Queryable, actor: Actor, upload: string): Promise<void> {
  await db.query('delete from media_parts where upload = $1 and made_by = $2', [upload, actor.id]);
}

/** Keeps a file for an office. Pieces are joined in the database and never leave it. */
export async function addMedia(
  store: Store,
  actor: Actor,
  officeId: number,
  media: NewMedia,
): Promise<MediaRow> {
  const { kind, name, mime, width, height, alt, cropOf, data } = media;
  return transaction(store, async (client) => {
    const whole = Buffer.isBuffer(data)
      ? { text: '$12::bytea as data', value: data }
      : {
          text: `(select string_agg(p.data, ''::bytea order by p.place) from media_parts p where p.upload = $12::uuid and p.made_by = $2) as data`,
          value: data.upload,
        };
    const found = await client.query<MediaRow>(
      `with file as (select ${whole.text})
       insert into media (office_id, made_by, kind, name, mime, width, height, alt, crop_of, crop, bytes, sha256, data)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, length(data), coalesce($11, encode(sha256(data), 'hex')), data from file
       returning ${COLUMNS}`,
      [
        ...[officeId, actor.id, kind, name, mime, width, height, alt],
        ...[cropOf?.id ?? null, cropOf ? JSON.stringify(cropOf.crop) : null],
        ...[Buffer.isBuffer(data) ? createHash('sha256').update(data).digest('hex') : null, whole.value],
      ],
    );
    if (!Buffer.isBuffer(data)) await dropParts(client, actor, data.upload);
    let row = found.rows[0] as MediaRow;
    for (const { at, bytes: blank } of Buffer.isBuffer(data) ? [] : data.blanks) {
      await client.query('update media set data = overlay(data placing $2 from $3) where id = $1', [
        ...[row.id, blank, at + 1],
      ]);
    }
    if (!Buffer.isBuffer(data) && data.blanks.length > 0) {
      const again = await client.query<MediaRow>(
        `update media set sha256 = encode(sha256(data), 'hex') where id = $1 returning ${COLUMNS}`,
        [row.id],
      );
      row = again.rows[0] as MediaRow;
    }
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'media-add', subject: `media:${row.id}` },
      after: { kind, name, mime, bytes: row.bytes, sha256: row.sha256 },
    });
    return row;
  });
}

export async function mediaById(db: Queryable, id: number): Promise<MediaRow | null> {
  const found = await db.query<MediaRow>(`select ${COLUMNS} from media where id = $1`, [id]);
  return found.rows[0] ?? null;
}

/** Files by their ids; what is gone or out of reach is not in it. */
export async function mediaByIds(db: Queryable, ids: readonly number[]): Promise<Map<number, MediaRow>> {
  const found = await db.query<MediaRow>(`select ${COLUMNS} from media where id = any ($1)`, [ids]);
  return new Map(found.rows.map((row) => [row.id, row]));
}

/** The file names (config/media.ts `mediaFile`) by which addresses of files are made. */
export async function mediaFiles(db: Queryable, ids: readonly number[]): Promise<Map<number, string>> {
  return new Map([...(await mediaByIds(db, ids))].map(([id, row]) => [id, mediaFile(row)]));
}

/** The pictures that were cut from one, the newest first. */
export async function cropsOf(db: Queryable, id: number): Promise<MediaRow[]> {
  const found = await db.query<MediaRow>(
    `select ${COLUMNS} from media where crop_of = $1 order by id desc limit 50`,
    [id],
  );
  return found.rows;
}

/** The office's files of a kind that are no crops, the newest first: to be used again. */
export async function officeMedia(
  db: Queryable,
  officeId: number,
  kind: MediaKind,
  limit = 60,
): Promise<MediaRow[]> {
  const found = await db.query<MediaRow>(
    `select ${COLUMNS} from media where office_id = $1 and kind = $2 and crop_of is null order by id desc limit $3`,
    [officeId, kind, Math.min(limit, 200)],
  );
  return found.rows;
}

/** The bytes of a file, or some of them. @param from the first one, from 0 */
export async function mediaBytes(
  db: Queryable,
  id: number,
  from = 0,
  length: number | null = null,
): Promise<Buffer | null> {
  const found = await db.query<{ data: Buffer }>(
    length === null
      ? 'select data from media where id = $1'
      : 'select substring(data from $2 for $3) as data from media where id = $1',
    length === null ? [id] : [id, from + 1, length],
  );
  return found.rows[0]?.data ?? null;
}
