import { SvelteMap } from 'svelte/reactivity';
import type { MediaInfo } from '../../../config/media.ts';
import { sendParts, type Cut } from './upload-parts.ts';

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
  readonly known = new SvelteMap<number, MediaInfo>();
  running = $state<Upload[]>([]);
  readonly #address: string;

  constructor(releaseId: number, media: readonly MediaInfo[]) {
    this.#address = `/releases/${releaseId}/media`;
    this.add(media);
  }

  add(media: readonly MediaInfo[]): void {
    for (const each of media) this.known.set(each.id, each);
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
    const answer = await sendParts(this.#address, file, cut, (sent) => {
      // The last hundredth is the hub's own work.
      shown.percent = Math.min(Math.round((sent / Math.max(file.size, 1)) * 100), 99);
    });
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
}
