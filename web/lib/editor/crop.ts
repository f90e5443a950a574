import type { MediaInfo } from '../../../config/media.ts';

/** A part of a picture in shares of its width and height. */
export type Part = { x: number; y: number; w: number; h: number };
export type Corner = 'nw' | 'ne' | 'sw' | 'se';

/** A form that a channel shows pictures in; `ratio` null: any. */
export type Ratio = { key: string; ratio: number | null };

/** The least share of a side that makes sense, and that a finger can still grab. */
const LEAST = 0.05;
/** No channel shows more pixels across. */
const MOST_WIDTH = 1_920;

const within = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

/**
 * The form of a part, as width to height in shares: a square part of a picture of 3 : 2 is two thirds as wide in shares as
 * it is high.
 */
export function formOf(ratio: number | null, width: number, height: number): number | null {
  return ratio === null ? null : (ratio * height) / width;
}

/** The largest part of a form, in the middle. */
export function largest(form: number | null): Part {
  if (form === null) return { x: 0, y: 0, w: 1, h: 1 };
  const [w, h] = form > 1 ? [1, 1 / form] : [form, 1];
  return { x: (1 - w) / 2, y: (1 - h) / 2, w, h };
}

export function moved(part: Part, byX: number, byY: number): Part {
  return { ...part, x: within(part.x + byX, 0, 1 - part.w), y: within(part.y + byY, 0, 1 - part.h) };
}

/** Larger or smaller around its middle, as far as the picture goes. */
export function scaled(part: Part, factor: number): Part {
  const most = Math.min(1 / part.w, 1 / part.h);
  const least = Math.max(LEAST / part.w, LEAST / part.h);
  const by = Math.min(Math.max(factor, Math.min(least, 1)), most);
  const [w, h] = [part.w * by, part.h * by];
  return moved({ x: part.x + (part.w - w) / 2, y: part.y + (part.h - h) / 2, w, h }, 0, 0);
}

/** A corner is drawn to a place; the one across stays, and so does the form. */
export function drawn(part: Part, corner: Corner, toX: number, toY: number, form: number | null): Part {
  const [west, north] = [corner.includes('w'), corner.includes('n')];
  const [fixX, fixY] = [west ? part.x + part.w : part.x, north ? part.y + part.h : part.y];
  const [roomX, roomY] = [west ? fixX : 1 - fixX, north ? fixY : 1 - fixY];
  let w = within(west ? fixX - toX : toX - fixX, Math.min(LEAST, roomX), roomX);
  let h = within(north ? fixY - toY : toY - fixY, Math.min(LEAST, roomY), roomY);
  if (form !== null) {
    w = Math.min(Math.max(w, h * form), roomX, roomY * form);
    h = w / form;
  }
  return { x: west ? fixX - w : fixX, y: north ? fixY - h : fixY, w, h };
}

/** Pixels of the part. */
export function pixelsOf({ w, h }: Part, { width, height }: { width: number; height: number }) {
  return { width: Math.round(w * width), height: Math.round(h * height) };
}

/** Shares as they are stored: x1, y1, x2, y2, to a hundred-thousandth, which is finer than any pixel. */
export function cornersOf({ x, y, w, h }: Part): [number, number, number, number] {
  const share = (value: number) => Number(within(value, 0, 1).toFixed(5));
  return [share(x), share(y), share(x + w), share(y + h)];
}

export function partOf(corners: readonly number[]): Part | null {
  const [x1, y1, x2, y2] = corners;
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return null;
  return x2 > x1 && y2 > y1 ? { x: x1, y: y1, w: x2 - x1, h: y2 - y1 } : null;
}

/** The part as a picture of its own. @throws when the browser cannot read the picture or make another */
export async function cutOut(media: MediaInfo, part: Part): Promise<File> {
  const image = new Image();
  image.src = media.address;
  await image.decode();
  const { naturalWidth, naturalHeight } = image;
  const size = pixelsOf(part, { width: naturalWidth, height: naturalHeight });
  const scale = Math.min(1, MOST_WIDTH / size.width);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(Math.round(size.width * scale), 1);
  canvas.height = Math.max(Math.round(size.height * scale), 1);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  // What can be seen through becomes white: platforms make it black.
  const type = media.mime === 'image/png' ? 'image/png' : 'image/jpeg';
  if (type === 'image/jpeg') {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.imageSmoothingQuality = 'high';
  const [x, y] = [part.x * naturalWidth, part.y * naturalHeight];
  context.drawImage(image, x, y, size.width, size.height, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.9));
  if (!blob) throw new Error('no picture');
  const name = media.name.replace(/\.[^.]+$/, '');
  return new File([blob], `${name}.${type === 'image/png' ? 'png' : 'jpg'}`, { type });
}
