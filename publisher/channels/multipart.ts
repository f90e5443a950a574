import { randomBytes } from 'node:crypto';

export type Part =
  { name: string; value: string } | { name: string; filename: string; mime: string; bytes: Buffer };

/** A body of `multipart/form-data` (RFC 7578), and the header that goes with it. */
export function multipart(parts: readonly Part[]): { body: Buffer; contentType: string } {
  const boundary = `----${randomBytes(16).toString('hex')}`;
  const chunks = parts.flatMap((part) => {
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${part.name}"`;
    if ('value' in part) return [Buffer.from(`${head}\r\n\r\n${part.value}\r\n`)];
    const file = `${head}; filename="${plainName(part.filename)}"\r\ncontent-type: ${part.mime}\r\n\r\n`;
    return [Buffer.from(file), part.bytes, Buffer.from('\r\n')];
  });
  const body = Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]);
  return { body, contentType: `multipart/form-data; boundary=${boundary}` };
}

/** Names are told to platforms in letters that every one of them reads; what a file is called here is nobody's business there. */
function plainName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '_').slice(-60);
}
