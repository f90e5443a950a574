import { editorMessages } from '../messages/editor.ts';
import type { MediaInfo } from './media.ts';

const words = editorMessages.media;

/** A part of a picture, in shares of the whole, and which picture it was cut from. */
export type Cut = { of: number; ratio: string; x1: number; y1: number; x2: number; y2: number };

/** A file on its way to the hub; afterwards what went wrong, until somebody has seen it. */
export class Upload {
  readonly name: string;
  percent = $state(0);
  problem = $state<string | null>(null);

  constructor(name: string) {
    this.name = name;
  }
}

/** Files of one release: those that the hub knows, and those on their way. */
export class Uploads {
  /** By id. */
  known = $state.raw<ReadonlyMap<number, MediaInfo>>(new Map());
  running = $state<Upload[]>([]);
  readonly #address: string;

  constructor(releaseId: number, media: readonly MediaInfo[]) {
    this.#address = `/releases/${releaseId}/media`;
    this.add(media);
  }

  add(media: readonly MediaInfo[]): void {
    this.known = new Map([...this.known, ...media.map((each) => [each.id, each] as const)]);
  }

  addressOf(id: number): string {
    return this.known.get(id)?.address ?? '';
  }

  /** Pictures of the release and of its office, the newest first. @throws when the hub does not answer with them */
  async list(): Promise<MediaInfo[]> {
    const answer = await fetch(this.#address);
    if (!answer.ok) throw new Error(`media: ${answer.status}`);
    const { media } = (await answer.json()) as { media: MediaInfo[] };
    this.add(media);
    return media;
  }

  /** @returns null when it did not arrive, which is then told in `running` */
  async send(file: File, cut: Cut | null = null): Promise<MediaInfo | null> {
    const upload = new Upload(file.name);
    this.running.push(upload);
    // The proxy that the list made of it, which tells the page of its changes.
    const shown = this.running.at(-1) ?? upload;
    const answer = await post(this.#addressFor(file, cut), file, (percent) => (shown.percent = percent));
    if ('problem' in answer) {
      shown.problem = answer.problem;
      return null;
    }
    this.dismiss(shown);
    this.add([answer]);
    return answer;
  }

  dismiss(upload: Upload): void {
    this.running = this.running.filter((each) => each !== upload);
  }

  #addressFor(file: File, cut: Cut | null): string {
    const query = new URLSearchParams({ name: file.name });
    if (cut) {
      const { of, ...crop } = cut;
      query.set('of', String(of));
      query.set('crop', JSON.stringify(crop));
    }
    return `${this.#address}?${query}`;
  }
}

/** By XMLHttpRequest: `fetch` does not tell how far an upload has come. */
function post(address: string, file: File, progress: (percent: number) => void) {
  return new Promise<MediaInfo | { problem: string }>((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.responseType = 'json';
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.setRequestHeader('accept', 'application/json');
    request.upload.onprogress = ({ loaded, total }) =>
      total > 0 && progress(Math.round((loaded / total) * 99));
    request.onerror = () => resolve({ problem: words.offline });
    request.onload = () => {
      const said: unknown = request.response;
      if (request.status === 201 && isMedia(said)) resolve(said);
      else resolve({ problem: messageOf(said) ?? words.refused });
    };
    request.send(file);
  });
}

function isMedia(said: unknown): said is MediaInfo {
  return typeof said === 'object' && said !== null && 'id' in said && 'address' in said;
}

/** What the hub says was wrong; null: it said nothing that people could read. */
export function messageOf(said: unknown): string | null {
  const has = typeof said === 'object' && said !== null && 'message' in said;
  return has && typeof said.message === 'string' && said.message !== '' ? said.message : null;
}
