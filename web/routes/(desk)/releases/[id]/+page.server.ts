import { error } from '@sveltejs/kit';
import { mediaOf } from '../../../../../publisher/releases/plain.ts';
import { handOversAbout } from '../../../../../store/hand-overs.ts';
import { mediaByIds } from '../../../../../store/media.ts';
import { releaseById } from '../../../../../store/releases.ts';
import { siteColumns } from '../../../../../store/site-columns.ts';
import { messages } from '../../../../lib/messages.ts';
import { isShared, may, mayIn, reading, acting } from '../../../../lib/server/desk.ts';
import { handOver } from '../../../../lib/server/hand-over.ts';
import { mediaInfo } from '../../../../lib/server/media-upload.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, parent, depends }) => {
  depends('live:hand-overs');
  const desk = reading(locals);
  const { db, person } = desk;
  const { release } = await parent();
  const { officeId } = release;
  const [media, columns, handOvers] = await Promise.all([
    mediaByIds(db, mediaOf(release)),
    siteColumns(db, officeId),
    handOversAbout(db, 'release', readId(params.id)),
  ]);
  // Cuts are made anew from the whole picture.
  const wholes = [...media.values()].flatMap(({ cropOf }) => (cropOf === null ? [] : [cropOf]));
  const all = new Map([...media, ...(await mediaByIds(db, wholes))]);
  return {
    media: [...all.values()].map(mediaInfo),
    columns: columns.map(({ key, name }) => ({ key, name })),
    handOvers,
    maySend: isShared(desk, officeId)
      ? may(person, 'hand-over-send')
      : mayIn(person, 'hand-over-send', officeId),
  };
};

export const actions: Actions = {
  handOver: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const release = await releaseById(desk.db, readId(params.id));
    if (!release) error(404, messages.errors.notFound);
    return handOver(desk, 'release', release.id, await request.formData());
  },
};
