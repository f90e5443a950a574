import { MEDIA_PART, type Crop, type MediaInfo } from '../../config/media.ts';

export type UploadOptions = {
  name: string;
  alt?: string;
  /** The picture that this one was cut from, and where. */
  cropped?: { of: number; crop: Crop };
  /** Told after each piece: 0 to 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
};

/**
 * Sends a file for a release, piece by piece.
 * @param address of the release's files: `/releases/17/media`
 * @throws Error with a sentence for whoever sends it
 */
export async function uploadMedia(
  address: string,
  file: Blob,
  { name, alt = '', cropped, onProgress, signal }: UploadOptions,
): Promise<MediaInfo> {
  const parts = Math.max(1, Math.ceil(file.size / MEDIA_PART));
  const common = {
    ...{ upload: crypto.randomUUID(), parts: String(parts), name, alt },
    ...(cropped && { of: String(cropped.of), crop: JSON.stringify(cropped.crop) }),
  };
  for (let part = 0; ; part += 1) {
    const query = new URLSearchParams({ ...common, part: String(part) });
    const answer = await fetch(`${address}?${query}`, {
      method: 'POST',
      body: file.slice(part * MEDIA_PART, (part + 1) * MEDIA_PART),
      headers: { 'content-type': 'application/octet-stream' },
      signal: signal ?? null,
    });
    const said = (await answer.json().catch(() => null)) as (MediaInfo & { message?: string }) | null;
    if (!answer.ok || !said) throw new Error(said?.message ?? String(answer.status));
    onProgress?.((part + 1) / parts);
    if (answer.status === 201) return said;
    if (part + 1 >= parts) throw new Error(String(answer.status));
  }
}
