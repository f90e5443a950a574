import { partsOf } from '../multipart.ts';
import type { Asked } from '../platform.ts';

/** The parameters of a call, wherever they stand: address, form, or form with a file. */
export function paramsOf(asked: Asked): URLSearchParams {
  const params = new URLSearchParams(asked.query);
  const type = asked.headers['content-type'] ?? '';
  const parts = partsOf(type, asked.bytes);
  for (const { name, filename, bytes } of parts ?? []) {
    if (filename === null) params.set(name, bytes.toString('utf8'));
  }
  if (!parts && asked.method === 'POST') {
    for (const [name, value] of new URLSearchParams(asked.body)) params.set(name, value);
  }
  return params;
}

/** A file of the call: null where there is none, or the call is no form with files. */
export function fileOf(asked: Asked, name: string): Buffer | null {
  const parts = partsOf(asked.headers['content-type'], asked.bytes) ?? [];
  return parts.find((part) => part.name === name && part.filename !== null)?.bytes ?? null;
}
