/** What can stand in a release, and how much of it. */
export const mediaKinds = ['image', 'video', 'audio', 'captions', 'attachment'] as const;
export type MediaKind = (typeof mediaKinds)[number];

const MB = 2 ** 20;
/** The most bytes of each kind. */
export const mediaMost: Readonly<Record<MediaKind, number>> = {
  image: 10 * MB,
  video: 60 * MB,
  audio: 20 * MB,
  captions: 1 * MB,
  attachment: 20 * MB,
};

/** A file comes in pieces of this many bytes: the hub holds no more of it at a time. */
export const MEDIA_PART = 4 * MB;
export const MEDIA_PARTS_MOST = Math.ceil(Math.max(...Object.values(mediaMost)) / MEDIA_PART);

/** Endings of the addresses, by what a file is. */
export const mediaEndings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'text/vtt': 'vtt',
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/zip': 'zip',
};

/** Name of a file in addresses: it says which bytes it is, so that it may be kept for ever. */
export function mediaFile({ id, sha256, mime }: { id: number; sha256: string; mime: string }): string {
  return `${id}-${sha256.slice(0, 12)}.${mediaEndings[mime] ?? 'bin'}`;
}

/** Where everybody has a file of an article that stands on the website. */
export const publicMediaAddress = (file: string): string => `/media/${file}`;
/** Where whoever may read the office's releases has it. */
export const deskMediaAddress = (file: string): string => `/releases/media/${file}`;

/** @returns null: no address of a file */
export function readMediaFile(file: string): { id: number; start: string } | null {
  const read = /^([1-9]\d{0,14})-([0-9a-f]{12})\.[a-z0-9]{2,4}$/.exec(file);
  return read ? { id: Number(read[1]), start: read[2] ?? '' } : null;
}

/** A part of a picture: shares of its width and height, from the top left corner. */
export type Crop = { ratio: string; x1: number; y1: number; x2: number; y2: number };

/** A file as the editor knows it. `address`: where whoever works at the desk has it. */
export type MediaInfo = {
  id: number;
  kind: MediaKind;
  name: string;
  mime: string;
  bytes: number;
  width: number | null;
  height: number | null;
  alt: string;
  cropOf: number | null;
  crop: Crop | null;
  address: string;
};
