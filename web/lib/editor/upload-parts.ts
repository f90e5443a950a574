import { MEDIA_PART, type Crop, type MediaInfo } from '../../../config/media.ts';
import { editorMessages } from '../messages/editor.ts';

const words = editorMessages.media;

/** A part of a picture, in shares of the whole, and which picture it was cut from. */
export type Cut = Crop & { of: number };
export type Sent = MediaInfo | { problem: string };

/**
 * Sends a file in pieces, each of which the hub puts down before the next: it never holds a whole video.
 * @param address of the release's files
 * @param progress told how many bytes have left
 */
export async function sendParts(
  address: string,
  file: File,
  cut: Cut | null,
  progress: (sent: number) => void,
): Promise<Sent> {
  const parts = Math.max(Math.ceil(file.size / MEDIA_PART), 1);
  const query = new URLSearchParams({ name: file.name, upload: anyUuid(), parts: String(parts) });
  if (cut) {
    const { of, ...crop } = cut;
    query.set('of', String(of));
    query.set('crop', JSON.stringify(crop));
  }
  for (let part = 0; part < parts; part += 1) {
    query.set('part', String(part));
    const from = part * MEDIA_PART;
    const answer = await post(`${address}?${query}`, file.slice(from, from + MEDIA_PART), (sent) =>
      progress(from + sent),
    );
    if ('problem' in answer || 'id' in answer) return answer;
  }
  return { problem: words.refused };
}

/** By XMLHttpRequest: `fetch` does not tell how far an upload has come. */
function post(
  address: string,
  piece: Blob,
  progress: (sent: number) => void,
): Promise<Sent | { parts: number }> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.responseType = 'json';
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('accept', 'application/json');
    request.upload.onprogress = ({ loaded }) => progress(loaded);
    request.onerror = () => resolve({ problem: words.offline });
    request.onload = () => {
      const said: unknown = request.response;
      if (request.status === 201 && isMedia(said)) resolve(said);
      else if (request.status === 202) resolve({ parts: 0 });
      else resolve({ problem: messageOf(said) ?? words.refused });
    };
    request.send(piece);
  });
}

/** `crypto.randomUUID` is there on HTTPS only, and small offices have none within their house. */
function anyUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}

function isMedia(said: unknown): said is MediaInfo {
  return typeof said === 'object' && said !== null && 'id' in said && 'address' in said;
}

/** What the hub says was wrong; null: it said nothing that people could read. */
export function messageOf(said: unknown): string | null {
  const has = typeof said === 'object' && said !== null && 'message' in said;
  return has && typeof said.message === 'string' && said.message !== '' ? said.message : null;
}
