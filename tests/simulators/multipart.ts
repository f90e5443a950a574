export type Part = { name: string; filename: string | null; bytes: Buffer };

/** The parts of a `multipart/form-data` body; null when it is none. */
export function partsOf(contentType: string | undefined, body: Buffer): Part[] | null {
  const found = /^multipart\/form-data;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '');
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) return null;
  const parts: Part[] = [];
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); at !== -1;) {
    const from = at + mark.length;
    const next = body.indexOf(mark, from);
    // The last mark has two more dashes and nothing behind it.
    if (next === -1) break;
    const part = partOf(body.subarray(from + 2, next - 2));
    if (part) parts.push(part);
    at = next;
  }
  return parts;
}

function partOf(bytes: Buffer): Part | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const head = bytes.subarray(0, end).toString('utf8');
  const name = /;\s*name="([^"]*)"/i.exec(head)?.[1];
  if (name === undefined) return null;
  return {
    name,
    filename: /;\s*filename="([^"]*)"/i.exec(head)?.[1] ?? null,
    bytes: bytes.subarray(end + 4),
  };
}

export type ImageKind = 'jpg' | 'png' | 'gif' | 'bmp' | 'webp';

/** What a picture is by its first bytes; null: none that is known. */
export function imageKind(bytes: Buffer): ImageKind | null {
  const hex = bytes.subarray(0, 4).toString('hex');
  if (hex.startsWith('ffd8ff')) return 'jpg';
  if (hex === '89504e47') return 'png';
  if (hex === '47494638') return 'gif';
  if (hex.startsWith('424d')) return 'bmp';
  return bytes.subarray(8, 12).toString('latin1') === 'WEBP' ? 'webp' : null;
}
