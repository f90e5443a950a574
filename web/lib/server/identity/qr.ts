import { encode } from 'uqr';

export type QrCode = { size: number; path: string };

/** A QR code as the path of an SVG, one unit for each module: nothing that a page's policy would have to allow. */
export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { size, path };
}
