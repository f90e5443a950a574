import { channelSettings } from '../../../config/channels.ts';
import type { OpenAccount, Outgoing, Request, Tools } from '../contract.ts';
import { articleOf, coverIdOf, picturesOf } from './article.ts';
import { paths } from './interface.ts';

const HIDDEN = '***';

/** What would be asked, in its order: token, pictures, cover, draft, reading back, submission. Asks nobody. */
export async function requests(
  account: OpenAccount,
  delivery: Outgoing,
  tools: Pick<Tools, 'media' | 'now'>,
): Promise<Request[]> {
  const settings = channelSettings.wechat.parse(account.settings);
  const json = { 'content-type': 'application/json; charset=utf-8' };
  const url = (path: string, query: Record<string, string> = { access_token: HIDDEN }) => {
    const address = new URL(path, settings.endpoint);
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    return address.href;
  };
  const post = (path: string, body: unknown): Request => ({
    ...{ method: 'POST', url: url(path), headers: json, body },
  });
  const upload = async (path: string, id: number, query: Record<string, string> = {}): Promise<Request> => {
    const media = await tools.media(id);
    const file = media && { name: media.name, mime: media.mime, bytes: media.bytes.length };
    const headers = { 'content-type': 'multipart/form-data' };
    const address = url(path, { ...query, access_token: HIDDEN });
    return { method: 'POST', url: address, headers, body: { media: file } };
  };
  const pictures = picturesOf(delivery.content);
  const coverId = coverIdOf(delivery.content);
  const told: Request[] = [
    {
      method: 'POST',
      url: url(paths.token, {}),
      headers: json,
      body: { grant_type: 'client_credential', appid: account.externalId, secret: HIDDEN },
    },
  ];
  for (const id of pictures) told.push(await upload(paths.uploadImage, id));
  if (coverId !== null) told.push(await upload(paths.addMaterial, coverId, { type: 'image' }));
  const article = articleOf(delivery, (id) => `{uploadimg:${id}}`, '{add_material}');
  told.push(post(paths.draftAdd, { articles: [article] }));
  told.push(post(paths.draftGet, { media_id: '{draft}' }));
  told.push(post(paths.submit, { media_id: '{draft}' }));
  return told;
}
